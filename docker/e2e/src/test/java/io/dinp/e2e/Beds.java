package io.dinp.e2e;

import io.dinp.e2e.bed.TestBed;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The beds that are up. There are as many as classes run at once (see {@code junit-platform.properties}); the next is brought up
 * when a class finds none free.
 */
final class Beds implements AutoCloseable {
    private final Deque<TestBed> free = new ArrayDeque<>();
    private int numbers;

    TestBed take() {
        int number;
        synchronized (this) {
            if (!free.isEmpty()) {
                return free.pop();
            }
            number = ++numbers;
        }
        // Outside the lock: two beds come up at the same time.
        return TestBed.up(number);
    }

    synchronized void giveBack(TestBed bed) {
        free.push(bed);
    }

    @Override
    public synchronized void close() {
        free.forEach(TestBed::close);
        free.clear();
    }
}
