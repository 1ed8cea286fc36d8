package io.dinp.server;

import io.dinp.common.daemon.Health;
import io.dinp.common.daemon.Pace;
import io.dinp.common.model.RouterLease;
import io.dinp.server.core.RouteChange;
import io.dinp.server.core.RoutePlanner;
import io.dinp.server.core.RouteTable;
import io.dinp.server.core.RouteView;
import io.dinp.server.redis.Routes;
import io.dinp.server.state.RouterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Keeps Redis as the planner wants it, on a thread of its own: a Redis that hangs delays routes and nothing else. It
 * also tells the planner what the routers have applied.
 */
final class RouteLoop implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RouteLoop.class);
    private static final Duration PACE = Duration.ofMillis(100);
    private static final long LOOK_MS = 1000;

    private final Routes store;
    private final RouterRegistry routers;
    private final Health health;
    private final LongSupplier clock;
    private final Runnable changed;
    private final Pace ticker;
    private volatile RouteView view = RouteView.unknown();
    private volatile RouteTable wanted;
    private volatile boolean hurry;
    private Set<String> routerIds = Set.of();
    private long lookedAt;
    private boolean doubtful = true;

    /**
     * Made, not started.
     *
     * @param changed told when the view has changed in a way that may let a plan go on
     */
    RouteLoop(
            Routes store,
            RouterRegistry routers,
            Health health,
            LongSupplier clock,
            Runnable changed,
            Pace.Maker pace) {
        this.store = store;
        this.routers = routers;
        this.health = health;
        this.clock = clock;
        this.changed = changed;
        this.ticker = pace.make("routes", PACE, this::tick);
    }

    void start() {
        ticker.start();
    }

    RouteView view() {
        return view;
    }

    /**
     * Takes the table that Redis shall hold.
     *
     * @param awaitsRouters a plan waits for a router's word: look often
     */
    void want(RouteTable table, boolean awaitsRouters) {
        boolean news = !table.equals(wanted);
        wanted = table;
        hurry = awaitsRouters;
        if (news) {
            ticker.signal();
        }
    }

    private void tick() {
        try {
            if (doubtful) {
                read();
            }
            look();
            write();
            health.ok("redis");
        } catch (JedisException e) {
            doubtful = true;
            health.problem("redis", "does not answer: " + e.getMessage());
            if (view.reachable()) {
                publish(view.away(), true);
            }
        }
    }

    private void read() {
        Routes.Found found = store.read();
        doubtful = false;
        log.info(
                "routes read epoch={} version={} apps={}",
                found.epoch(),
                found.version(),
                found.table().apps().size());
        publish(view.read(found.epoch(), found.version(), found.table(), clock.getAsLong()), true);
    }

    /** Looks whether Redis is still the same, and what the routers have applied. */
    private void look() {
        long now = clock.getAsLong();
        boolean due = now - lookedAt >= LOOK_MS || now < lookedAt;
        if (due) {
            lookedAt = now;
            routerIds = store.routers();
            if (!store.epoch().equals(view.epoch())) {
                log.warn("redis has lost its data or was replaced: reading and writing everything again");
                read();
            }
        }
        if (due || hurry) {
            Map<String, RouterLease> leases = store.leases(routerIds);
            routers.seen(leases.keySet(), now);
            boolean news = !applied(leases).equals(applied(view.leases()));
            publish(view.withLeases(leases), news || hurry);
        }
    }

    /** The part of the leases that a plan may wait for. */
    private static Map<String, String> applied(Map<String, RouterLease> leases) {
        Map<String, String> texts = new HashMap<>();
        leases.forEach((id, lease) -> texts.put(id, lease.epoch() + " " + lease.version()));
        return texts;
    }

    private void write() {
        RouteTable target = wanted;
        if (target == null || (target.equals(view.table()) && !view.epoch().isEmpty())) {
            return;
        }
        RouteChange change = RoutePlanner.diff(view.table(), target);
        Routes.Written written = store.write(change, view.epoch());
        if (written instanceof Routes.Written.Version version) {
            log.info("routes written version={} {}", version.version(), change.summary());
            publish(view.written(version.epoch(), version.version(), target, clock.getAsLong()), true);
        } else {
            doubtful = true;
            ticker.signal();
        }
    }

    private void publish(RouteView next, boolean tell) {
        view = next;
        if (tell) {
            changed.run();
        }
    }

    @Override
    public void close() {
        ticker.close();
    }
}
