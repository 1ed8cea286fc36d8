package io.dinp.common.daemon;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for something that a daemon cannot do without, for as long as it takes. */
public final class Retry {
    private Retry() {}

    /**
     * Tries until it succeeds; says the first failure in the log and all of them in {@code /health}.
     *
     * @param what the part's name in {@code /health}
     * @throws InterruptedException when the daemon is stopped meanwhile
     */
    public static <T> T until(String what, Health health, Duration pause, Callable<T> attempt)
            throws InterruptedException {
        while (true) {
            try {
                T result = attempt.call();
                health.ok(what);
                return result;
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                health.problem(what, String.valueOf(e.getMessage()));
            }
            Thread.sleep(pause.toMillis());
        }
    }
}
