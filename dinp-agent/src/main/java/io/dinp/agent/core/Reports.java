package io.dinp.agent.core;

import io.dinp.common.model.ContainerReport;
import io.dinp.common.model.ImagePull;
import io.dinp.common.model.InstanceState;
import io.dinp.common.model.NodeReport;
import io.dinp.common.model.PortMapping;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Builds what the agent tells the server. */
public final class Reports {
    /**
     * What changes from beat to beat.
     *
     * @param seq number of the report, rising also over restarts of the agent
     * @param memFreeMb memory that is available now
     * @param capacityMb memory that instances may have in sum
     * @param entries the journal
     * @param legacy containers of the original
     * @param statuses the engine's words by container id
     * @param resting ports that wait for the server's word
     * @param images names and digests of local images
     * @param pulls what has become of the image orders
     */
    public record Snapshot(
            long seq,
            long memFreeMb,
            long capacityMb,
            List<Entry> entries,
            List<Legacy> legacy,
            Map<String, String> statuses,
            List<Integer> resting,
            List<String> images,
            List<ImagePull> pulls) {}

    private Reports() {}

    /** The heartbeat for the snapshot, its containers in the order of their instances. */
    public static NodeReport report(NodeFacts node, Snapshot now) {
        return new NodeReport(
                node.ip(),
                now.memFreeMb(),
                containers(node, now),
                node.identity(),
                node.cluster(),
                now.seq(),
                node.bootId(),
                now.capacityMb(),
                usedMb(now.entries(), now.legacy()),
                node.agentPort(),
                now.resting(),
                node.labels(),
                now.images(),
                node.token(),
                node.version(),
                now.pulls());
    }

    /** Sum of the memory limits of everything that runs or is about to. */
    public static long usedMb(List<Entry> entries, List<Legacy> legacy) {
        long ours = entries.stream()
                .filter(entry -> entry.state() != InstanceState.EXITED && entry.state() != InstanceState.FAILED)
                .mapToLong(entry -> entry.spec().memoryMb())
                .sum();
        return ours
                + legacy.stream().mapToLong(one -> one.container().memoryMb()).sum();
    }

    private static List<ContainerReport> containers(NodeFacts node, Snapshot now) {
        List<ContainerReport> reports = new ArrayList<>();
        now.entries().stream()
                .sorted(Comparator.comparing(Entry::instance))
                .forEach(entry -> reports.add(container(entry, node.cluster(), now.statuses())));
        now.legacy().stream()
                .sorted(Comparator.comparing(one -> one.container().id()))
                .forEach(one -> reports.add(container(one)));
        return reports;
    }

    /** One instance as it is reported. */
    public static ContainerReport container(Entry entry, String cluster, Map<String, String> statuses) {
        Run run = entry.run();
        return new ContainerReport(
                run.containerId(),
                entry.spec().image(),
                entry.spec().app(),
                ports(entry),
                status(entry, statuses),
                entry.instance(),
                entry.spec().revision(),
                cluster,
                entry.state(),
                entry.stage(),
                entry.reason(),
                run.exitCode(),
                run.oomKilled(),
                run.ready(),
                run.startedAt(),
                run.readyAt(),
                entry.spec().memoryMb(),
                run.digest(),
                entry.port());
    }

    private static ContainerReport container(Legacy one) {
        Inspected seen = one.container();
        return new ContainerReport(
                seen.id(),
                seen.image(),
                one.app(),
                one.listening() ? List.of(new PortMapping(seen.publicPort())) : List.of(),
                one.status(),
                "",
                "",
                "",
                InstanceState.RUNNING,
                null,
                "",
                null,
                false,
                one.listening(),
                seen.startedAt(),
                0,
                seen.memoryMb(),
                "",
                0);
    }

    private static List<PortMapping> ports(Entry entry) {
        boolean published = entry.run().publicPort() > 0
                && (entry.state() == InstanceState.RUNNING || entry.state() == InstanceState.STOPPING);
        return published ? List.of(new PortMapping(entry.run().publicPort())) : List.of();
    }

    private static String status(Entry entry, Map<String, String> statuses) {
        String words = entry.state() == InstanceState.RUNNING
                ? statuses.getOrDefault(entry.run().containerId(), "")
                : "";
        return words.isEmpty() ? entry.state().name().toLowerCase(Locale.ROOT) : words;
    }
}
