package io.dinp.server.core;

import io.dinp.common.model.ImagePull;
import io.dinp.common.model.InstanceState;
import io.dinp.common.model.PullState;
import io.dinp.common.model.Revision;
import io.dinp.common.model.RouterLease;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * A world in which everything goes well: what the planner orders is done a second later, routers know every route at once,
 * nothing is in flight, and the clock jumps to when there is something to do. Nodes stay as trusted as they are.
 */
final class Trial {

    private static final long STEP_MS = 1000;
    /** A beat that lasts for the whole trial; with it no node's silence is a reason to plan again. */
    private static final long FOR_EVER = Long.MAX_VALUE / 2;

    private static final int MAX_PLANS = 2000;
    /** After so long without anything to do, and with nothing that runs out, nothing will come any more. */
    private static final long QUIET_MS = Policy.SICK_LIMIT_MS + 5_000;

    private static final long NEVER_MS = 24 * 3600_000L;
    /** Waits are looked at ever less often, a sixteenth of the time that they have taken already. */
    private static final int PATIENCE = 16;
    /** No port of a container is as high, so no address of the trial is one of the installation. */
    private static final int FIRST_PORT = 65_536;

    private final Situation start;
    private final SortedMap<String, NodeView> nodes = new TreeMap<>();
    private final Map<String, Revision> revisions;
    private final Map<String, Integer> statuses = new HashMap<>();
    private final List<Event> events = new ArrayList<>();
    private DesiredState desired;
    private RouteView view;
    private Progress progress;
    private long now;
    private long changedAt;
    private int ports;
    private boolean settled;

    private Trial(Situation start) {
        this.start = start;
        this.revisions = new HashMap<>(start.revisions());
        this.desired = start.desired();
        this.view = start.routes();
        this.progress = start.progress();
        this.now = start.now();
        this.changedAt = now;
        Map<String, NodeStanding> standings =
                NodeJudge.judge(start.real(), start.desired().nodes(), start.policy(), now);
        start.real().nodes().forEach((ip, node) -> nodes.put(ip, pinned(node, standings.get(ip))));
    }

    /**
     * Plans and does what is planned, again and again, until nothing is left to do or it has taken too long.
     *
     * @param enough asked before each plan whether there is no time for another one
     */
    static Trial run(Situation start, BooleanSupplier enough) {
        Trial trial = new Trial(start);
        for (int plans = 0; plans < MAX_PLANS && !trial.settled && !enough.getAsBoolean(); plans++) {
            trial.step();
        }
        return trial;
    }

    /** False when there was still something to do at the end. */
    boolean settled() {
        return settled;
    }

    /** What was told, in order. */
    List<Event> events() {
        return events;
    }

    /** How everything stands. */
    Situation situation() {
        return new Situation(
                desired,
                revisions,
                new RealState(start.real().since(), start.real().stored(), nodes),
                view,
                progress,
                start.verdicts(),
                Map.of(),
                start.policy(),
                start.naming(),
                now);
    }

    /** The node with beats that last for the whole trial; a lost one stays as silent as it is. */
    private NodeView pinned(NodeView node, NodeStanding standing) {
        boolean silent = now - node.lastSeen() > start.policy().staleMs();
        if (silent) {
            return node;
        }
        long downAt = standing == NodeStanding.READY ? 0 : Math.max(1, node.downAt());
        return node.seen(FOR_EVER, downAt);
    }

    private void step() {
        boolean pending = passTime();
        Plan plan = Reconciler.plan(situation());
        progress = plan.progress();
        plan.revisions().forEach(revision -> revisions.put(revision.id(), revision));
        events.addAll(plan.events());
        if (!plan.statuses().isEmpty()) {
            statuses.putAll(plan.statuses());
            desired = start.desired().withStatuses(statuses);
        }
        plan.actions().forEach(this::take);
        boolean routed = plan.routes().isPresent() && route(plan.routes().get());
        if (pending || routed || !plan.actions().isEmpty() || !plan.events().isEmpty()) {
            now += STEP_MS;
            changedAt = now;
        } else {
            waitFor(plan);
        }
    }

    private void waitFor(Plan plan) {
        long quiet = now - changedAt;
        if (quiet >= (isTimed() ? NEVER_MS : QUIET_MS)) {
            settled = true;
        } else {
            long look = now + Math.max(STEP_MS, quiet / PATIENCE);
            boolean later = plan.followUpAt() >= FOR_EVER || plan.followUpAt() < look;
            now = later ? look : plan.followUpAt();
        }
    }

    /** True while something runs out by itself: a deploy's deadline, a pause after crashes, a drain. */
    private boolean isTimed() {
        return !progress.draining().isEmpty()
                || progress.rollouts().values().stream()
                        .anyMatch(rollout -> rollout.nextStart() > now
                                || (rollout.state() == RolloutState.ROLLING
                                        && !rollout.paused()
                                        && !rollout.target().equals(rollout.lastGood())));
    }

    /** Lets everything on its way arrive; true when something did. */
    private boolean passTime() {
        boolean any = false;
        for (Map.Entry<String, NodeView> entry : nodes.entrySet()) {
            NodeView node = entry.getValue();
            if (isReached(node) && (isPulling(node) || node.instances().stream().anyMatch(Trial::isUnderWay))) {
                entry.setValue(arrived(node));
                any = true;
            }
        }
        return any;
    }

    private boolean isReached(NodeView node) {
        return node.downAt() == 0 && now - node.lastSeen() <= start.policy().staleMs();
    }

    private static boolean isUnderWay(Instance instance) {
        boolean coming = instance.live() && !(instance.state() == InstanceState.RUNNING && instance.ready());
        return !instance.legacy() && (coming || instance.state() == InstanceState.STOPPING);
    }

    private static boolean isPulling(NodeView node) {
        return node.pulls().all().stream().anyMatch(pull -> pull.state() == PullState.PULLING);
    }

    private NodeView arrived(NodeView node) {
        List<Instance> instances = new ArrayList<>();
        Set<String> images = new HashSet<>(node.images());
        long used = node.usedMb();
        for (Instance instance : node.instances()) {
            if (!isUnderWay(instance)) {
                instances.add(instance);
            } else if (instance.state() == InstanceState.STOPPING) {
                used -= instance.memoryMb();
            } else {
                String address =
                        instance.address().isEmpty() ? node.ip() + ":" + (FIRST_PORT + ports++) : instance.address();
                instances.add(instance.serving(address, now));
                images.add(instance.image());
            }
        }
        List<ImagePull> pulls = new ArrayList<>();
        for (ImagePull pull : node.pulls().all()) {
            boolean arrives = pull.state() == PullState.PULLING;
            pulls.add(arrives ? new ImagePull(pull.image(), pull.digest(), pull.wish(), PullState.READY, "") : pull);
            if (arrives) {
                images.add(pull.image());
            }
        }
        return node.with(instances, used, images, new Pulls(node.pulls().known(), pulls));
    }

    private void take(Action action) {
        nodes.computeIfPresent(action.node(), (ip, node) -> told(node, action));
    }

    private static NodeView told(NodeView node, Action action) {
        List<Instance> instances = new ArrayList<>(node.instances());
        long used = node.usedMb();
        Pulls pulls = node.pulls();
        if (action instanceof Action.Start order) {
            instances.add(Instance.ordered(order));
            used += order.spec().memoryMb();
        } else if (action instanceof Action.Pull order) {
            pulls = pulls.with(List.of(order.order()));
        } else if (action instanceof Action.Stop) {
            instances.replaceAll(i -> i.id().equals(action.instance()) ? i.stopping() : i);
        } else {
            used -= instances.stream()
                    .filter(i -> i.id().equals(action.instance()))
                    .mapToLong(Instance::memoryMb)
                    .sum();
            instances.removeIf(i -> i.id().equals(action.instance()));
        }
        return node.with(instances, used, node.images(), pulls);
    }

    /** Writes the table, which all routers that live apply at once; true when there was something to write. */
    private boolean route(RouteTable wanted) {
        boolean known = view.loaded() && view.reachable();
        if (!known || RoutePlanner.diff(view.table(), wanted).isEmpty()) {
            return false;
        }
        String epoch = view.epoch().isEmpty() ? "trial" : view.epoch();
        long version = view.version() + 1;
        Map<String, RouterLease> leases = new HashMap<>();
        view.leases().keySet().forEach(id -> leases.put(id, new RouterLease(epoch, version, Map.of(), now, "")));
        view = view.written(epoch, version, wanted, now).withLeases(leases);
        return true;
    }
}
