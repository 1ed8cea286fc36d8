package io.dinp.uic.core;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Slows down the guessing of passwords: so many failures within a window for one key, then refused until the window has
 * passed. Bounded: the key least recently touched is forgotten first.
 */
public final class LoginLimiter {
    private record Failures(int count, long sinceNanos) {}

    private final int limit;
    private final long windowNanos;
    private final Map<String, Failures> failures;

    /**
     * A limiter.
     *
     * @param limit failures of one key that are allowed
     * @param window after which they are forgotten, counted from the first
     * @param keys how many keys are remembered
     */
    public LoginLimiter(int limit, Duration window, int keys) {
        this.limit = limit;
        this.windowNanos = window.toNanos();
        this.failures = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
                return size() > keys;
            }
        };
    }

    /** Whether {@code key} may try at {@code nowNanos}. */
    public synchronized boolean allows(String key, long nowNanos) {
        Failures known = failures.get(key);
        return known == null || nowNanos - known.sinceNanos() >= windowNanos || known.count() < limit;
    }

    /** Counts a failure of {@code key}. */
    public synchronized void failed(String key, long nowNanos) {
        failures.merge(
                key,
                new Failures(1, nowNanos),
                (known, first) -> nowNanos - known.sinceNanos() >= windowNanos
                        ? first
                        : new Failures(known.count() + 1, known.sinceNanos()));
    }

    /** Forgets the failures of {@code key}, after a success. */
    public synchronized void succeeded(String key) {
        failures.remove(key);
    }
}
