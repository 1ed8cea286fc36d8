package io.dinp.dash.node;

import static io.dinp.web.Verb.GET;
import static io.dinp.web.Verb.POST;

import com.fasterxml.jackson.databind.JsonNode;
import io.dinp.common.json.Json;
import io.dinp.web.Access;
import io.dinp.web.Fields;
import io.dinp.web.PageController;
import io.dinp.web.Refusal;
import io.dinp.web.Who;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** {@code /node}: the machines, for administrators. */
public final class NodeController extends PageController {
    private static final int SHOWN = 200;
    private static final int DEFAULT_MINUTES = 60;
    private static final int MOST_MINUTES = 7 * 24 * 60;
    private static final String HOME = "/node";

    /** All nodes that the server hears from. */
    @Access(who = Who.ADMIN)
    public void index() {
        show();
    }

    /** Nothing new is placed on the node any more. */
    @Access(value = POST, who = Who.ADMIN, of = String.class, by = "ip")
    public void cordon() {
        act(() -> order(null, "cordon"));
    }

    /** Takes a cordon or a drain back. */
    @Access(value = POST, who = Who.ADMIN, of = String.class, by = "ip")
    public void uncordon() {
        act(() -> order(null, "uncordon"));
    }

    /** Empties the node; the GET page says what that means and asks for the deadline. */
    @Access(
            value = {GET, POST},
            who = Who.ADMIN,
            of = String.class,
            by = "ip")
    public void drain() {
        if (isPost() && done(HOME, this::doDrain)) {
            return;
        }
        put("ip", ip()).put("minutes", DEFAULT_MINUTES).put("mostMinutes", MOST_MINUTES);
        page("dash/node/drain.html");
    }

    /** What would happen if the node died now; nothing happens. */
    @Access(who = Who.ADMIN, of = String.class, by = "ip")
    public void whatif() {
        put("ip", ip()).put("forecast", service(WhatIf.class).died(ip()));
        page("dash/node/whatif.html");
    }

    private void doDrain() {
        Fields form = fields();
        int minutes = form.integer("deadline_minutes", DEFAULT_MINUTES, 0, MOST_MINUTES);
        form.verify();
        order(Map.of("deadlineSeconds", Duration.ofMinutes(minutes).toSeconds()), "drain");
    }

    private void act(Runnable change) {
        if (!done(HOME, change)) {
            show();
        }
    }

    private void order(Object body, String verb) {
        service(ServerClient.class).order(body, "nodes", ip(), verb);
    }

    /** As it came; what is no node's address is refused by the server. */
    private String ip() {
        String ip = subject(String.class);
        if (ip.isEmpty()) {
            throw Refusal.notFound();
        }
        return ip;
    }

    private void show() {
        Told<JsonNode> told = service(ServerClient.class).read(JsonNode.class, "nodes");
        List<Node> nodes = nodes(told);
        put("away", told.away());
        put("nodes", nodes.subList(0, Math.min(SHOWN, nodes.size())));
        put("further", Math.max(0, nodes.size() - SHOWN));
        put("detailed", nodes.stream().allMatch(Node::isDetailed));
        page(isPart() ? "dash/node/list-rows.html" : "dash/node/list.html");
    }

    private static List<Node> nodes(Told<JsonNode> told) {
        List<Node> nodes = new ArrayList<>();
        told.or(Json.mapper().createObjectNode())
                .forEach(node -> nodes.add(Json.mapper().convertValue(node, Node.class)));
        nodes.sort(Comparator.comparing(Node::isOdd).reversed().thenComparing(Node::ip));
        return nodes;
    }
}
