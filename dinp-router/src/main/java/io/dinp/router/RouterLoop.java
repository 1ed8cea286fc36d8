package io.dinp.router;

import io.dinp.common.daemon.Daemon;
import io.dinp.common.daemon.Health;
import io.dinp.common.model.RouterLease;
import io.dinp.router.core.ReadPlan;
import io.dinp.router.core.StoredTable;
import io.dinp.router.core.TableState;
import io.dinp.router.disk.TableFile;
import io.dinp.router.netty.RouterServer;
import io.dinp.router.redis.LeaseStore;
import io.dinp.router.redis.RouteReader;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
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
    private static final Duration ACKNOWLEDGED_EACH = Duration.ofSeconds(1);
    private static final String REDIS = "redis";
    private static final String ROUTES = "routes";
    private static final String DISK = "state_dir";

    private final RouteReader reader;
    private final RouterServer server;
    private final LeaseStore leases;
    private final TableFile file;
    private final Health health;
    private final Duration interval;
    private final AtomicBoolean notified = new AtomicBoolean();
    private volatile TableState applied = TableState.NOTHING;
    private volatile boolean stale = true;
    private long nextLook = System.nanoTime();
    private long nextFullRead = System.nanoTime();
    private long nextAcknowledgement = System.nanoTime();
    private boolean unsure;

    /** @param interval how often Redis is looked at without a notification */
    public RouterLoop(
            RouteReader reader,
            RouterServer server,
            LeaseStore leases,
            TableFile file,
            Health health,
            Duration interval) {
        this.reader = reader;
        this.server = server;
        this.leases = leases;
        this.file = file;
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

    /** Whether that cannot be held against Redis now. */
    public boolean isStale() {
        return stale;
    }

    /**
     * Gets the first table: from Redis, or from disk when Redis is away or has nothing at all, or was put back to what it was before
     * the table on disk: then the lease with the later version tells the server, which gives Redis another epoch.
     *
     * @throws RuntimeException when there is none; a {@link JedisException} when Redis is away
     */
    public void begin() {
        // Before Redis is asked: what a predecessor that still runs applies later proves nothing.
        Optional<StoredTable> kept = file.load();
        Optional<RuntimeException> failure = Optional.empty();
        try {
            look();
            if (stale) {
                failure = Optional.of(new IllegalStateException(
                        "Redis has lost its data or was put back, and the server has not written yet"));
            }
        } catch (JedisException e) {
            failure = Optional.of(e);
        }
        boolean known = failure.isEmpty() && !isNothing(applied);
        kept.filter(stored -> !known || stored.state().isLaterThan(applied)).ifPresent(this::adopt);
        if (failure.isPresent() && isNothing(applied)) {
            throw failure.get();
        }
    }

    private static boolean isNothing(TableState state) {
        return state.epoch().isEmpty() && state.table().isEmpty();
    }

    private void adopt(StoredTable stored) {
        stale = true;
        unsure = true;
        server.install(stored.state().table());
        applied = stored.state();
        log.info(
                "serving by the table on disk epoch={} version={}: {}",
                applied.epoch(),
                applied.version(),
                applied.table());
        health.problem(
                ROUTES,
                "serving by the table that was kept on disk at " + Instant.ofEpochMilli(stored.atMillis()) + ", "
                        + applied.table());
    }

    /** Looks at Redis when it is time or something was notified, applies what is new, and acknowledges. */
    public void tick() {
        try {
            round();
            if (isAuditDue()) {
                nextFullRead = System.nanoTime() + FULL_READ.toNanos();
                reader.beginAudit();
            }
            while (reader.isAuditing() && !Thread.currentThread().isInterrupted()) {
                apply(reader.audit(applied));
                if (notified.get() || System.nanoTime() - nextAcknowledgement >= 0) {
                    round();
                }
            }
        } catch (JedisException e) {
            reader.endAudit();
            stale = true;
            nextLook = System.nanoTime();
            health.problem(REDIS, "keeping " + applied.table() + ": " + e.getMessage());
        } catch (IOException e) {
            health.problem(DISK, "the table on disk would be older than what is acknowledged, so nothing is: " + e);
        }
    }

    private void round() throws IOException {
        if (isLookDue()) {
            look();
        }
        if (!stale) {
            file.claim();
        }
        file.secure();
        acknowledge();
        health.ok(REDIS);
        health.ok(DISK);
    }

    private boolean isAuditDue() {
        return !stale && !applied.epoch().isEmpty() && System.nanoTime() - nextFullRead >= 0;
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
        RouteReader.Reading reading = reader.read(applied, unsure);
        nextLook = now + interval.toNanos();
        if (reading.plan() == ReadPlan.HOLD) {
            stale = true;
            health.problem(
                    ROUTES,
                    "Redis has lost its data or was put back; keeping " + applied.table()
                            + " until the server has written");
            return;
        }
        health.ok(ROUTES);
        stale = false;
        if (reading.plan() == ReadPlan.EVERYTHING) {
            unsure = false;
            reader.endAudit();
            nextFullRead = now + FULL_READ.toNanos();
        }
        apply(reading.state());
    }

    private void apply(TableState next) {
        TableState before = applied;
        if (next.table() != before.table()) {
            server.install(next.table());
            log.info("routes applied epoch={} version={}: {}", next.epoch(), next.version(), next.table());
        }
        applied = next;
        file.applied(next, next.table().since(before.table()));
    }

    private void acknowledge() {
        Map<String, Integer> inFlight = new TreeMap<>();
        server.inFlight().forEach((endpoint, count) -> inFlight.put(endpoint.toString(), count));
        TableState state = applied;
        nextAcknowledgement = System.nanoTime() + ACKNOWLEDGED_EACH.toNanos();
        leases.write(new RouterLease(
                state.epoch(), state.version(), inFlight, System.currentTimeMillis(), Daemon.version()));
        file.acknowledged();
    }
}
