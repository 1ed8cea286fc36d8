package io.dinp.server.rpc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.dinp.common.config.Secret;
import io.dinp.common.json.Json;
import io.dinp.common.model.HeartbeatReply;
import io.dinp.common.model.NodeReport;
import io.dinp.common.rpc.RpcMethod;
import io.dinp.server.core.PortRelease;
import io.dinp.server.core.RouteView;
import io.dinp.server.state.ClusterState;
import io.dinp.server.state.RouterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code NodeState.Push} and {@code NodeState.NodeDown}: takes what nodes tell, and tells them which of their resting
 * ports may be used again. A caller without the cluster's token is refused, unless plain heartbeats are allowed.
 */
public final class Heartbeats {

    private static final Logger log = LoggerFactory.getLogger(Heartbeats.class);
    private static final int REFUSED = 1;
    private static final int MOST_REFUSALS = 1000;
    private static final String IPV4 = "(\\d{1,3})(\\.\\d{1,3}){3}";

    private final ClusterState cluster;
    private final RouterRegistry routers;
    private final Supplier<RouteView> routes;
    private final Secret token;
    private final boolean plain;
    private final LongSupplier clock;
    private final Runnable news;
    private final Map<String, String> told = new ConcurrentHashMap<>();

    /**
     * Takes beats into a cluster's state.
     *
     * @param plain takes beats without a token
     * @param news told when a beat says something that a plan may depend on
     */
    public Heartbeats(
            ClusterState cluster,
            RouterRegistry routers,
            Supplier<RouteView> routes,
            Secret token,
            boolean plain,
            LongSupplier clock,
            Runnable news) {
        this.cluster = cluster;
        this.routers = routers;
        this.routes = routes;
        this.token = token;
        this.plain = plain;
        this.clock = clock;
        this.news = news;
    }

    /** The methods by their names on the wire. */
    public Map<String, RpcMethod> methods() {
        return Map.of("NodeState.Push", this::push, "NodeState.NodeDown", this::down);
    }

    private HeartbeatReply push(JsonNode params) throws JsonProcessingException {
        return take(Json.mapper().treeToValue(params.path(0), NodeReport.class));
    }

    /** Takes a beat. Throws {@link IllegalArgumentException} when it is no beat of this cluster. */
    public HeartbeatReply take(NodeReport report) {
        if (report == null || !report.ip().matches(IPV4) || report.ip().startsWith("127.")) {
            throw new IllegalArgumentException("Ip must be the node's own IPv4 address, not a loopback one");
        }
        requireToken(report.ip(), report.token());
        long now = clock.getAsLong();
        ClusterState.Taken taken = cluster.apply(report, now);
        if (!taken.refusal().isEmpty()) {
            refuse(report.ip() + "/" + report.node(), taken.refusal());
            return new HeartbeatReply(REFUSED, List.of());
        }
        told.remove(report.ip() + "/" + report.node());
        if (taken.news()) {
            news.run();
        }
        return new HeartbeatReply(
                0, PortRelease.of(report.ip(), report.restingPorts(), routes.get(), routers.registered(now)));
    }

    private HeartbeatReply down(JsonNode params) {
        JsonNode first = params.path(0);
        String ip = first.isObject() ? first.path("Ip").asText() : first.asText();
        String sent =
                first.isObject() ? first.path("Token").asText() : params.path(1).asText();
        requireToken(ip, sent);
        return down(ip);
    }

    /** Takes an agent's word that the engine of its node does not answer. */
    public HeartbeatReply down(String ip) {
        if (cluster.down(ip, clock.getAsLong())) {
            log.warn("node says its engine does not answer node={}", ip);
            news.run();
        }
        return new HeartbeatReply(0, List.of());
    }

    private void requireToken(String ip, String sent) {
        if ((plain && sent.isEmpty()) || token.matches(sent)) {
            return;
        }
        String reason = sent.isEmpty() ? "Token is missing" : "Token is not the cluster's";
        refuse(ip, reason);
        throw new IllegalArgumentException(reason);
    }

    /** Says each refusal once in the log, not with every beat. */
    private void refuse(String who, String reason) {
        if (told.size() > MOST_REFUSALS) {
            told.clear();
        }
        if (!reason.equals(told.put(who, reason))) {
            log.warn("heartbeat refused from={} reason={}", who, reason);
        }
    }
}
