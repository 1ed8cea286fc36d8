package io.dinp.server.sim;

import io.dinp.common.model.RouterLease;
import io.dinp.server.core.RouteTable;
import io.dinp.server.redis.Routes;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A router as the server knows it: it reads epoch and version, then the keys, then applies, then says so. Cut off from Redis
 * it serves on by what it knows; restarted it knows what is on its disk, which it believes when Redis is away, is empty, or was put back.
 */
final class SimRouter {

    private static final long RELOAD_MS = 5_000;
    private static final long LEASE_MS = 15_000;
    private static final long ACKNOWLEDGE_MS = 1_000;
    /** So long it takes at most until a started router has its table on disk again. */
    private static final long WRITING_MS = 400;

    /** Told when a table is about to be served by. */
    interface Watcher {
        void applies(SimRouter router);
    }

    /** A table, and of when it is. */
    private record Served(String epoch, long version, RouteTable table) {
        static final Served NOTHING = new Served("", 0, RouteTable.empty());

        boolean isNothing() {
            return epoch.isEmpty() && table.apps().isEmpty();
        }

        boolean isLaterThan(Served other) {
            return !epoch.isEmpty() && epoch.equals(other.epoch) && version > other.version;
        }
    }

    final String id;
    private final Random random;
    private final Timeline time;
    private final SimRedis redis;
    private final Trace trace;
    private final Watcher watcher;
    private final Map<String, Integer> inflight = new TreeMap<>();
    private Map<String, String> appOf = Map.of();
    private Served served = Served.NOTHING;
    /** The latest table of its epoch that it has ever served by. */
    private Served latest = Served.NOTHING;
    /** The table that outlives the process, null when there is none. */
    private Served disk;
    /** Whether this process has written it. */
    private boolean keeps;
    /** Whether it has its first table. */
    private boolean begun;

    private long turn;
    private long lookedAt;
    private boolean looking;
    private boolean current;
    private boolean cut;
    private boolean up = true;
    private long leasedSince = Long.MAX_VALUE;

    SimRouter(String id, Random random, Timeline time, SimRedis redis, Trace trace, Watcher watcher) {
        this.id = id;
        this.random = random;
        this.time = time;
        this.redis = redis;
        this.trace = trace;
        this.watcher = watcher;
        time.after(random.nextInt(500), () -> tick(0));
    }

    /** True while it serves by a table that it has read since it was last cut off. */
    boolean isCurrent() {
        return current
                && reaches()
                && !served.epoch().isEmpty()
                && served.epoch().equals(redis.epoch());
    }

    /** True when it has served by a later table than now: it knows that Redis was put back. */
    boolean hasServedLater() {
        return latest.isLaterThan(served);
    }

    /** True when it has held a lease for some ms without a break. */
    boolean leasedFor(long ms) {
        return redis.holdsLease(id) && time.now() - leasedSince >= ms;
    }

    /** The app's key that sends requests to an endpoint here, null when none does. */
    String keyOf(String endpoint) {
        return up ? appOf.get(endpoint) : null;
    }

    /** Endpoints to the key that they serve. */
    Map<String, String> endpoints() {
        return up ? appOf : Map.of();
    }

    /** The version that it serves by. */
    long version() {
        return served.version();
    }

    RouteTable table() {
        return served.table();
    }

    /** Requests under way to an endpoint. */
    int inflight(String endpoint) {
        return up ? inflight.getOrDefault(endpoint, 0) : 0;
    }

    boolean isUp() {
        return up;
    }

    private boolean reaches() {
        return up && !cut && !redis.away;
    }

    /** Cuts it off from Redis, or ends that. */
    void cut(boolean off) {
        cut = off;
        current = false;
        trace.say(time.now(), "router {}: {}", id, off ? "CUT OFF" : "connected");
    }

    /** Kills it; it comes back some time later with the same name. */
    void restart(long downMs) {
        up = false;
        trace.say(time.now(), "router {}: KILLED", id);
        turn++;
        looking = false;
        current = false;
        begun = false;
        keeps = false;
        serveBy(Served.NOTHING);
        inflight.clear();
        time.after(downMs, () -> {
            up = true;
            // Killed twice, it comes back twice, and what the first one was reading is lost with it.
            looking = false;
            tick(++turn);
        });
    }

    /** Something was published in Redis. */
    void notified() {
        if (reaches() && random.nextInt(20) > 0) {
            time.after(1 + random.nextInt(5), this::look);
        }
    }

    private void tick(long mine) {
        if (mine != turn) {
            return;
        }
        if (time.now() - lookedAt >= RELOAD_MS || !current) {
            look();
        }
        acknowledge();
        time.after(ACKNOWLEDGE_MS, () -> tick(mine));
    }

    private void look() {
        if (looking) {
            return;
        }
        if (!reaches()) {
            cannotRead();
            return;
        }
        lookedAt = time.now();
        String epochNow = redis.epoch();
        long versionNow = redis.version();
        boolean lost = epochNow.isEmpty() && !served.epoch().isEmpty();
        boolean withdrawn = !epochNow.isEmpty() && versionNow == 0;
        boolean putBack = epochNow.equals(served.epoch()) && versionNow < served.version();
        if (lost || withdrawn) {
            cannotRead();
            return;
        }
        if (putBack) {
            redis.withdraw(new Routes.Mark(epochNow, versionNow));
            return;
        }
        boolean news = !epochNow.equals(served.epoch()) || versionNow != served.version();
        if (!news && current) {
            return;
        }
        looking = true;
        long mine = turn;
        time.after(random.nextInt(10) == 0 ? random.nextInt(300) : 1, () -> read(mine, epochNow, versionNow));
    }

    private void read(long mine, String epochThen, long versionThen) {
        if (mine != turn) {
            return;
        }
        looking = false;
        if (!reaches() || !redis.epoch().equals(epochThen) || redis.version() < versionThen) {
            cannotRead();
            return;
        }
        Served seen = new Served(epochThen, versionThen, redis.table());
        time.after(random.nextInt(3), () -> {
            if (mine == turn) {
                apply(seen);
            }
        });
    }

    private void cannotRead() {
        if (up && !begun && disk != null) {
            adopt();
        }
    }

    private void apply(Served seen) {
        boolean proven = !begun && disk != null && (seen.isNothing() || disk.isLaterThan(seen));
        if (proven) {
            adopt();
            return;
        }
        if (served.isLaterThan(seen)) {
            return;
        }
        begun = true;
        current = !cut;
        serveBy(seen);
        keep();
        trace.say(time.now(), "router {}: applies {}/{}", id, seen.epoch(), seen.version());
        watcher.applies(this);
        acknowledge();
        if (redis.version() != seen.version()) {
            look();
        }
    }

    /** Serves by what is on disk until it has read something else. */
    private void adopt() {
        begun = true;
        serveBy(disk);
        trace.say(time.now(), "router {}: serves by its disk {}/{}", id, served.epoch(), served.version());
        watcher.applies(this);
        acknowledge();
    }

    private void serveBy(Served next) {
        if (!latest.isLaterThan(next)) {
            latest = next;
        }
        if (!next.table().apps().equals(served.table().apps())) {
            Map<String, String> reached = new HashMap<>();
            next.table().apps().forEach((key, list) -> list.forEach(endpoint -> reached.put(endpoint, key)));
            appOf = reached;
        }
        served = next;
    }

    /** What an earlier process has left is dropped at first, since nobody knows what has left meanwhile. */
    private void keep() {
        if (keeps) {
            disk = served;
            return;
        }
        disk = null;
        long mine = turn;
        time.after(1 + time.now() % WRITING_MS, () -> {
            if (mine == turn) {
                keeps = true;
                disk = served;
            }
        });
    }

    private void acknowledge() {
        if (!begun || !reaches()) {
            return;
        }
        if (!redis.holdsLease(id)) {
            leasedSince = time.now();
        }
        redis.lease(id, new RouterLease(served.epoch(), served.version(), inflight, time.now(), ""), LEASE_MS);
    }

    /** A request that takes a while goes to some endpoint of the table. */
    void request(long ms) {
        if (!up || appOf.isEmpty()) {
            return;
        }
        String[] all = appOf.keySet().stream().sorted().toArray(String[]::new);
        String endpoint = all[random.nextInt(all.length)];
        long mine = turn;
        inflight.merge(endpoint, 1, Integer::sum);
        time.after(ms, () -> {
            if (mine == turn) {
                inflight.computeIfPresent(endpoint, (e, count) -> count == 1 ? null : count - 1);
                if (!appOf.containsKey(endpoint)) {
                    acknowledge();
                }
            }
        });
    }
}
