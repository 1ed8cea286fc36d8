package io.dinp.server;

import io.dinp.common.daemon.Health;
import io.dinp.common.daemon.Pace;
import io.dinp.common.model.RouterLease;
import io.dinp.server.core.RouteChange;
import io.dinp.server.core.RoutePlanner;
import io.dinp.server.core.RouteTable;
import io.dinp.server.core.RouteView;
import io.dinp.server.core.Stamp;
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
    private volatile Wanted wanted;
    private volatile boolean hurry;
    private Set<String> routerIds = Set.of();
    private long lookedAt;
    private boolean doubtful = true;
    /** The epoch of a Redis that was put back to what it was before; empty when it was not. */
    private String setBack = "";

    /** The table that Redis shall hold, and the full read that it was planned on. */
    private record Wanted(RouteTable table, Stamp basis) {}

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
     * @param basis the view that it was planned from: a table planned before a full read says nothing about what was found
     * @param awaitsRouters a plan waits for a router's word: look often
     */
    void want(RouteTable table, RouteView basis, boolean awaitsRouters) {
        Wanted before = wanted;
        wanted = new Wanted(table, basis.baseline());
        hurry = awaitsRouters;
        if (!wanted.equals(before)) {
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
        Routes.Mark mark = found.mark();
        routerIds = store.routers();
        notice(mark, store.leases(routerIds));
        if (!mark.epoch().isEmpty()) {
            // A write that was given up and is still on its way finds another version from now on, and is refused.
            Routes.Written fence = isSetBack() ? store.withdraw(mark) : store.write(RouteChange.none(), mark, false);
            if (!(fence instanceof Routes.Written.Done done)) {
                ticker.signal();
                return;
            }
            mark = done.mark();
        }
        doubtful = false;
        // Before anything is written the routers are asked whether they know a later table.
        lookedAt = 0;
        log.info(
                "routes read epoch={} version={} apps={}",
                mark.epoch(),
                mark.version(),
                found.table().apps().size());
        // What the routers said before Redis was away is not true any more.
        long now = clock.getAsLong();
        view = view.read(mark.epoch(), mark.version(), found.mark().version(), found.table(), now);
        publish(withLeases(leases(now)), true);
    }

    /**
     * Notices by a router with a later table, or because somebody else has noticed and said so, that Redis was put back to what it was
     * before. It stays known until another epoch is written, here and by the version that is {@link Routes#withdraw withdrawn}: one that went on from the
     * earlier one would get to where the routers are, and they would take it for theirs.
     *
     * @param found what Redis says of itself, before anything is written to it
     */
    private void notice(Routes.Mark found, Map<String, RouterLease> leases) {
        boolean withdrawn = !found.epoch().isEmpty() && found.version() == 0;
        boolean behind = withdrawn
                || leases.values().stream()
                        .anyMatch(lease -> RouteView.isBehind(lease, found.epoch(), found.version()));
        if (behind || !found.epoch().equals(setBack)) {
            setBack = behind ? found.epoch() : "";
        }
    }

    private boolean isSetBack() {
        return !setBack.isEmpty();
    }

    private RouteView withLeases(Map<String, RouterLease> leases) {
        return isSetBack() ? view.withLeasesOfBefore(leases) : view.withLeases(leases);
    }

    /** Looks whether Redis is still the same, and what the routers have applied. */
    private void look() {
        long now = clock.getAsLong();
        boolean due = now - lookedAt >= LOOK_MS || now < lookedAt;
        if (due) {
            routerIds = store.routers();
            if (!store.mark().equals(new Routes.Mark(view.epoch(), view.version()))) {
                log.warn("redis is not what it was: reading and writing everything again");
                doubtful = true;
                read();
            }
            lookedAt = now;
        }
        if (due || hurry) {
            Map<String, RouterLease> leases = leases(now);
            notice(new Routes.Mark(view.epoch(), view.version()), leases);
            if (isSetBack() && view.version() > 0) {
                doubtful = true;
                ticker.signal();
            }
            RouteView next = withLeases(leases);
            boolean news = !applied(next.leases()).equals(applied(view.leases()));
            publish(next, news || hurry);
        }
    }

    private Map<String, RouterLease> leases(long now) {
        Map<String, RouterLease> leases = store.leases(routerIds);
        routers.seen(leases.keySet(), now);
        return leases;
    }

    /** The part of the leases that a plan may wait for. */
    private static Map<String, String> applied(Map<String, RouterLease> leases) {
        Map<String, String> texts = new HashMap<>();
        leases.forEach((id, lease) -> texts.put(id, lease.epoch() + " " + lease.version()));
        return texts;
    }

    private void write() {
        Wanted target = wanted;
        if (doubtful || target == null || !target.basis().equals(view.baseline())) {
            return;
        }
        if (target.table().equals(view.table()) && !view.epoch().isEmpty() && !isSetBack()) {
            return;
        }
        RouteChange change = RoutePlanner.diff(view.table(), target.table());
        publish(view.writing(target.table()), false);
        Routes.Mark expected = new Routes.Mark(view.epoch(), view.version());
        if (store.write(change, expected, isSetBack()) instanceof Routes.Written.Done done) {
            written(done.mark(), target.table(), change);
        } else {
            doubtful = true;
            ticker.signal();
        }
    }

    private void written(Routes.Mark mark, RouteTable table, RouteChange change) {
        log.info("routes written version={} {}", mark.version(), change.summary());
        long now = clock.getAsLong();
        if (isSetBack()) {
            log.warn("redis was put back to an earlier state: every router reads everything again");
            publish(view.read(mark.epoch(), mark.version(), table, now), true);
        } else {
            publish(view.written(mark.epoch(), mark.version(), table, now), true);
        }
        setBack = "";
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
