package io.dinp.common.daemon;

import java.time.Duration;

/** What makes a loop tick: a thread of its own in a daemon, a clock that is moved by hand in a simulation. */
public interface Pace extends AutoCloseable {

    /** Starts with a first tick at once. */
    void start();

    /** Asks for a tick now, or for one more when one is running. */
    void signal();

    /**
     * Has the next tick come after this time at the latest, when that is sooner than the interval. Called by the tick, and
     * forgotten with the next one.
     */
    void nextWithin(Duration wait);

    /** Ends the loop. */
    @Override
    void close();

    /** Makes loops that do not run yet. */
    interface Maker {

        /** A loop that ticks at an interval. */
        Pace make(String name, Duration interval, Runnable tick);
    }
}
