package io.dinp.server.sim;

import io.dinp.common.daemon.Pace;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A process of the server: its clock and its loops. Killing it ends all of them in the middle of whatever they do, which the
 * world notices at once and the process never.
 */
final class Life {

    private final Timeline time;
    private final long skewMs;
    private long clock;
    private boolean dead;

    /** Thrown through the loops of a process that has been killed while it waited. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1;

        Killed() {
            super("killed", null, false, false);
        }
    }

    /** A process that begins now, on a machine whose clock is wrong by so much. */
    Life(Timeline time, long skewMs) {
        this.time = time;
        this.skewMs = skewMs;
    }

    void kill() {
        dead = true;
    }

    boolean isDead() {
        return dead;
    }

    /** Epoch ms as this process sees them; no value comes twice, as with the server's own clock. */
    LongSupplier clock() {
        return () -> clock = Math.max(clock + 1, time.now() + skewMs);
    }

    /** Lets time pass for a call of this process that has to wait. */
    void await(long ms) {
        if (ms > 0) {
            time.pass(ms);
        }
        if (dead) {
            throw new Killed();
        }
    }

    /** Does something later, unless the process has ended by then. */
    void after(long ms, Runnable work) {
        time.after(ms, () -> {
            if (!dead) {
                work.run();
            }
        });
    }

    /** A loop of this process. */
    Pace pace(String name, Duration interval, Runnable tick) {
        return new Loop(interval.toMillis(), tick);
    }

    /** A loop as {@link io.dinp.common.daemon.Ticker} is one, without a thread. */
    private final class Loop implements Pace {
        private final long intervalMs;
        private final Runnable tick;
        private long waitMs;
        private long turn;
        private long nextAt = Long.MAX_VALUE;
        private boolean running;
        private boolean signalled;
        private boolean closed;

        Loop(long intervalMs, Runnable tick) {
            this.intervalMs = intervalMs;
            this.tick = tick;
        }

        @Override
        public void start() {
            schedule(0);
        }

        @Override
        public void signal() {
            if (running) {
                signalled = true;
            } else if (nextAt > time.now() + 1 && nextAt < Long.MAX_VALUE) {
                schedule(1);
            }
        }

        @Override
        public void nextWithin(Duration wait) {
            waitMs = Math.min(intervalMs, wait.toMillis());
        }

        @Override
        public void close() {
            closed = true;
        }

        private void schedule(long ms) {
            long mine = ++turn;
            nextAt = time.now() + ms;
            Life.this.after(ms, () -> {
                if (mine == turn && !closed) {
                    run();
                }
            });
        }

        private void run() {
            running = true;
            waitMs = intervalMs;
            try {
                tick.run();
            } catch (Killed e) {
                return;
            }
            running = false;
            boolean again = signalled;
            signalled = false;
            schedule(again ? 1 : waitMs);
        }
    }
}
