package io.dinp.server.sim;

import io.dinp.server.core.Action;
import io.dinp.server.core.AppRow;
import io.dinp.server.core.DesiredApp;
import io.dinp.server.core.NodeStanding;
import io.dinp.server.core.NodeView;
import io.dinp.server.core.NodeWish;
import io.dinp.server.core.Plan;
import io.dinp.server.core.RouteTable;
import io.dinp.server.core.Situation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What must hold in the world at each step, whatever happens to it. The laws look at the world itself, not at what the
 * server believes of it, wherever the server has no excuse.
 */
final class Laws implements SimRedis.Watcher, SimRouter.Watcher, SimNode.Watcher {

    /** A look at the leases may be a second old, and takes a moment. */
    private static final long LOOK_MS = 2_500;
    /** A container that has served for so long has been reported to any server that hears its node. */
    private static final long REPORTED_MS = 30_000;

    private final World world;
    private final Function<Situation, Plan> planner;
    private final Promises promises;
    private final Map<String, Wish> wishes = new HashMap<>();
    private boolean dirty;
    private long plans;
    private long orders;
    private long writes;

    /** Since when a row has wanted instances that may not all be missing. */
    private record Wish(long row, long since) {}

    Laws(World world, Function<Situation, Plan> planner) {
        this.world = world;
        this.planner = planner;
        this.promises = new Promises(world);
    }

    long plans() {
        return plans;
    }

    /** Orders sent so far. */
    long orders() {
        return orders;
    }

    /** Writes to Redis so far. */
    long writes() {
        return writes;
    }

    private void require(boolean holds, String law, Object... parts) {
        world.require(holds, law, parts);
    }

    // ---- planning

    /** Plans, and looks at the plan. */
    Plan plan(Life life, Situation situation) {
        Plan plan = planner.apply(situation);
        plans++;
        if (plans % 16 == 0) {
            require(plan.equals(planner.apply(situation)), "the same input gives another plan");
        }
        if (world.trace.isOn()) {
            plan.events()
                    .forEach(event -> world.trace.say(
                            world.time.now(),
                            "plan: {} {} {} {} {}",
                            event.kind(),
                            event.app(),
                            event.instance(),
                            event.node(),
                            event.reason()));
        }
        Map<String, Integer> starts = new HashMap<>();
        Map<String, Long> memory = new HashMap<>();
        for (Action action : plan.actions()) {
            if (action instanceof Action.Start start) {
                starts.merge(start.spec().app(), 1, Integer::sum);
                require(
                        situation.desired().wish(start.node()).equals(NodeWish.NONE),
                        "{} is started on {}, where nothing is to be placed",
                        start.instance(),
                        start.node());
                memory.merge(start.node(), (long) start.spec().memoryMb(), Long::sum);
            }
        }
        starts.forEach((app, count) -> surgeHolds(situation, plan, app, count));
        memory.forEach((ip, ordered) -> {
            NodeView node = situation.real().nodes().get(ip);
            require(
                    node.usedMb() + ordered <= node.capacityMb(),
                    "node {} has {} MB, {} are used, and {} more are ordered",
                    ip,
                    node.capacityMb(),
                    node.usedMb(),
                    ordered);
        });
        return plan;
    }

    private void surgeHolds(Situation situation, Plan plan, String app, int starts) {
        DesiredApp desired = situation.desired().apps().get(app);
        require(desired != null, "an instance of {} is started, which nobody wants", app);
        long live = situation.real().nodes().values().stream()
                .filter(node -> plan.progress().standings().get(node.ip()) != NodeStanding.LOST)
                .flatMap(node -> node.instances().stream())
                .filter(i -> i.app().equals(app) && i.live())
                .count();
        int most = desired.instances() + surge(desired.row());
        require(
                live + starts <= most,
                "{} has {} instances, {} more are started, {} are allowed",
                app,
                live,
                starts,
                most);
    }

    private int surge(AppRow row) {
        if (row.rules().surge() == null) {
            return Math.max(1, row.instances() * world.policy.surgePercent() / 100);
        }
        return row.rules().unavailable() > 0
                ? row.rules().surge()
                : Math.max(1, row.rules().surge());
    }

    // ---- orders

    /** An order goes out. */
    void sent(Action action) {
        orders++;
        require(world.host.isWarm(), "{} is ordered before all nodes have been heard", action);
        if (action instanceof Action.Stop stop) {
            SimContainer container = world.nodes.get(stop.node()).journal.get(stop.instance());
            if (container != null && container.serves()) {
                stopIsHarmless(stop.node() + ":" + container.port, container.servesSince);
            }
        }
    }

    /** @param servesSince when the process began to serve: after a power cut it knows nothing of the requests of the one before */
    private void stopIsHarmless(String endpoint, long servesSince) {
        require(!world.redis.routes(endpoint), "{} is stopped while Redis routes to it", endpoint);
        long lastRouted = world.redis.lastRouted(endpoint);
        boolean limitPassed =
                world.time.now() - lastRouted >= world.policy.drain().toMillis() - 50;
        if (limitPassed) {
            return;
        }
        require(
                servesSince > lastRouted
                        || world.redis.wasFlushed(LOOK_MS)
                        || world.routers.values().stream().anyMatch(router -> router.leasedFor(0)),
                "{} is stopped before its time although no router says anything",
                endpoint);
        for (SimRouter router : world.routers.values()) {
            if (router.leasedFor(LOOK_MS)) {
                require(
                        router.keyOf(endpoint) == null,
                        "{} is stopped although router {} sends requests there",
                        endpoint,
                        router.id);
                require(
                        router.inflight(endpoint) == 0 || servesSince > lastRouted,
                        "{} is stopped although router {} has requests under way there",
                        endpoint,
                        router.id);
            }
        }
    }

    // ---- routes

    @Override
    public void replaces(Life writer, RouteTable before, RouteTable after) {
        writes++;
        dirty = true;
        boolean current = world.host.isRunning(writer);
        before.apps().forEach((key, endpoints) -> {
            List<String> left = after.endpointsOf(key);
            List<String> gone = new ArrayList<>(endpoints);
            gone.removeAll(left);
            require(
                    gone.isEmpty() || !current || world.host.isWarm(),
                    "{} loses {} before all nodes are heard",
                    key,
                    gone);
            if (left.isEmpty() && current) {
                lastRouteHasReason(key, gone);
            }
        });
    }

    private void lastRouteHasReason(String key, List<String> gone) {
        AppRow row = rowOf(key);
        boolean wanted = World.wanted(row) > (row == null ? 0 : row.rules().unavailable())
                && world.host
                        .latest()
                        .map(s -> s.desired().apps().get(row.name()))
                        .filter(app -> app.instances() > app.row().rules().unavailable())
                        .isPresent();
        if (!wanted || mayBeOfBefore(row)) {
            return;
        }
        for (String endpoint : gone) {
            String ip = endpoint.substring(0, endpoint.indexOf(':'));
            SimContainer container = world.listener(endpoint);
            boolean failsProbes = hasJudged(ip, endpoint);
            require(failsProbes || !silent(ip), "{} loses its last route {}, and {} is silent", key, endpoint, ip);
            boolean serves = container != null
                    && container.serves()
                    && !container.sick
                    && !isJudged(container)
                    && container.spec.app().equals(row.name())
                    && world.time.now() - container.servesSince > REPORTED_MS;
            require(!serves, "{} loses its last route {}, which serves", key, endpoint);
        }
    }

    /** True when some container that had the endpoint is judged sick; it may have crashed since. */
    private boolean hasJudged(String ip, String endpoint) {
        SimNode node = world.nodes.get(ip);
        return node != null
                && node.journal.values().stream().anyMatch(c -> endpoint.equals(ip + ":" + c.port) && isJudged(c));
    }

    /** A write may have been begun while all instances might be missing, such as one for an app of the same name that was deleted. */
    private boolean mayBeOfBefore(AppRow row) {
        Wish wish = wishes.get(row.name());
        return wish != null && world.time.now() - wish.since() <= Promises.WRITTEN_MS;
    }

    private boolean isJudged(SimContainer container) {
        return world.host
                .latest()
                .filter(s -> s.verdicts().containsKey(container.spec.instance()))
                .isPresent();
    }

    private AppRow rowOf(String key) {
        for (AppRow row : world.mysql.apps.values()) {
            if (World.NAMING.keyOf(row.name()).equals(key)) {
                return row;
            }
        }
        return null;
    }

    private boolean silent(String ip) {
        return world.time.now() - world.network.heard(ip)
                > world.policy.interval().toMillis() * world.policy.staleIntervals();
    }

    @Override
    public void published() {
        world.routers.values().forEach(SimRouter::notified);
    }

    @Override
    public void applies(SimRouter router) {
        dirty = true;
        router.endpoints().forEach((endpoint, key) -> {
            SimContainer container = world.listener(endpoint);
            if (container != null) {
                reaches(router, endpoint, key, container);
            }
        });
    }

    private void reaches(SimRouter router, String endpoint, String key, SimContainer container) {
        require(
                World.NAMING.keyOf(container.spec.app()).equals(key),
                "router {} sends requests for {} to {}, where {} listens",
                router.id,
                key,
                endpoint,
                container.spec.app());
    }

    // ---- nodes

    @Override
    public void beats(SimNode node) {
        world.network.beats(node);
    }

    @Override
    public void leases(SimNode node, SimContainer container) {
        String endpoint = node.ip + ":" + container.port;
        require(!world.redis.routes(endpoint), "{} is leased again while Redis routes to it", endpoint);
        for (SimRouter router : world.routers.values()) {
            require(
                    router.keyOf(endpoint) == null,
                    "{} is leased again although router {} sends requests for {} there",
                    endpoint,
                    router.id,
                    router.keyOf(endpoint));
        }
    }

    @Override
    public void listens(SimNode node, SimContainer container) {
        String endpoint = node.ip + ":" + container.port;
        for (SimRouter router : world.routers.values()) {
            String key = router.keyOf(endpoint);
            if (key != null) {
                reaches(router, endpoint, key, container);
            }
        }
    }

    @Override
    public void taken(SimNode node, SimContainer container) {
        promises.taken(container.spec.app());
    }

    @Override
    public void changed() {
        dirty = true;
    }

    // ---- what is promised

    /** Somebody has written an app's row. */
    void rowChanged(String app) {
        promises.rowChanged(app);
        dirty = true;
        AppRow row = world.mysql.apps.get(app);
        if (row == null || World.wanted(row) <= row.rules().unavailable()) {
            wishes.remove(app);
        } else {
            wishes.compute(
                    app,
                    (name, wish) ->
                            wish != null && wish.row() == row.id() ? wish : new Wish(row.id(), world.time.now()));
        }
    }

    /** Nothing is promised any more until all is in order again. */
    void nothingPromised() {
        promises.forget();
    }

    /** After each event: whoever was promised instances has them. */
    void check() {
        promises.takeSilentNodes();
        if (dirty) {
            dirty = false;
            promises.check();
        }
    }
}
