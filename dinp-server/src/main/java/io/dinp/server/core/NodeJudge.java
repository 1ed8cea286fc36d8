package io.dinp.server.core;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Tells trusted nodes from silent ones, and a dead node from a server that is itself cut off. */
final class NodeJudge {

    /** Below this many nodes silence of most of them proves nothing about the server. */
    private static final int QUORUM = 3;

    private NodeJudge() {}

    /** The standing of each node by address. Nobody is lost while the server must take itself to be cut off. */
    static Map<String, NodeStanding> judge(RealState real, Map<String, NodeWish> wishes, Policy policy, long now) {
        boolean cutOff = cutOff(real, wishes, policy, now);
        Map<String, NodeStanding> standings = new TreeMap<>();
        for (NodeView node : real.nodes().values()) {
            NodeStanding standing = standing(node, policy, now);
            standings.put(node.ip(), cutOff && standing == NodeStanding.LOST ? NodeStanding.SUSPECT : standing);
        }
        return standings;
    }

    /**
     * True when more than half of three or more nodes fell silent within one stale period of each other: that is rather
     * the server's own network. Nodes that were drained and are empty prove nothing: they are expected to fall silent.
     */
    static boolean cutOff(RealState real, Map<String, NodeWish> wishes, Policy policy, long now) {
        List<NodeView> nodes = real.nodes().values().stream()
                .filter(node -> !isEmptied(node, wishes.getOrDefault(node.ip(), NodeWish.NONE)))
                .toList();
        long[] silent = nodes.stream()
                .mapToLong(NodeView::lastSeen)
                .filter(seen -> now - seen > policy.staleMs())
                .sorted()
                .toArray();
        for (int first = 0; first < silent.length; first++) {
            int last = first;
            while (last + 1 < silent.length && silent[last + 1] - silent[first] <= policy.staleMs()) {
                last++;
            }
            int aliveBefore = nodes.size() - first;
            if (aliveBefore >= QUORUM && (last - first + 1) * 2 > aliveBefore) {
                return true;
            }
        }
        return false;
    }

    private static boolean isEmptied(NodeView node, NodeWish wish) {
        return wish.draining() && node.instances().stream().noneMatch(Instance::live);
    }

    /** Epoch ms at which a node's silence changes its standing, if it goes on; {@link Long#MAX_VALUE} for never. */
    static long nextChange(RealState real, Policy policy, long now) {
        long next = Long.MAX_VALUE;
        for (NodeView node : real.nodes().values()) {
            NodeStanding standing = standing(node, policy, now);
            long limit = standing == NodeStanding.READY ? policy.suspectMs() : policy.staleMs();
            if (standing != NodeStanding.LOST) {
                next = Math.min(next, node.lastSeen() + limit + 1);
            }
        }
        return next;
    }

    private static NodeStanding standing(NodeView node, Policy policy, long now) {
        long silence = now - node.lastSeen();
        if (silence > policy.staleMs()) {
            return NodeStanding.LOST;
        }
        boolean trusted = node.reported() && node.downAt() == 0 && silence <= policy.suspectMs();
        return trusted ? NodeStanding.READY : NodeStanding.SUSPECT;
    }
}
