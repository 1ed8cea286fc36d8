package io.dinp.server.state;

import io.dinp.common.model.NodeReport;
import io.dinp.server.core.Action;
import io.dinp.server.core.Instance;
import io.dinp.server.core.NodeView;
import io.dinp.server.core.RealState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What runs, as the nodes tell it, together with the orders that no report has confirmed yet: the only mutable object
 * that plans are made from.
 */
public final class ClusterState {

    private static final long PENALTY_MS = 2_000;

    private final String cluster;
    private final long staleMs;
    private long since;
    private final SortedMap<String, NodeEntry> nodes = new TreeMap<>();
    /** Identity to the address from which it was last heard. */
    private final Map<String, String> addresses = new HashMap<>();

    private final Map<String, PendingOrder> pending = new HashMap<>();
    private int stored;

    /**
     * An empty state.
     *
     * @param cluster containers of other clusters on the same nodes are not ours
     * @param staleMs silence after which another machine may take over an address
     * @param now epoch ms when listening begins
     */
    public ClusterState(String cluster, long staleMs, long now) {
        this.cluster = cluster;
        this.staleMs = staleMs;
        this.since = now;
    }

    /** Begins to listen later than it was made: who could not be heard before has not been silent. */
    public synchronized void listen(long now) {
        since = now;
    }

    /** Takes over the nodes that MySQL knows; they count as silent since the server's start. */
    public synchronized void restore(Collection<StoredNode> known) {
        stored = known.size();
        known.forEach(node ->
                nodes.putIfAbsent(node.ip(), new NodeEntry(node.ip(), node.identity(), node.agentPort(), since)));
    }

    /**
     * What became of a beat.
     *
     * @param refusal why it was refused, "" when it was not
     * @param news it says something that a plan may depend on
     */
    public record Taken(String refusal, boolean news) {}

    /** Takes a beat. */
    public synchronized Taken apply(NodeReport report, long now) {
        if (!report.cluster().isEmpty() && !report.cluster().equals(cluster)) {
            return new Taken("node belongs to cluster " + report.cluster() + ", not to " + cluster, false);
        }
        NodeEntry entry = nodes.get(report.ip());
        if (entry != null && isAnother(entry, report, now)) {
            return new Taken(
                    "address " + report.ip() + " is that of node " + entry.identity() + ", which beats: a second node "
                            + report.node() + " with the same address is refused",
                    false);
        }
        Optional<NodeEntry> twin = twin(report, now);
        if (twin.isPresent()) {
            return new Taken(
                    "node " + report.node() + " beats from " + twin.get().ip() + " already: a second one with the same"
                            + " identity at " + report.ip() + " is refused; give it a stateDir of its own",
                    false);
        }
        if (entry == null) {
            entry = new NodeEntry(report.ip(), report.node(), report.agentPort(), now);
            nodes.put(report.ip(), entry);
        }
        if (entry.hasHeardLater(report)) {
            return new Taken("", false);
        }
        addresses.put(report.node(), report.ip());
        boolean news = entry.take(report, cluster, now);
        return new Taken("", confirm(report.ip(), entry, now) || news);
    }

    /** Another machine that says to be the same node: a clone, whose containers would be counted as the first one's. */
    private Optional<NodeEntry> twin(NodeReport report, long now) {
        String address = report.node().isEmpty() ? null : addresses.get(report.node());
        return address == null || address.equals(report.ip())
                ? Optional.empty()
                : Optional.ofNullable(nodes.get(address))
                        .filter(entry -> entry.identity().equals(report.node()) && now - entry.lastSeen() <= staleMs);
    }

    private boolean isAnother(NodeEntry entry, NodeReport report, long now) {
        return !entry.identity().isEmpty()
                && !report.node().isEmpty()
                && !entry.identity().equals(report.node())
                && entry.report() != null
                && now - entry.lastSeen() <= staleMs;
    }

    /** Drops the orders that a report shows done, or lost; true when there was one. */
    private boolean confirm(String node, NodeEntry entry, long now) {
        if (pending.isEmpty()) {
            return false;
        }
        Set<String> reported = new HashSet<>();
        entry.instances().forEach(instance -> reported.add(instance.id()));
        return drop(order -> order.action().node().equals(node) && (shows(entry, reported, order) || order.lost(now)));
    }

    /** Forgets orders; true when there was one. */
    private boolean drop(Predicate<PendingOrder> which) {
        return pending.values().removeIf(order -> {
            boolean drops = which.test(order);
            if (drops) {
                touch(order.action().node());
            }
            return drops;
        });
    }

    private void touch(String node) {
        NodeEntry entry = nodes.get(node);
        if (entry != null) {
            entry.touch();
        }
    }

    private static boolean shows(NodeEntry entry, Set<String> reported, PendingOrder order) {
        return order.action() instanceof Action.Pull pull
                ? entry.pulls().shows(pull.order())
                : order.isStart() == reported.contains(order.action().instance());
    }

    /** Notes that a node's engine does not answer; true when that is news. Unknown nodes are ignored. */
    public synchronized boolean down(String ip, long now) {
        NodeEntry entry = nodes.get(ip);
        return entry != null && entry.down(now);
    }

    /** What became of the wish to forget a node. */
    public enum Forgotten {
        /** Nothing is known of it any more; should it beat again, it is a new node. */
        YES,
        /** It is not known. */
        UNKNOWN,
        /** It beats, or has not been silent for long enough to say that it does not. */
        BEATS
    }

    /** Forgets a node that is gone for good, so that no start of a server waits for it. */
    public synchronized Forgotten forget(String ip, long now) {
        NodeEntry entry = nodes.get(ip);
        if (entry == null) {
            return Forgotten.UNKNOWN;
        }
        if (now - entry.lastSeen() <= staleMs) {
            return Forgotten.BEATS;
        }
        nodes.remove(ip);
        addresses.values().remove(ip);
        pending.values().removeIf(order -> order.action().node().equals(ip));
        return Forgotten.YES;
    }

    /** Notes an order before it is sent. */
    public synchronized void sent(Action action, long now) {
        pending.put(action.key(), new PendingOrder(action, now));
        touch(action.node());
    }

    /** Notes how sending an order ended. */
    public synchronized void settled(Action action, OrderResult result, long now) {
        PendingOrder order = pending.get(action.key());
        if (order == null || order.action() != action) {
            return;
        }
        order.settle(result, now);
        if (result instanceof OrderResult.Accepted) {
            return;
        }
        NodeEntry node = nodes.get(action.node());
        if (node != null) {
            node.penalise(now + PENALTY_MS);
        }
        if (order.brings() && result instanceof OrderResult.Refused) {
            pending.remove(action.key());
        }
    }

    /**
     * A time of ours by the clock of a node's agent, or a little earlier: it is taken for later here than it was there by as long as the
     * last beat was on its way. 0 when its agent tells no clock.
     */
    public synchronized long agentClock(String ip, long time) {
        NodeEntry node = nodes.get(ip);
        return node == null ? 0 : node.agentClock(time);
    }

    /** What a plan may see now. */
    public synchronized RealState snapshot(long now) {
        drop(order -> order.expired(now) || isHopeless(order, now));
        Map<String, List<PendingOrder>> byNode = new HashMap<>();
        pending.values()
                .forEach(order -> byNode.computeIfAbsent(order.action().node(), n -> new ArrayList<>())
                        .add(order));
        SortedMap<String, NodeView> views = new TreeMap<>();
        nodes.forEach((ip, entry) -> views.put(ip, entry.view(byNode.getOrDefault(ip, List.of()))));
        return new RealState(since, stored, views);
    }

    /** Half the stale period: by then its node is suspect and gets no new instance either. */
    private boolean isHopeless(PendingOrder order, long now) {
        NodeEntry node = nodes.get(order.action().node());
        return node != null && order.hopeless(node.lastSeen(), staleMs / 2, now);
    }

    /** The last beat of a node with the time it came. */
    public record Heard(NodeReport report, long at) {}

    /** The last beat of each node heard since the start, by address. */
    public synchronized SortedMap<String, Heard> heard() {
        SortedMap<String, Heard> all = new TreeMap<>();
        nodes.forEach((ip, entry) -> {
            if (entry.report() != null) {
                all.put(ip, new Heard(entry.report(), entry.lastSeen()));
            }
        });
        return all;
    }

    /** An instance by its id. */
    public synchronized Optional<Instance> find(String instance) {
        return nodes.values().stream()
                .flatMap(node -> node.instances().stream())
                .filter(i -> i.id().equals(instance))
                .findFirst();
    }

    /** A node as it is known now, heard or not. */
    public synchronized Optional<StoredNode> known(String ip) {
        return Optional.ofNullable(nodes.get(ip)).map(entry -> entry.toStore(""));
    }

    /** What MySQL is to know of each node heard. */
    public synchronized List<StoredNode> toStore(Map<String, String> states) {
        List<StoredNode> all = new ArrayList<>();
        nodes.forEach((ip, entry) -> {
            if (entry.report() != null) {
                all.add(entry.toStore(states.getOrDefault(ip, "")));
            }
        });
        return all;
    }
}
