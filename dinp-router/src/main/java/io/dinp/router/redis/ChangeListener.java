package io.dinp.router.redis;

import io.dinp.common.model.RouteKeys;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Hears of changes by subscription.
 *
 * <p>A subscription that was down has lost messages, so each new one reports a change. One that went dead without a word (a frozen Redis,
 * a cut network) is found by asking for a sign of life at each {@link #check}, and replaced.
 */
public final class ChangeListener implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ChangeListener.class);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final RedisLink link;
    private final Runnable changed;
    private final Duration pause;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "redis-changes");
    private volatile Subscription subscription;

    /**
     * @param changed called on the listener's thread for each message and each new subscription; must return at once
     * @param pause between two attempts to subscribe
     */
    public ChangeListener(RedisLink link, Runnable changed, Duration pause) {
        this.link = link;
        this.changed = changed;
        this.pause = pause;
    }

    public void start() {
        thread.setDaemon(true);
        thread.start();
    }

    /** Asks the present subscription for a sign of life, and gives it up when the last one has not come. */
    public void check() {
        Subscription present = subscription;
        if (present != null) {
            present.check();
        }
    }

    private void run() {
        boolean quiet = false;
        while (!isStopped(Duration.ZERO)) {
            try (Jedis jedis = link.open()) {
                Subscription next = new Subscription(jedis);
                subscription = next;
                jedis.subscribe(next, RouteKeys.META_NOTIFY);
                quiet = false;
            } catch (JedisException e) {
                if (!quiet && stopped.getCount() > 0) {
                    log.warn("no notifications of route changes redis={} reason={}", link, e.getMessage());
                }
                quiet = true;
            } finally {
                subscription = null;
            }
            isStopped(pause);
        }
    }

    private boolean isStopped(Duration wait) {
        try {
            return stopped.await(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    @Override
    public void close() {
        stopped.countDown();
        Subscription present = subscription;
        if (present != null) {
            present.disconnect();
        }
    }

    private final class Subscription extends JedisPubSub {
        private final Jedis jedis;
        private volatile boolean ready;
        /** Since when an answer is awaited; 0 when none is. The first one is that to the subscription itself. */
        private volatile long askedSince = System.nanoTime();

        Subscription(Jedis jedis) {
            this.jedis = jedis;
        }

        @Override
        public void onSubscribe(String channel, int subscribedChannels) {
            ready = true;
            askedSince = 0;
            log.info("subscribed to route changes redis={}", link);
            changed.run();
        }

        @Override
        public void onMessage(String channel, String message) {
            askedSince = 0;
            changed.run();
        }

        @Override
        public void onPong(String pattern) {
            askedSince = 0;
        }

        void check() {
            long asked = askedSince;
            if (asked != 0 && System.nanoTime() - asked > PATIENCE_NANOS) {
                disconnect();
            } else if (ready && asked == 0) {
                ask();
            }
        }

        private void ask() {
            askedSince = System.nanoTime();
            try {
                ping();
            } catch (JedisException e) {
                log.debug("subscription cannot be asked for a sign of life: {}", e.getMessage());
                disconnect();
            }
        }

        void disconnect() {
            try {
                jedis.getConnection().forceDisconnect();
            } catch (IOException e) {
                log.debug("subscription was closed already: {}", e.getMessage());
            }
        }
    }
}
