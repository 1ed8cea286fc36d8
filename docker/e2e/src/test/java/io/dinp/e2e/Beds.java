package io.dinp.e2e;

import io.dinp.e2e.bed.Shape;
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

    /** A bed that has at least this shape. */
    TestBed take(Shape shape) {
        TestBed bed = freeOrNew(shape);
        try {
            bed.grow(shape);
            return bed;
        } catch (RuntimeException | Error e) {
            bed.close();
            throw e;
        }
    }

    private TestBed freeOrNew(Shape shape) {
        int number;
        synchronized (this) {
            if (!free.isEmpty()) {
                TestBed bed = free.stream()
                        .filter(one -> one.shape().covers(shape))
                        .findFirst()
                        .orElse(free.peek());
                free.remove(bed);
                return bed;
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
