package io.dinp.server;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Epoch milliseconds that never jump: the wall clock is read once, then only elapsed time counts, and no value comes
 * twice. A corrected system clock so never makes all nodes look silent.
 */
final class SteadyClock implements LongSupplier {

    private final long wallAtStart = System.currentTimeMillis();
    private final long nanosAtStart = System.nanoTime();
    private final AtomicLong last = new AtomicLong();

    @Override
    public long getAsLong() {
        long now = wallAtStart + (System.nanoTime() - nanosAtStart) / 1_000_000;
        return last.updateAndGet(before -> Math.max(before + 1, now));
    }
}
