package io.dinp.server.core;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.TreeSet;

/** Tells, once each, what operators wish of nodes, how far a drain has come, and that a wish was taken back. */
final class WishNews {

    private static final String CORDONED = "node-cordoned";
    private static final String DRAINING = "node-draining";

    private final Draft draft;

    private WishNews(Draft draft) {
        this.draft = draft;
    }

    static void tell(Draft draft) {
        WishNews news = new WishNews(draft);
        draft.situation().desired().nodes().forEach(news::wish);
        news.takenBack();
    }

    private void wish(String ip, NodeWish wish) {
        NodeView node = draft.situation().real().nodes().get(ip);
        if (node == null) {
            return;
        }
        if (!wish.fault().isEmpty()) {
            draft.notice("node-wish-refused", "", ip, wish.fault());
        }
        if (wish.draining()) {
            drain(node, wish);
        } else if (wish.cordoned()) {
            draft.notice(CORDONED, "", ip, "nothing new is placed there; what runs stays");
        }
    }

    private void drain(NodeView node, NodeWish wish) {
        boolean forced = wish.deadline() != 0;
        draft.notice(
                DRAINING,
                "",
                node.ip(),
                forced
                        ? "its instances move to other nodes; what is left at " + time(wish.drainBy()) + " is stopped"
                        : "its instances move to other nodes; nothing is stopped by force");
        if (isEmpty(node)) {
            draft.notice("node-drained", "", node.ip(), "nothing of the platform runs there: it may be stopped");
        } else if (wish.overdue(draft.now())) {
            draft.notice("drain-overdue", "", node.ip(), "the deadline has passed: what is left is stopped");
        } else if (forced) {
            draft.followUp(wish.drainBy());
        }
    }

    /** Only a node that beats can be said to be empty. */
    private boolean isEmpty(NodeView node) {
        return draft.standing(node.ip()) == NodeStanding.READY
                && node.instances().stream().allMatch(i -> i.legacy() || i.fallen());
    }

    private static Instant time(long epochMs) {
        return Instant.ofEpochMilli(epochMs).truncatedTo(ChronoUnit.SECONDS);
    }

    private void takenBack() {
        Set<String> nodes = new TreeSet<>();
        for (String key : draft.situation().progress().notices()) {
            if (key.startsWith(CORDONED + "|") || key.startsWith(DRAINING + "|")) {
                nodes.add(key.split("\\|", 4)[2]);
            }
        }
        for (String ip : nodes) {
            if (draft.wish(ip).open() && draft.situation().real().nodes().containsKey(ip)) {
                draft.event("node-uncordoned", "", "", ip, "instances may be placed there again");
            }
        }
    }
}
