package io.dinp.agent.instances;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Lets only so many at an engine at once: one that has fifty containers to start at the same time is slow for all of them, and for
 * the removals and beats between.
 */
final class Turns {
    private static final long LOOK_MILLIS = 1000;

    private final Semaphore free;

    Turns(int most) {
        free = new Semaphore(most, true);
    }

    /**
     * Waits for a turn, behind those that came before; once a second it is looked whether it is wanted still. Each turn is given back by
     * {@link #end}.
     *
     * @return false when it is not wanted any more
     */
    boolean begin(BooleanSupplier wanted) throws InterruptedException {
        while (wanted.getAsBoolean()) {
            if (free.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                return true;
            }
        }
        return false;
    }

    void end() {
        free.release();
    }
}
