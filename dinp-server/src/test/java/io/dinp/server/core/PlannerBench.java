package io.dinp.server.core;

import com.sun.management.ThreadMXBean;
import io.dinp.common.model.InstanceState;
import io.dinp.common.model.Revision;
import io.dinp.common.model.RouterLease;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How long a plan takes in a large installation. Run it as a program; it prints one line for each size: the median of
 * a plan with nothing to do, and of one that answers the death of a node.
 */
public final class PlannerBench {

    private static final int WARM_UP = 30;
    private static final int RUNS = 21;
    private static final int INSTANCES = 3;
    private static final int LARGE_ON = 1000;
    private static final long NOW = 10_000_000;

    private final int nodeCount;
    private final int instances;
    private final Map<String, Revision> revisions = new HashMap<>();
    private final TreeMap<String, Rollout> rollouts = new TreeMap<>();
    private final List<AppRow> rows = new ArrayList<>();
    private final List<List<Instance>> byNode = new ArrayList<>();
    private final RouteTable table = RouteTable.empty();
    private final Policy policy = new Sim().policy;

    private PlannerBench(int nodeCount, int appCount, int instances) {
        this.nodeCount = nodeCount;
        this.instances = instances;
        for (int node = 0; node < nodeCount; node++) {
            byNode.add(new ArrayList<>());
        }
        for (int app = 0; app < appCount; app++) {
            add(app);
        }
    }

    /** Prints the figures for a tenth, a third, and the whole of 1 000 nodes with 30 000 instances, then for large apps. */
    public static void main(String[] args) {
        for (int nodes : new int[] {100, 333, 1000}) {
            PlannerBench bench = new PlannerBench(nodes, nodes * 10, INSTANCES);
            Situation calm = bench.settled();
            System.out.printf("nodes=%d apps=%d instances=%d%n", nodes, nodes * 10, nodes * 10 * INSTANCES);
            Situation dead = bench.withoutInstance(calm);
            Situation lost = bench.withoutNode(calm);
            System.out.printf("  whole plan: unchanged %s%n", median(() -> {}, () -> Reconciler.plan(calm)));
            System.out.printf("              instance dead %s%n", median(() -> {}, () -> Reconciler.plan(dead)));
            System.out.printf("              node lost %s%n", median(() -> {}, () -> Reconciler.plan(lost)));
            Planner planner = new Planner();
            Runnable before = () -> planner.plan(calm);
            System.out.printf("  what is new: instance dead %s%n", median(before, () -> planner.plan(dead)));
            System.out.printf("               node lost %s%n", median(before, () -> planner.plan(lost)));
        }
        printLargeApps();
    }

    /** One app of many instances gets another image: the plan looks where they all would go. */
    private static void printLargeApps() {
        for (int count : new int[] {100, 333, 1000}) {
            PlannerBench bench = new PlannerBench(LARGE_ON, 1, count);
            Situation changed = bench.changed();
            System.out.printf(
                    "nodes=%d apps=1 instances=%d another image: %s%n",
                    LARGE_ON, count, median(() -> {}, () -> Reconciler.plan(changed)));
        }
    }

    /**
     * What a plan costs. Wall time tells what a change waits for, on a machine that has nothing else to do; CPU time is the same on a busy one.
     *
     * @param before done before each, and not counted
     */
    private static String median(Runnable before, Runnable plan) {
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        double[] wallMs = new double[RUNS];
        double[] cpuMs = new double[RUNS];
        long allocated = 0;
        for (int run = -WARM_UP; run < RUNS; run++) {
            int slot = Math.max(0, run);
            before.run();
            long bytes = thread.getCurrentThreadAllocatedBytes();
            long cpu = thread.getCurrentThreadCpuTime();
            long begin = System.nanoTime();
            plan.run();
            wallMs[slot] = (System.nanoTime() - begin) / 1e6;
            cpuMs[slot] = (thread.getCurrentThreadCpuTime() - cpu) / 1e6;
            allocated = thread.getCurrentThreadAllocatedBytes() - bytes;
        }
        Arrays.sort(wallMs);
        Arrays.sort(cpuMs);
        return String.format(
                "%.1f ms, CPU %.1f ms, allocates %.1f MB", wallMs[RUNS / 2], cpuMs[RUNS / 2], allocated / 1e6);
    }

    private static String ip(int node) {
        return "10." + node / 62_500 + "." + node / 250 % 250 + "." + (node % 250 + 1);
    }

    private void add(int app) {
        String name = "app" + app;
        AppRow row = new AppRow(app + 1, name, "registry/" + name + ":1", 256, instances, 0, "", 0, new TreeMap<>());
        Revision revision =
                Revision.of(name, row.image(), row.memoryMb(), row.env(), 0).withDigest("sha256:1");
        rows.add(row);
        revisions.put(revision.id(), revision);
        rollouts.put(
                name, Rollout.begin(name, revision.id(), "", NOW, NOW + 300_000).done());
        List<String> endpoints = new ArrayList<>();
        for (int i = 0; i < instances; i++) {
            int node = (app * instances + i) % nodeCount;
            String address = ip(node) + ":" + (20_000 + byNode.get(node).size());
            endpoints.add(address);
            byNode.get(node).add(instance(name + "-" + i, row, revision, ip(node), address));
        }
        table.apps().put(Sim.NAMING.keyOf(name), RouteTable.normal(endpoints));
    }

    private static Instance instance(String id, AppRow row, Revision revision, String node, String address) {
        return new Instance(
                id,
                row.name(),
                revision.id(),
                node,
                address,
                InstanceState.RUNNING,
                true,
                NOW,
                row.memoryMb(),
                row.image(),
                revision.digest(),
                null,
                "",
                null,
                false,
                false);
    }

    private RealState real(String lost) {
        TreeMap<String, NodeView> nodes = new TreeMap<>();
        for (int i = 0; i < nodeCount; i++) {
            long seen = ip(i).equals(lost) ? NOW - policy.staleMs() - 1 : NOW;
            List<Instance> there = byNode.get(i);
            nodes.put(
                    ip(i),
                    new NodeView(
                            ip(i),
                            1971,
                            true,
                            seen,
                            0,
                            65_536,
                            there.size() * 256L,
                            32_768,
                            Set.of(),
                            Map.of("zone", "z" + i % 3),
                            0,
                            there));
        }
        return new RealState(0, nodeCount, nodes);
    }

    /** The situation that follows a plan with nothing left to do. */
    private Situation settled() {
        RouteView view = RouteView.unknown()
                .read("e1", 1, table, NOW - 60_000)
                .withLeases(Map.of("r1", new RouterLease("e1", 1, Map.of(), NOW, "")));
        Situation first = new Situation(
                DesiredState.of(rows, List.of(), Sim.NAMING),
                revisions,
                real(""),
                view,
                Progress.start(rollouts),
                Map.of(),
                Map.of(),
                policy,
                Sim.NAMING,
                NOW);
        return with(first, first.real(), Reconciler.plan(first).progress());
    }

    private Situation withoutNode(Situation calm) {
        return with(calm, real(ip(0)), calm.progress());
    }

    /** One instance of an app has ended. */
    private Situation withoutInstance(Situation calm) {
        TreeMap<String, NodeView> nodes = new TreeMap<>(calm.real().nodes());
        nodes.computeIfPresent(
                ip(0),
                (ip, node) -> node.with(
                        node.instances().subList(1, node.instances().size()),
                        node.usedMb() - 256,
                        node.images(),
                        node.pulls()));
        return with(calm, new RealState(0, nodeCount, nodes), calm.progress());
    }

    private Situation changed() {
        Situation calm = settled();
        AppRow row = rows.get(0);
        AppRow other =
                new AppRow(1, row.name(), "registry/other:2", row.memoryMb(), instances, 0, "", 0, new TreeMap<>());
        return with(calm, DesiredState.of(List.of(other), List.of(), Sim.NAMING), calm.real(), calm.progress());
    }

    private static Situation with(Situation s, RealState real, Progress progress) {
        return with(s, s.desired(), real, progress);
    }

    private static Situation with(Situation s, DesiredState desired, RealState real, Progress progress) {
        return new Situation(
                desired,
                s.revisions(),
                real,
                s.routes(),
                progress,
                s.verdicts(),
                s.commands(),
                s.policy(),
                s.naming(),
                s.now());
    }
}
