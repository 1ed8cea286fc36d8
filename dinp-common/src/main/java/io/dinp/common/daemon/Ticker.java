package io.dinp.common.daemon;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A loop on a thread of its own: ticks at an interval and at once when signalled. Signals that come during a tick make one
 * more tick, however many they are; a tick that throws is logged and the loop goes on.
 */
public final class Ticker implements Pace {
    private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

    private final String name;
    private final long intervalNanos;
    private final Runnable tick;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wake = lock.newCondition();
    private long waitNanos;
    private boolean signalled;
    private boolean stopped;

    /** A loop that does not run yet. */
    public Ticker(String name, Duration interval, Runnable tick) {
        this.name = name;
        this.intervalNanos = interval.toNanos();
        this.waitNanos = intervalNanos;
        this.tick = tick;
        this.thread = new Thread(this::run, name);
        this.thread.setDaemon(true);
    }

    @Override
    public void start() {
        thread.start();
    }

    @Override
    public void nextWithin(Duration wait) {
        lock.lock();
        try {
            waitNanos = Math.min(intervalNanos, wait.toNanos());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void signal() {
        lock.lock();
        try {
            signalled = true;
            wake.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        while (!isStopped()) {
            try {
                tick.run();
            } catch (RuntimeException | Error e) {
                LOG.error("the loop {} failed and goes on", name, e);
            }
            try {
                await();
            } catch (InterruptedException e) {
                // Left over from the tick; the end of the loop is told by its own flag.
                LOG.debug("the loop {} was interrupted and goes on", name, e);
            }
        }
    }

    private boolean isStopped() {
        lock.lock();
        try {
            return stopped;
        } finally {
            lock.unlock();
        }
    }

    private void await() throws InterruptedException {
        lock.lock();
        try {
            long left = waitNanos;
            waitNanos = intervalNanos;
            while (!signalled && !stopped && left > 0) {
                left = wake.awaitNanos(left);
            }
            signalled = false;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the loop; a tick under way has five seconds to end before it is interrupted. */
    @Override
    public void close() {
        lock.lock();
        try {
            stopped = true;
            wake.signal();
        } finally {
            lock.unlock();
        }
        try {
            if (thread != Thread.currentThread() && thread.isAlive()) {
                TimeUnit.NANOSECONDS.timedJoin(thread, STOP_LIMIT.toNanos());
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
