package io.dinp.server.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dinp.common.http.Reply;
import io.dinp.common.http.Request;
import io.dinp.common.json.Json;
import io.dinp.server.core.Event;
import io.dinp.server.core.Instance;
import io.dinp.server.core.NodeStanding;
import io.dinp.server.core.NodeView;
import io.dinp.server.core.NodeWish;
import io.dinp.server.core.Situation;
import io.dinp.server.mysql.NodeStore;
import io.dinp.server.state.ClusterState;
import io.dinp.server.state.ClusterState.Heard;
import io.dinp.server.state.StoredNode;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** The nodes as the original shows them and as operators need them, and what operators wish of one. */
final class NodeApi {

    private static final int DEFAULT_DEADLINE_SECONDS = 3600;
    private static final int MAX_DEADLINE_SECONDS = 7 * 86_400;

    private final ClusterState cluster;
    private final NodeStore store;
    private final Consumer<Event> forget;
    private final Runnable signal;
    private final LongSupplier clock;

    /**
     * Over the cluster's state.
     *
     * @param forget has the node of an event dropped from what is stored
     * @param signal asks for a look at the desired state and a plan, now
     */
    NodeApi(ClusterState cluster, NodeStore store, Consumer<Event> forget, Runnable signal, LongSupplier clock) {
        this.cluster = cluster;
        this.store = store;
        this.forget = forget;
        this.signal = signal;
        this.clock = clock;
    }

    /**
     * A node: first what the original tells, then ours.
     *
     * @param updateAt Unix seconds of the last beat, 0 when there was none since the server's start
     * @param capacity MB that instances may have
     * @param used MB that instances have been promised
     * @param drainBy epoch ms from which what could not be moved is stopped, 0 for never
     */
    private record View(
            @JsonProperty("Ip") String ip,
            @JsonProperty("MemFree") long memFree,
            @JsonProperty("UpdateAt") long updateAt,
            @JsonProperty("State") String state,
            @JsonProperty("Capacity") long capacity,
            @JsonProperty("Used") long used,
            @JsonProperty("Labels") Map<String, String> labels,
            @JsonProperty("Instances") long instances,
            @JsonProperty("Cordoned") boolean cordoned,
            @JsonProperty("Draining") boolean draining,
            @JsonProperty("DrainBy") long drainBy) {}

    /** All nodes that are known, also those that have not been heard since the server's start. */
    static Reply list(ClusterState cluster, Optional<Situation> situation, long now) {
        Map<String, Heard> heard = cluster.heard();
        SortedMap<String, View> views = new TreeMap<>();
        cluster.snapshot(now).nodes().forEach((ip, node) -> views.put(ip, view(node, heard.get(ip), situation)));
        return Reply.json(200, views);
    }

    private static View view(NodeView node, Heard heard, Optional<Situation> situation) {
        NodeStanding standing =
                situation.map(s -> s.progress().standings().get(node.ip())).orElse(NodeStanding.SUSPECT);
        NodeWish wish = situation.map(s -> s.desired().wish(node.ip())).orElse(NodeWish.NONE);
        return new View(
                node.ip(),
                node.memFree(),
                heard == null ? 0 : heard.at() / 1000,
                standing.name().toLowerCase(Locale.ROOT),
                node.capacityMb(),
                node.usedMb(),
                new TreeMap<>(node.labels()),
                node.instances().stream().filter(Instance::live).count(),
                wish.cordoned(),
                wish.draining(),
                wish.deadline());
    }

    /** Nothing new is placed on the node; what runs stays, also what was about to leave. */
    Reply cordon(Request request) throws SQLException {
        return wish(request, new NodeWish(true, false, 0));
    }

    /** The node is as any other again. */
    Reply uncordon(Request request) throws SQLException {
        return wish(request, NodeWish.NONE);
    }

    /** Everything leaves the node; by force when the deadline is over. */
    Reply drain(Request request) throws SQLException {
        int seconds = deadlineSeconds(request.body());
        return wish(request, new NodeWish(true, true, seconds == 0 ? 0 : clock.getAsLong() + seconds * 1000L));
    }

    private Reply wish(Request request, NodeWish wish) throws SQLException {
        String ip = request.pathVar("ip");
        Optional<StoredNode> node = cluster.known(ip);
        if (node.isEmpty()) {
            return unknown(ip);
        }
        store.wish(node.get(), wish);
        signal.run();
        return Reply.json(200, Map.of("msg", ""));
    }

    /** The body of a drain. */
    private record Deadline(@JsonProperty("deadlineSeconds") Integer deadlineSeconds) {}

    private static int deadlineSeconds(byte[] body) {
        Integer wanted;
        try {
            Deadline deadline = body.length == 0 ? null : Json.read(body, Deadline.class);
            wanted = deadline == null ? null : deadline.deadlineSeconds();
        } catch (IOException e) {
            throw new IllegalArgumentException("body must be JSON {\"deadlineSeconds\":3600}: " + e.getMessage(), e);
        }
        if (wanted == null) {
            return DEFAULT_DEADLINE_SECONDS;
        }
        if (wanted < 0 || wanted > MAX_DEADLINE_SECONDS) {
            throw new IllegalArgumentException("deadlineSeconds is " + wanted + ": give 1 to " + MAX_DEADLINE_SECONDS
                    + ", or 0 to stop nothing by force");
        }
        return wanted;
    }

    /** Forgets a node that is gone for good, with what was wished of it. */
    Reply forget(Request request) {
        String ip = request.pathVar("ip");
        long now = clock.getAsLong();
        return switch (cluster.forget(ip, now)) {
            case UNKNOWN -> unknown(ip);
            case BEATS ->
                Reply.error(
                        409,
                        "node " + ip + " beats, or has not been silent for long enough: stop its agent and try again"
                                + " when the node is lost");
            case YES -> {
                forget.accept(new Event(now, "node-forgotten", "", "", ip, "by command"));
                signal.run();
                yield Reply.json(202, Map.of("msg", ""));
            }
        };
    }

    private static Reply unknown(String ip) {
        return Reply.error(404, "there is no node " + ip);
    }
}
