package io.dinp.agent.docker;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Lets all who want the same thing at the same time share one pull of it: ten instances of a fresh revision ask the registry
 * once. Different pulls are bounded, the others wait in line. A pull ends early only when the last one who wants it has gone;
 * who asks after its end begins another.
 */
final class SharedPulls<K, V> implements AutoCloseable {
    private static final int MOST_WAITING = 1000;
    private static final int IDLE_SECONDS = 10;
    private static final Duration CANCEL_CHECK = Duration.ofMillis(100);

    /** How a thing is had, on a thread of its own. */
    interface Source<K, V> {
        V pull(K key, BooleanSupplier abandoned) throws DockerAway, DockerRefused, InterruptedException;
    }

    private final Source<K, V> source;
    private final ThreadPoolExecutor threads;
    private final Map<K, Pull> pulls = new HashMap<>();

    SharedPulls(int atOnce, Source<K, V> source) {
        this.source = source;
        AtomicInteger number = new AtomicInteger();
        this.threads = new ThreadPoolExecutor(
                atOnce, atOnce, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MOST_WAITING), work -> {
                    Thread thread = new Thread(work, "pull-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Waits for the thing.
     *
     * @param cancelled looked at while it waits: then this caller has it no more, and the others go on
     */
    V get(K key, BooleanSupplier cancelled) throws DockerAway, DockerRefused, InterruptedException {
        Pull pull = join(key);
        try {
            while (!pull.ended.await(CANCEL_CHECK.toMillis(), TimeUnit.MILLISECONDS)) {
                if (cancelled.getAsBoolean()) {
                    throw new DockerRefused(0, "pull " + key + ": cancelled", null);
                }
            }
            return pull.outcome();
        } finally {
            leave(pull);
        }
    }

    /** How many want it now. */
    synchronized int wanters(K key) {
        Pull pull = pulls.get(key);
        return pull == null ? 0 : pull.wanters;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private synchronized Pull join(K key) throws DockerRefused {
        Pull pull = pulls.get(key);
        if (pull == null) {
            pull = new Pull(key);
            try {
                threads.execute(pull);
            } catch (RejectedExecutionException e) {
                throw new DockerRefused(0, "pull " + key + ": " + MOST_WAITING + " others wait or the agent stops", e);
            }
            pulls.put(key, pull);
        }
        pull.wanters++;
        return pull;
    }

    private synchronized void leave(Pull pull) {
        pull.wanters--;
        if (pull.wanters == 0) {
            pull.abandoned = true;
            pulls.remove(pull.key, pull);
            threads.remove(pull);
        }
    }

    private synchronized void ended(Pull pull) {
        pulls.remove(pull.key, pull);
        pull.ended.countDown();
    }

    /** One pull with all who wait for it. */
    private final class Pull implements Runnable {
        private final K key;
        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile boolean abandoned;
        private int wanters;
        private V value;
        private Exception failure;

        Pull(K key) {
            this.key = key;
        }

        @Override
        public void run() {
            try {
                value = source.pull(key, () -> abandoned);
            } catch (InterruptedException e) {
                failure = new DockerRefused(0, "pull " + key + ": the agent stops", e);
                Thread.currentThread().interrupt();
            } catch (DockerAway | DockerRefused | RuntimeException e) {
                failure = e;
            } finally {
                ended(this);
            }
        }

        V outcome() throws DockerAway, DockerRefused {
            if (failure instanceof DockerAway away) {
                throw away;
            }
            if (failure instanceof DockerRefused refused) {
                throw refused;
            }
            if (failure != null) {
                throw new DockerRefused(0, "pull " + key + ": " + failure, failure);
            }
            return value;
        }
    }
}
