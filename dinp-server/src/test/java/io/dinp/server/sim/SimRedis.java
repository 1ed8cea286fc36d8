package io.dinp.server.sim;

import io.dinp.common.model.RouterLease;
import io.dinp.server.core.RouteChange;
import io.dinp.server.core.RouteTable;
import io.dinp.server.redis.Routes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * The route table as Redis holds it. It may be away, lose everything, or come back as it was a while ago; a write may be
 * done although nobody hears of it, even after the next one.
 */
final class SimRedis {

    private static final int TIMEOUT_MS = 1_000;

    /** Told of what routers and the laws of the world care for. */
    interface Watcher {
        /** A write is about to replace one table by another. */
        void replaces(Life writer, RouteTable before, RouteTable after);

        /** A change has been published. */
        void published();
    }

    private record Kept(RouterLease lease, long expires) {}

    private final Random random;
    private final Timeline time;
    private final Trace trace;
    private final Watcher watcher;
    private final Map<String, Kept> leases = new TreeMap<>();
    private final Map<String, Long> removed = new HashMap<>();
    private String epoch = "";
    private long epochs;
    private long version;
    private String savedEpoch = "-";
    private long savedVersion;
    private RouteTable saved;
    private long flushedAt;
    private long putBackAt;
    private RouteTable putRight;
    private RouteTable table = RouteTable.empty();
    boolean away;
    boolean flaky;

    SimRedis(Random random, Timeline time, Trace trace, Watcher watcher) {
        this.random = random;
        this.time = time;
        this.trace = trace;
        this.watcher = watcher;
    }

    String epoch() {
        return epoch;
    }

    long version() {
        return version;
    }

    /** The table, which nobody changes: a write puts another one in its place. */
    RouteTable table() {
        return table;
    }

    /**
     * When an endpoint was last in the table, 0 for one that never was; now for one that is there, unless it is there only because
     * the table was put back and nobody can have seen that.
     */
    long lastRouted(String endpoint) {
        return routes(endpoint) ? time.now() : removed.getOrDefault(endpoint, 0L);
    }

    /** True when it has lost its data within some ms, and with them what routers had said. */
    boolean wasFlushed(long withinMs) {
        return time.now() - flushedAt < withinMs;
    }

    /** Takes a router's lease. */
    void lease(String router, RouterLease lease, long lifetimeMs) {
        leases.put(router, new Kept(lease, time.now() + lifetimeMs));
    }

    /** True when a router holds a lease now. */
    boolean holdsLease(String router) {
        Kept kept = leases.get(router);
        return kept != null && kept.expires() > time.now();
    }

    /** True when the table, as the server has left it, has an endpoint. */
    boolean routes(String endpoint) {
        return !isPutBack() && table.endpoints().contains(endpoint);
    }

    /** True while it shows a table of before that somebody may not have had the time to notice, in some ms. */
    boolean isFreshlyPutBack(long withinMs) {
        return isPutBack() && time.now() - putBackAt < withinMs;
    }

    /** True while it shows a table of before that nobody has put right yet. */
    boolean isPutBack() {
        return putRight != null && !putRight.apps().equals(table.apps());
    }

    /** Remembers the table, to be put back some time later. */
    void save() {
        savedEpoch = epoch;
        savedVersion = version;
        saved = table;
    }

    /** Starts again from what was saved, as after a crash. */
    void putBack() {
        if (!epoch.isEmpty() && savedEpoch.equals(epoch)) {
            if (!isPutBack()) {
                putRight = table; // put back twice, it is still the first table that is missed
            }
            putBackAt = time.now();
            note(saved);
            version = savedVersion;
            table = saved;
            trace.say(time.now(), "redis: PUT BACK to {}/{} {}", epoch, version, table.apps());
        }
    }

    /** Loses all data. */
    void flush() {
        note(RouteTable.empty());
        epoch = "";
        version = 0;
        table = RouteTable.empty();
        leases.clear();
        flushedAt = time.now();
        trace.say(time.now(), "redis: FLUSHED");
    }

    private void note(RouteTable after) {
        Set<String> gone = new HashSet<>(table.endpoints());
        gone.removeAll(after.endpoints());
        gone.forEach(endpoint -> removed.put(endpoint, time.now()));
    }

    private Routes.Written apply(Life writer, RouteChange change, Routes.Mark expected, boolean newEpoch) {
        if (!expected.equals(new Routes.Mark(epoch, version))) {
            return new Routes.Written.Refused();
        }
        if (epoch.isEmpty() || newEpoch) {
            epoch = "e" + ++epochs;
        }
        RouteTable next = new RouteTable(
                new TreeMap<>(table.apps()), new TreeMap<>(table.cnames()), new TreeMap<>(table.hosts()));
        next.apps().putAll(change.lists());
        next.cnames().putAll(change.texts());
        next.apps().keySet().removeAll(change.deleted());
        next.cnames().keySet().removeAll(change.deleted());
        next.hosts().putAll(change.hosts());
        next.hosts().keySet().removeAll(change.deletedHosts());
        if (newEpoch || !change.isEmpty()) {
            putRight = null;
        }
        watcher.replaces(writer, table, next);
        note(next);
        table = next;
        version++;
        trace.say(time.now(), "redis: {}/{} {}", epoch, version, table.apps());
        watcher.published();
        return new Routes.Written.Done(new Routes.Mark(epoch, version));
    }

    /** Somebody has found out that this is an earlier state. */
    Routes.Written withdraw(Routes.Mark expected) {
        if (!expected.equals(new Routes.Mark(epoch, version))) {
            return new Routes.Written.Refused();
        }
        if (version > 0) {
            version = 0;
            trace.say(time.now(), "redis: {}/{} withdrawn", epoch, expected.version());
            watcher.published();
        }
        return new Routes.Written.Done(new Routes.Mark(epoch, version));
    }

    /** The connection of one process of the server. */
    Routes connect(Life life) {
        return new Connection(life);
    }

    private interface Command {
        Routes.Written run();
    }

    private final class Connection implements Routes {
        private final Life life;

        Connection(Life life) {
            this.life = life;
        }

        private void reach() {
            if (random.nextInt(40) == 0) {
                life.await(1 + random.nextInt(random.nextInt(10) == 0 ? 900 : 20));
            }
            if (away) {
                life.await(random.nextInt(3) == 0 ? TIMEOUT_MS : 1);
                throw new JedisConnectionException("Redis is away");
            }
            if (flaky && random.nextInt(6) == 0) {
                throw new JedisConnectionException("connection lost before the command");
            }
        }

        @Override
        public Mark mark() {
            reach();
            return new Mark(epoch, version);
        }

        @Override
        public Found read() {
            Mark mark = mark();
            reach();
            RouteTable seen = new RouteTable(
                    new TreeMap<>(table.apps()), new TreeMap<>(table.cnames()), new TreeMap<>(table.hosts()));
            return new Found(mark, seen);
        }

        @Override
        public Written write(RouteChange change, Mark expected, boolean newEpoch) {
            return command(() -> apply(life, change, expected, newEpoch));
        }

        @Override
        public Written withdraw(Mark expected) {
            return command(() -> SimRedis.this.withdraw(expected));
        }

        private Written command(Command work) {
            reach();
            int fate = flaky ? random.nextInt(6) : 5;
            if (fate == 0) {
                // In Redis' input buffer when the client gives up.
                time.after(random.nextInt(1_500), work::run);
                life.await(TIMEOUT_MS);
                throw new JedisConnectionException("timed out");
            }
            Written written = work.run();
            if (fate == 1) {
                throw new JedisConnectionException("connection lost after the command");
            }
            life.await(random.nextInt(10) == 0 ? random.nextInt(50) : 0);
            return written;
        }

        @Override
        public Set<String> routers() {
            reach();
            Set<String> ids = new HashSet<>();
            leases.forEach((id, kept) -> {
                if (kept.expires() > time.now()) {
                    ids.add(id);
                }
            });
            return ids;
        }

        @Override
        public Map<String, RouterLease> leases(Set<String> ids) {
            reach();
            Map<String, RouterLease> found = new TreeMap<>();
            List<String> order = new ArrayList<>(ids);
            for (String id : order) {
                if (holdsLease(id)) {
                    found.put(id, leases.get(id).lease());
                }
            }
            return found;
        }
    }
}
