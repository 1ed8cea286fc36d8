package io.dinp.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.model.Revision;
import io.dinp.common.model.RouterLease;
import io.dinp.server.state.ClusterState;
import io.dinp.server.state.OrderResult;
import io.dinp.server.state.StoredNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * A small world around the real planner and the real cluster state: rows, nodes with agents, Redis and routers, and a
 * clock that only moves when told. It stands in for the machines, not for any part of the server.
 */
final class Sim {

    static final Naming NAMING = Samples.NAMING;
    static final long TICK_MS = 100;

    final Map<String, AppRow> rows = new TreeMap<>();
    final List<DomainRow> domains = new ArrayList<>();
    final Map<String, SimNode> nodes = new TreeMap<>();
    final Map<String, Revision> revisions = new HashMap<>();
    final TreeMap<String, NodeWish> wishes = new TreeMap<>();
    final Map<String, Verdict> verdicts = new HashMap<>();
    final Map<String, RolloutCommand> commands = new HashMap<>();
    final Map<String, Long> routers = new TreeMap<>();
    final Map<String, Integer> inflight = new HashMap<>();
    final List<Event> events = new ArrayList<>();
    final List<Action> actions = new ArrayList<>();
    Policy policy = Samples.policy("zone");
    long now = 1_000_000_000_000L;
    /** Nodes whose agent beats and says that its engine does not answer. */
    final Set<String> engineAway = new HashSet<>();

    boolean redisUp = true;
    boolean ordersArrive = true;
    ClusterState cluster = new ClusterState("dinp", 15_000, now);
    Progress progress = Progress.start(new TreeMap<>());
    RouteView view = RouteView.unknown();
    RouteTable redis = RouteTable.empty();
    Plan last;
    Optional<Standstill> still = Optional.empty();
    int stood;
    private final TwofoldPlanner planner = new TwofoldPlanner();
    private List<AppRow> desiredRows = List.of();
    private List<DomainRow> desiredDomains = List.of();
    private Map<String, NodeWish> desiredNodes = Map.of();
    private DesiredState desired = DesiredState.empty();
    private long version;
    private long seq;
    private long nextId = 1;

    Sim node(String ip) {
        return node(ip, 4096, Map.of());
    }

    Sim node(String ip, long capacityMb, Map<String, String> labels) {
        nodes.put(ip, new SimNode(ip, capacityMb, labels));
        return this;
    }

    Sim router(String id) {
        routers.put(id, 0L);
        return this;
    }

    Sim app(String name, String image, int instances) {
        rows.put(name, new AppRow(nextId++, name, image, 256, instances, 0, "", 0, new TreeMap<>()));
        return this;
    }

    /** Changes a row as a dashboard or a MySQL client would. */
    void row(String name, UnaryOperator<AppRow> change) {
        rows.computeIfPresent(name, (n, row) -> change.apply(row));
    }

    void image(String name, String image) {
        row(name, r -> changed(r, image, r.instances(), r.rules(), r.constraints()));
    }

    void scale(String name, int instances) {
        row(name, r -> changed(r, r.image(), instances, r.rules(), r.constraints()));
    }

    /** Writes an app's columns on how its deploys are rolled. */
    void rules(String name, RolloutRules rules) {
        row(name, r -> changed(r, r.image(), r.instances(), rules, r.constraints()));
    }

    /** Writes an app's column on where it may run. */
    void constraints(String name, String constraints) {
        row(name, r -> changed(r, r.image(), r.instances(), r.rules(), constraints));
    }

    private static AppRow changed(AppRow r, String image, int instances, RolloutRules rules, String constraints) {
        return new AppRow(
                r.id(),
                r.name(),
                image,
                r.memoryMb(),
                instances,
                r.status(),
                r.health(),
                r.deploySeq(),
                r.env(),
                rules,
                constraints);
    }

    /** Nothing new is to be placed on a node. */
    void cordon(String ip) {
        wishes.put(ip, new NodeWish(true, false, 0));
    }

    /** Everything is to leave a node; by force after a time, never when it is 0. */
    void drain(String ip, long withinMs) {
        wishes.put(ip, new NodeWish(true, true, withinMs == 0 ? 0 : now + withinMs));
    }

    void uncordon(String ip) {
        wishes.remove(ip);
    }

    /** A new server process on the same MySQL, nodes and Redis. */
    void restartServer() {
        cluster = new ClusterState("dinp", policy.staleMs(), now);
        cluster.restore(nodes.values().stream()
                .map(n -> new StoredNode(n.ip, "node-" + n.ip, 1971, "ready", now, Map.of()))
                .toList());
        progress = Progress.start(new TreeMap<>(progress.rollouts()));
        view = RouteView.unknown();
    }

    /** Derived anew only after a change, since the revisions' hashes cost more than a plan does. */
    private DesiredState desired() {
        List<AppRow> now = List.copyOf(rows.values());
        if (!now.equals(desiredRows) || !domains.equals(desiredDomains) || !wishes.equals(desiredNodes)) {
            desiredRows = now;
            desiredDomains = List.copyOf(domains);
            desiredNodes = Map.copyOf(wishes);
            desired = DesiredState.of(now, domains, new TreeMap<>(wishes), NAMING);
        }
        return desired;
    }

    Situation situation() {
        return new Situation(
                desired(),
                Map.copyOf(revisions),
                cluster.snapshot(now),
                view,
                progress,
                ReplaceRule.live(verdicts, now),
                Map.copyOf(commands),
                policy,
                NAMING,
                now);
    }

    /** One tick of everything. */
    Plan step() {
        now += TICK_MS;
        nodes.values().forEach(this::beat);
        lookAtRedis();
        Situation situation = situation();
        Plan plan = planner.apply(situation);
        compare(situation, plan);
        adopt(plan);
        if (plan.routes().isPresent()) {
            commands.clear();
        }
        return plan;
    }

    /** Each history also shows that a standstill, as long as it holds, hides nothing that a plan would say. */
    private void compare(Situation situation, Plan plan) {
        if (still.filter(known -> known.holds(situation)).isEmpty()) {
            still = Standstill.of(situation, plan);
            return;
        }
        stood++;
        assertTrue(plan.isQuiet(), () -> "a plan was due: " + plan);
        assertEquals(situation.progress(), plan.progress());
        assertEquals(last.routes(), plan.routes());
        assertEquals(last.awaitsRouters(), plan.awaitsRouters());
    }

    private void beat(SimNode node) {
        boolean changed = node.up && node.pass(now);
        boolean due = now % policy.interval().toMillis() == 0;
        boolean first = !cluster.heard().containsKey(node.ip);
        if (engineAway.contains(node.ip)) {
            cluster.down(node.ip, now);
        } else if (node.up && node.agentUp && (changed || due || first)) {
            cluster.apply(node.report(seq++), now);
        }
    }

    private void lookAtRedis() {
        if (!redisUp) {
            view = view.away();
            return;
        }
        if (!view.loaded()) {
            view = view.read(version == 0 ? "" : "e1", version, redis, now);
        }
        Map<String, RouterLease> leases = new HashMap<>();
        routers.replaceAll((id, applied) -> view.version());
        routers.forEach((id, applied) -> leases.put(id, new RouterLease("e1", applied, inflight, now, "")));
        view = view.withLeases(leases);
    }

    private void adopt(Plan plan) {
        last = plan;
        progress = plan.progress();
        plan.revisions().forEach(r -> revisions.put(r.id(), r));
        plan.statuses().forEach((app, status) -> row(app, r -> r.withStatus(status)));
        events.addAll(plan.events());
        actions.addAll(plan.actions());
        plan.actions().forEach(this::send);
        if (redisUp && plan.routes().isPresent()) {
            RouteTable wanted = plan.routes().get();
            if (!RoutePlanner.diff(redis, wanted).isEmpty() || version == 0) {
                redis = wanted;
                view = view.written("e1", ++version, wanted, now);
            }
        }
    }

    private void send(Action action) {
        cluster.sent(action, now);
        SimNode node = nodes.get(action.node());
        if (!node.up || !node.agentUp) {
            cluster.settled(action, new OrderResult.Refused("connection refused"), now);
        } else if (!ordersArrive) {
            cluster.settled(action, new OrderResult.Unknown("timed out"), now);
        } else if (action instanceof Action.Pull pull) {
            node.pull(pull.order(), now);
            cluster.settled(action, new OrderResult.Accepted(), now);
        } else if (action instanceof Action.Start start) {
            node.take(start.spec(), now);
            cluster.settled(action, new OrderResult.Accepted(), now);
        } else {
            node.remove(action.instance(), now);
            cluster.settled(action, new OrderResult.Accepted(), now);
        }
    }

    /** Brings an app up and waits until it is in order. */
    void settled(String app, String image, int instances) {
        app(app, image, instances);
        until(app + " in order", 10_000, () -> inOrder(app) && rollout(app).state() == RolloutState.DONE);
    }

    /** Ticks until a condition holds; fails when it does not within a time. */
    void until(String what, long limitMs, BooleanSupplier condition) {
        long end = now + limitMs;
        while (!condition.getAsBoolean()) {
            if (now >= end) {
                throw new AssertionError("not within " + limitMs + " ms: " + what + "\n" + describe());
            }
            step();
        }
    }

    /** Ticks for a time. */
    void run(long ms) {
        for (long end = now + ms; now < end; ) {
            step();
        }
    }

    /** Lets every running container of an app end, which their nodes tell at once. */
    void exitAll(String app, int code) {
        nodes.values().forEach(node -> {
            node.containers.forEach((id, container) -> {
                if (container.spec.app().equals(app)) {
                    node.exit(id, code);
                }
            });
            cluster.apply(node.report(seq++), now);
        });
    }

    /** Endpoints of an app in Redis. */
    List<String> routed(String app) {
        return redis.endpointsOf(NAMING.keyOf(app));
    }

    /** How many routed endpoints would answer. */
    long serving(String app) {
        return routed(app).stream()
                .filter(endpoint -> nodes.values().stream().anyMatch(n -> n.serves(endpoint)))
                .count();
    }

    /** Containers of an app of an image, whatever their state. */
    long containers(String app, String image) {
        return nodes.values().stream()
                .flatMap(n -> n.containers.values().stream())
                .filter(c -> c.spec.app().equals(app) && c.spec.image().equals(image))
                .count();
    }

    long containers(String app) {
        return nodes.values().stream()
                .flatMap(n -> n.containers.values().stream())
                .filter(c -> c.spec.app().equals(app))
                .count();
    }

    /** True when exactly what is wanted runs and is routed. */
    boolean inOrder(String app) {
        AppRow row = rows.get(app);
        int wanted = row == null ? 0 : row.instances();
        String image = row == null ? "" : row.image();
        return containers(app) == wanted
                && containers(app, image) == wanted
                && routed(app).size() == wanted
                && serving(app) == wanted;
    }

    Rollout rollout(String app) {
        return progress.rollouts().get(app);
    }

    List<String> eventKinds(String app) {
        return events.stream().filter(e -> e.app().equals(app)).map(Event::kind).toList();
    }

    String describe() {
        StringBuilder text = new StringBuilder("now=" + now + " rollouts=" + progress.rollouts() + "\n redis="
                + redis.apps() + "\n draining=" + progress.draining() + "\n");
        nodes.values()
                .forEach(n -> n.containers.forEach((id, c) -> text.append(" ")
                        .append(n.ip)
                        .append(":")
                        .append(c.port)
                        .append(" ")
                        .append(id)
                        .append(" ")
                        .append(c.spec.app())
                        .append(" ")
                        .append(c.spec.image())
                        .append(" ")
                        .append(c.state)
                        .append(c.ready ? " ready" : "")
                        .append("\n")));
        events.stream()
                .skip(Math.max(0, events.size() - 25))
                .forEach(e -> text.append("  ").append(e).append("\n"));
        return text.toString();
    }
}
