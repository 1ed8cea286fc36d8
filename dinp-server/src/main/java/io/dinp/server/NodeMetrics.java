package io.dinp.server;

import io.dinp.common.metrics.Metrics;
import io.dinp.server.core.NodeStanding;
import io.dinp.server.core.NodeView;
import io.dinp.server.core.NodeWish;
import io.dinp.server.core.Situation;
import io.prometheus.metrics.core.metrics.Gauge;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** How many nodes there are of each kind, for whoever is to be woken when too many are lost or forgotten in a drain. */
final class NodeMetrics {

    private static final Gauge NODES = Metrics.gauge("dinp_server_nodes", "Nodes by state.", "state");
    private static final Gauge CLOSED =
            Metrics.gauge("dinp_server_nodes_closed", "Nodes on which nothing is placed by wish.", "wish");

    private NodeMetrics() {}

    /** Shows the nodes as the last plan left them. */
    static void show(Situation situation) {
        Map<NodeStanding, Integer> standings = new EnumMap<>(NodeStanding.class);
        int cordoned = 0;
        int draining = 0;
        for (NodeView node : situation.real().nodes().values()) {
            standings.merge(
                    situation.progress().standings().getOrDefault(node.ip(), NodeStanding.LOST), 1, Integer::sum);
            NodeWish wish = situation.desired().wish(node.ip());
            draining += wish.draining() ? 1 : 0;
            cordoned += wish.cordoned() && !wish.draining() ? 1 : 0;
        }
        for (NodeStanding standing : NodeStanding.values()) {
            NODES.labelValues(standing.name().toLowerCase(Locale.ROOT)).set(standings.getOrDefault(standing, 0));
        }
        CLOSED.labelValues("cordoned").set(cordoned);
        CLOSED.labelValues("draining").set(draining);
    }
}
