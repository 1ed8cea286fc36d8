package io.dinp.router;

import io.dinp.common.daemon.Daemon;
import io.dinp.common.daemon.Health;
import io.dinp.common.model.RouterLease;
import io.dinp.router.core.ReadPlan;
import io.dinp.router.core.TableState;
import io.dinp.router.netty.RouterServer;
import io.dinp.router.redis.LeaseStore;
import io.dinp.router.redis.RouteReader;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Keeps the table in step with Redis and says there what is applied.
 *
 * <p>All of it on one thread, so that a lease never names a table that some event loop does not use yet: the server stops instances on
 * the strength of it.
 */
public final class RouterLoop {
    private static final Logger log = LoggerFactory.getLogger(RouterLoop.class);
    private static final Duration FULL_READ = Duration.ofSeconds(60);
    private static final String REDIS = "redis";
    private static final String ROUTES = "routes";

    private final RouteReader reader;
    private final RouterServer server;
    private final LeaseStore leases;
    private final Health health;
    private final Duration interval;
    private final AtomicBoolean notified = new AtomicBoolean();
    private volatile TableState applied = TableState.NOTHING;
    private long nextLook = System.nanoTime();
    private long nextFullRead = System.nanoTime();

    /** @param interval how often Redis is looked at without a notification */
    public RouterLoop(RouteReader reader, RouterServer server, LeaseStore leases, Health health, Duration interval) {
        this.reader = reader;
        this.server = server;
        this.leases = leases;
        this.health = health;
        this.interval = interval;
    }

    /** Something has changed in Redis; the next tick looks. Callable from any thread. */
    public void changed() {
        notified.set(true);
    }

    /** What the router serves by. */
    public TableState applied() {
        return applied;
    }

    /** Looks at Redis when it is time or something was notified, applies what is new, and acknowledges. */
    public void tick() {
        try {
            if (isLookDue()) {
                look();
            }
            acknowledge();
            health.ok(REDIS);
        } catch (JedisException e) {
            nextLook = System.nanoTime();
            health.problem(REDIS, "keeping " + applied.table() + ": " + e.getMessage());
        }
    }

    private boolean isLookDue() {
        return notified.getAndSet(false) || System.nanoTime() - nextLook >= 0;
    }

    /**
     * Reads and applies.
     *
     * @throws JedisException when Redis is away
     */
    public void look() {
        long now = System.nanoTime();
        RouteReader.Reading reading = reader.read(applied, now - nextFullRead >= 0);
        nextLook = now + interval.toNanos();
        if (reading.plan() == ReadPlan.HOLD) {
            health.problem(
                    ROUTES, "Redis has lost its data; keeping " + applied.table() + " until the server has written");
            return;
        }
        health.ok(ROUTES);
        if (reading.plan() == ReadPlan.EVERYTHING) {
            nextFullRead = now + FULL_READ.toNanos();
        }
        apply(reading.state());
    }

    private void apply(TableState next) {
        if (!next.table().equals(applied.table())) {
            server.install(next.table());
            log.info("routes applied epoch={} version={}: {}", next.epoch(), next.version(), next.table());
        }
        applied = next;
    }

    private void acknowledge() {
        Map<String, Integer> inFlight = new TreeMap<>();
        server.inFlight().forEach((endpoint, count) -> inFlight.put(endpoint.toString(), count));
        TableState state = applied;
        leases.write(new RouterLease(
                state.epoch(), state.version(), inFlight, System.currentTimeMillis(), Daemon.version()));
    }
}
