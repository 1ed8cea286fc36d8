package io.dinp.e2e;

import io.dinp.e2e.bed.TestBed;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The beds that are up. There are as many as classes run at once (see {@code junit-platform.properties}); the next is brought up
 * when a class finds none free.
 */
final class Beds implements AutoCloseable {
    private final Deque<TestBed> free = new ArrayDeque<>();
    private final Deque<Integer> numbers = new ArrayDeque<>(List.of(1, 2, 3, 4, 5));

    TestBed take() {
        int number;
        synchronized (this) {
            if (!free.isEmpty()) {
                return free.pop();
            }
            number = numbers.pop();
        }
        // Outside the lock: two beds come up at the same time.
        try {
            return TestBed.up(number);
        } catch (RuntimeException | Error e) {
            giveBack(number);
            throw e;
        }
    }

    synchronized void giveBack(TestBed bed) {
        free.push(bed);
    }

    private synchronized void giveBack(int number) {
        numbers.push(number);
    }

    @Override
    public synchronized void close() {
        free.forEach(TestBed::close);
        free.clear();
    }
}
