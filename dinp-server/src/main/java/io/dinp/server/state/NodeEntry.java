package io.dinp.server.state;

import io.dinp.common.model.ContainerReport;
import io.dinp.common.model.ImageOrder;
import io.dinp.common.model.InstanceState;
import io.dinp.common.model.NodeReport;
import io.dinp.server.core.Action;
import io.dinp.server.core.Instance;
import io.dinp.server.core.NodeView;
import io.dinp.server.core.Pulls;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What one node has told last. Guarded by its {@link ClusterState}. */
final class NodeEntry {

    /** A beat that its sender has given up may still come so much later. */
    private static final long LATEST_MS = 300_000;

    private final String ip;
    private String identity;
    private int agentPort;
    private Map<String, String> labels = Map.of();
    private NodeReport report;
    private long lastSeen;
    private long downAt;
    private long penaltyUntil;
    private Set<String> images = Set.of();
    private List<Instance> instances = List.of();
    private NodeView view;

    NodeEntry(String ip, String identity, int agentPort, long lastSeen) {
        this.ip = ip;
        this.identity = identity;
        this.agentPort = agentPort;
        this.lastSeen = lastSeen;
    }

    String ip() {
        return ip;
    }

    /** What MySQL is to know of it. */
    StoredNode toStore(String state) {
        return new StoredNode(ip, identity, agentPort, state, lastSeen, labels);
    }

    String identity() {
        return identity;
    }

    NodeReport report() {
        return report;
    }

    long lastSeen() {
        return lastSeen;
    }

    int agentPort() {
        return agentPort;
    }

    Map<String, String> labels() {
        return labels;
    }

    List<Instance> instances() {
        return instances;
    }

    /** The images that it was told to have ready, as its last beat has them. */
    Pulls pulls() {
        return report == null || report.pulls() == null ? Pulls.UNKNOWN : new Pulls(true, report.pulls());
    }

    long agentClock(long time) {
        return report == null || report.clock() <= 0 ? 0 : Math.max(1, report.clock() + time - lastSeen);
    }

    void penalise(long until) {
        penaltyUntil = until;
        touch();
    }

    /**
     * True when a beat has been overtaken: its node has sent another one since, which came first. Numbers follow the node's
     * clock, so a much lower one shows a clock that was set back.
     */
    boolean hasHeardLater(NodeReport late) {
        long behind = report == null || late.seq() == 0 ? 0 : report.seq() - late.seq();
        return behind > 0 && behind <= LATEST_MS && identity.equals(late.node());
    }

    /** Takes a beat; true when it says anything that a plan may depend on. */
    boolean take(NodeReport next, String cluster, long now) {
        Pulls pullsBefore = pulls();
        boolean news = report == null || downAt > 0 || report.capacityMb() != next.capacityMb();
        List<Instance> told = next.containers().stream()
                .filter(c -> !c.appName().isEmpty())
                .filter(c -> c.cluster().isEmpty() || c.cluster().equals(cluster))
                .map(this::instance)
                .toList();
        if (!told.equals(instances)) {
            instances = told;
            news = true;
        }
        if (report == null || !report.images().equals(next.images())) {
            images = Set.copyOf(next.images());
        }
        report = next;
        identity = next.node();
        agentPort = next.agentPort();
        labels = next.labels();
        lastSeen = now;
        downAt = 0;
        touch();
        return news || !pullsBefore.equals(pulls());
    }

    /** Notes that the engine of the node does not answer; true when that is new. */
    boolean down(long now) {
        boolean news = downAt == 0;
        downAt = news ? now : downAt;
        touch();
        return news;
    }

    private Instance instance(ContainerReport c) {
        boolean legacy = c.instance().isEmpty();
        int published = c.ports().isEmpty() ? 0 : c.ports().get(0).publicPort();
        int port = published > 0 || legacy ? published : c.leasedPort();
        boolean legacyUp = legacy && (c.status().isEmpty() || c.status().startsWith("Up")) && published > 0;
        InstanceState state = legacy ? (legacyUp ? InstanceState.RUNNING : InstanceState.STOPPING) : stateOf(c);
        return new Instance(
                legacy ? c.id() : c.instance(),
                c.appName(),
                c.revision(),
                ip,
                port > 0 ? ip + ":" + port : "",
                state,
                legacy ? legacyUp : c.ready(),
                c.startedAt(),
                c.memoryMb(),
                c.image(),
                c.digest(),
                c.stage(),
                c.reason(),
                c.exitCode(),
                c.oomKilled(),
                legacy);
    }

    private static InstanceState stateOf(ContainerReport c) {
        return c.state() == null ? InstanceState.ACCEPTED : c.state();
    }

    /** Something about the node has changed, or about the orders on their way to it. */
    void touch() {
        view = null;
    }

    /** The node as a plan sees it, orders under way included; the same view until something changes. */
    NodeView view(Collection<PendingOrder> pending) {
        if (view == null) {
            view = merged(pending);
        }
        return view;
    }

    private NodeView merged(Collection<PendingOrder> pending) {
        Map<String, PendingOrder> byInstance = new HashMap<>();
        List<ImageOrder> underWay = new ArrayList<>();
        for (PendingOrder order : pending) {
            if (order.action() instanceof Action.Pull pull) {
                underWay.add(pull.order());
            } else {
                byInstance.put(order.action().instance(), order);
            }
        }
        List<Instance> merged = new ArrayList<>();
        for (Instance instance : instances) {
            PendingOrder order = byInstance.remove(instance.id());
            merged.add(order == null || order.isStart() ? instance : instance.stopping());
        }
        long promised = 0;
        for (PendingOrder order : byInstance.values()) {
            if (order.isStart()) {
                merged.add(order.instance());
                promised += order.instance().memoryMb();
            }
        }
        return new NodeView(
                ip,
                agentPort,
                report != null,
                lastSeen,
                downAt,
                report == null ? 0 : Math.max(0, report.capacityMb()),
                (report == null ? 0 : Math.max(0, report.usedMb())) + promised,
                report == null ? 0 : report.memFree(),
                images,
                labels,
                penaltyUntil,
                merged,
                pulls().with(underWay));
    }
}
