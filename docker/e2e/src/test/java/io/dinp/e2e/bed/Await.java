package io.dinp.e2e.bed;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for a condition with a deadline and says how long it took: the figures of the end-to-end tests come from here. */
public final class Await {
    private static final Duration STEP = Duration.ofMillis(10);

    private Await() {}

    /** Waits until the condition holds; the answer is the time that this took. */
    public static Duration until(Duration limit, String what, Callable<Boolean> condition) {
        return until(limit, what, condition, () -> "");
    }

    /**
     * Waits until the condition holds. A condition that throws an exception does not hold yet, and the last one is the cause of
     * the failure; an error ends the wait. A look that costs time is repeated after as long a pause, so that waiting leaves the
     * machine at least half to those that are waited for.
     *
     * @param state asked once when the deadline has passed, to say what was there instead
     */
    public static Duration until(Duration limit, String what, Callable<Boolean> condition, Supplier<String> state) {
        long start = System.nanoTime();
        Exception last = null;
        while (true) {
            long look = System.nanoTime();
            try {
                if (condition.call()) {
                    return since(start);
                }
                last = null;
            } catch (Exception e) {
                last = e;
            }
            if (since(start).compareTo(limit) > 0) {
                throw new AssertionError("not within " + limit.toMillis() + " ms: " + what + " " + state.get(), last);
            }
            LockSupport.parkNanos(Math.max(STEP.toNanos(), System.nanoTime() - look));
        }
    }

    /** Checks that something stays true for a while. */
    public static void holds(Duration span, String what, Callable<Boolean> condition) {
        long start = System.nanoTime();
        while (since(start).compareTo(span) < 0) {
            if (!ask(condition)) {
                throw new AssertionError("after " + since(start).toMillis() + " ms no longer true: " + what);
            }
            LockSupport.parkNanos(STEP.toNanos());
        }
    }

    /** The time since a reading of {@link System#nanoTime()}. */
    public static Duration since(long nanoTime) {
        return Duration.ofNanos(System.nanoTime() - nanoTime);
    }

    private static boolean ask(Callable<Boolean> condition) {
        try {
            return condition.call();
        } catch (Exception e) {
            throw new AssertionError("cannot be asked any more", e);
        }
    }
}
