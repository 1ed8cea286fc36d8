package io.dinp.server.sim;

import io.dinp.common.model.RouteKeys;
import io.dinp.server.core.AppRow;
import io.dinp.server.core.Naming;
import io.dinp.server.core.Plan;
import io.dinp.server.core.Policy;
import io.dinp.server.core.Rollout;
import io.dinp.server.core.RolloutState;
import io.dinp.server.core.RouteTable;
import io.dinp.server.core.Situation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.slf4j.helpers.MessageFormatter;

/**
 * Machines, networks, MySQL, Redis, routers and people around the real control plane. Everything that happens follows from
 * one seed.
 */
final class World {

    static final Naming NAMING = new Naming(new RouteKeys("/rs/", "/cname/"), "apps.io", Set.of("dash.example.com"));
    private static final long START = 1_700_000_000_000L;

    final Random random;
    final Trace trace;
    final Timeline time;
    final SimMysql mysql;
    final SimRedis redis;
    final Network network;
    final ServerHost host;
    final Map<String, SimNode> nodes = new TreeMap<>();
    final Map<String, SimRouter> routers = new TreeMap<>();
    final Policy policy;
    final Laws laws;

    /** A world at its beginning. */
    World(long seed, int tracedLines, Function<Situation, Plan> planner) {
        random = new Random(seed * 0x9E3779B97F4A7C15L);
        trace = new Trace(tracedLines);
        policy = somePolicy();
        laws = new Laws(this, planner);
        time = new Timeline(START, laws::check);
        mysql = new SimMysql(random, trace);
        redis = new SimRedis(random, time, trace, laws);
        host = new ServerHost(this, policy, laws::plan);
        network = new Network(random, time, trace, nodes, host::server, laws::sent);
    }

    private Policy somePolicy() {
        return new Policy(
                Duration.ofSeconds(5),
                3,
                Duration.ofSeconds(5 + random.nextInt(26)),
                Duration.ofSeconds(random.nextInt(10)),
                Duration.ofSeconds(random.nextInt(4) == 0 ? 10 : 0),
                25,
                Duration.ofSeconds(random.nextInt(6)),
                Duration.ofSeconds(60 + random.nextInt(240)),
                10,
                random.nextInt(4) == 0 ? 2 : 50,
                "zone",
                "",
                "",
                1463);
    }

    void addNode(String ip, long capacityMb, int ports) {
        Map<String, String> labels = Map.of("zone", "z" + nodes.size() % 2);
        long skewMs = random.nextInt(20_000) - 10_000L;
        long intervalMs = policy.interval().toMillis();
        nodes.put(ip, new SimNode(ip, capacityMb, ports, labels, skewMs, intervalMs, random, time, trace, laws));
    }

    void addRouter(String id) {
        routers.put(id, new SimRouter(id, random, time, redis, trace, laws));
    }

    /** The process behind an endpoint, null when nothing listens there. */
    SimContainer listener(String endpoint) {
        SimNode node = nodes.get(endpoint.substring(0, endpoint.indexOf(':')));
        return node == null || !node.isUp() ? null : node.listener(endpoint);
    }

    /** How many endpoints of a key would answer for this app. */
    int serving(String app, List<String> endpoints) {
        int count = 0;
        for (String endpoint : endpoints) {
            SimContainer container = listener(endpoint);
            if (container != null && container.serves() && container.spec.app().equals(app)) {
                count++;
            }
        }
        return count;
    }

    /** True when exactly what is wanted of an app runs, is routed, and serves. */
    boolean inOrder(String app) {
        AppRow row = mysql.apps.get(app);
        int wanted = wanted(row);
        int there = 0;
        for (SimNode node : nodes.values()) {
            for (SimContainer container : node.journal.values()) {
                if (container.spec.app().equals(app)) {
                    boolean right = row != null
                            && container.serves()
                            && container.spec.image().equals(row.image())
                            && container.spec.env().equals(row.env());
                    if (!right) {
                        return false;
                    }
                    there++;
                }
            }
        }
        List<String> routed = redis.table().endpointsOf(NAMING.keyOf(app));
        return there == wanted && routed.size() == wanted && serving(app, routed) == wanted;
    }

    static int wanted(AppRow row) {
        return row == null || row.image().isBlank() ? 0 : Math.max(0, row.instances());
    }

    /** True when everything is as it should be and the server knows it. */
    boolean isQuiet() {
        for (AppRow row : mysql.apps.values()) {
            Rollout rollout = mysql.rollouts.get(row.name());
            boolean done = rollout != null && rollout.state() == RolloutState.DONE;
            if (!done || !inOrder(row.name())) {
                return false;
            }
        }
        for (SimNode node : nodes.values()) {
            for (SimContainer container : node.journal.values()) {
                if (!mysql.apps.containsKey(container.spec.app())) {
                    return false;
                }
            }
        }
        RouteTable table = redis.table();
        return routers.values().stream()
                .allMatch(router -> router.isCurrent() && router.table().apps().equals(table.apps()));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(
                "rows " + mysql.apps.values() + "\nrollouts " + mysql.rollouts.values() + "\nredis " + redis.epoch()
                        + "/" + redis.version() + " " + redis.table().apps() + "\n");
        host.latest()
                .ifPresent(s -> text.append("draining ")
                        .append(new TreeSet<>(s.progress().draining()))
                        .append(" standings ")
                        .append(new TreeMap<>(s.progress().standings()))
                        .append('\n'));
        nodes.values()
                .forEach(node -> text.append(node.ip)
                        .append(node.isUp() ? "" : " off")
                        .append(node.answers() ? "" : " (no agent)")
                        .append(' ')
                        .append(node.journal.values())
                        .append('\n'));
        routers.forEach((id, router) -> text.append(id)
                .append(router.isCurrent() ? " " : " (old) ")
                .append(router.table().apps())
                .append('\n'));
        return text.toString();
    }

    /** Ends the history when a law is broken. */
    void require(boolean holds, String law, Object... parts) {
        if (!holds) {
            String text = MessageFormatter.arrayFormat(law, parts).getMessage();
            trace.say(time.now(), "BROKEN: {}", text);
            throw new AssertionError(text);
        }
    }
}
