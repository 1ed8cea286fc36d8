package io.dinp.server.core;

import io.dinp.common.model.ImageOrder;
import io.dinp.common.model.ImagePull;
import io.dinp.common.model.ImageRef;
import io.dinp.common.model.PullState;
import io.dinp.common.model.Revision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Has the image of a change on the nodes that will need it before anything of the app moves, so that a slow or dead registry
 * takes nothing from what serves. One node asks for a tag and so learns the content, the others get that content. A node whose
 * agent takes no image orders pulls when it starts the instance, as ever.
 */
final class Prefetch {

    /** Nodes that pull for one app at the same time: a registry has to stand it. */
    private static final int AT_ONCE = 10;

    private final AppFacts facts;
    private final Draft draft;
    private final Rollout rollout;
    private final Revision revision;

    private Prefetch(AppFacts facts, Rollout rollout, Revision revision) {
        this.facts = facts;
        this.draft = facts.draft();
        this.rollout = rollout;
        this.revision = revision;
    }

    /** Orders what has to be pulled. Returns what the change waits for, "" when its instances may start. */
    static String order(AppFacts facts, Rollout rollout) {
        if (rollout == null
                || !rollout.changes()
                || rollout.paused()
                || facts.held(rollout)
                || !serves(facts, rollout)) {
            return "";
        }
        return facts.draft()
                .revision(rollout.target(), facts.desired())
                .map(revision -> new Prefetch(facts, rollout, revision).order())
                .orElse("");
    }

    /** Why the image cannot be had on one of the nodes, as this try of the deploy has found. */
    static Optional<Failure> failure(AppFacts facts, Rollout rollout) {
        return facts.draft().pull(wish(rollout), PullState.FAILED).map(failed -> {
            String reason =
                    "pull failed on " + failed.node() + ": " + failed.pull().reason();
            return Failure.of(rollout, facts.draft().now(), Failure.PULL, reason)
                    .on(failed.node());
        });
    }

    /** True while a node pulls for this try of the deploy. */
    static boolean underWay(AppFacts facts, Rollout rollout) {
        return facts.draft().pull(wish(rollout), PullState.PULLING).isPresent();
    }

    private static String wish(Rollout rollout) {
        return rollout.app() + "/" + rollout.startedAt();
    }

    /** A first deploy takes nothing away from anybody, so it need not wait. */
    private static boolean serves(AppFacts facts, Rollout rollout) {
        boolean ours = facts.live().stream()
                .anyMatch(i -> i.servable() && !i.revision().equals(rollout.target()));
        boolean legacy = facts.legacy().stream()
                .anyMatch(i -> i.servable() && !facts.legacyOfTarget().contains(i));
        return facts.wanted() > 0 && (ours || legacy);
    }

    private String order() {
        List<NodeView> nodes = chosen();
        if (!revision.digest().isEmpty()) {
            return order(nodes, revision.digest());
        }
        if (nodes.size() == 1) {
            return nodes.get(0).images().contains(revision.image()) ? "" : order(nodes, "");
        }
        return learn(nodes);
    }

    /** A tag may move while several nodes ask for it, so one asks and the others get what it has got. */
    private String learn(List<NodeView> nodes) {
        Optional<NodeView> learner =
                nodes.stream().filter(node -> node.pulls().known()).findFirst();
        if (learner.isEmpty()) {
            return "";
        }
        Optional<ImagePull> learnt =
                learner.get().pulls().of(wanted("")).filter(pull -> pull.state() == PullState.READY);
        if (learnt.isEmpty()) {
            return order(List.of(learner.get()), "");
        }
        String digest = learnt.get().digest();
        if (!digest.isEmpty()) {
            draft.store(revision.withDigest(digest));
        }
        return order(nodes, digest);
    }

    private String order(List<NodeView> nodes, String digest) {
        ImageOrder wanted = wanted(digest);
        List<NodeView> lacking =
                nodes.stream().filter(node -> lacks(node, wanted)).toList();
        if (lacking.isEmpty()) {
            return "";
        }
        List<NodeView> untold = lacking.stream()
                .filter(node -> node.pulls().of(wanted).isEmpty())
                .toList();
        int underWay = lacking.size() - untold.size();
        untold.stream().limit(Math.max(0, AT_ONCE - underWay)).forEach(node -> pull(node.ip(), wanted, lacking.size()));
        String more = lacking.size() == 1 ? "" : " and " + (lacking.size() - 1) + " more";
        return "pulling " + revision.image() + " on " + lacking.get(0).ip() + more + " before anything moves";
    }

    private boolean lacks(NodeView node, ImageOrder wanted) {
        boolean onDisk = !wanted.digest().isEmpty()
                && node.images().contains(ImageRef.parse(revision.image()).byDigest(wanted.digest()));
        return node.pulls().known()
                && !onDisk
                && node.pulls()
                        .of(wanted)
                        .filter(pull -> pull.state() == PullState.READY)
                        .isEmpty();
    }

    private void pull(String node, ImageOrder wanted, int lacking) {
        if (draft.order(new Action.Pull(node, wanted))) {
            draft.event(
                    "pull",
                    facts.app(),
                    "",
                    node,
                    "revision " + revision.shortId() + ", " + revision.image(),
                    Inputs.pull(facts, wanted.digest(), lacking));
        }
    }

    private ImageOrder wanted(String digest) {
        return new ImageOrder(revision.image(), digest, facts.app(), revision.id(), wish(rollout));
    }

    /** Where the missing instances would go, in that order; where there is no room yet, as if the old ones were gone. */
    private List<NodeView> chosen() {
        int lack = Starts.lackOf(facts, rollout.target(), Set.of());
        List<Instance> old = facts.live().stream()
                .filter(i -> !i.revision().equals(rollout.target()))
                .toList();
        Placement placement = draft.placement();
        List<String> places = places(lack);
        if (places.size() < lack) {
            old.forEach(i -> placement.giveBack(i.node(), i.app(), i.memoryMb()));
            places.addAll(places(lack - places.size()));
            old.forEach(i -> placement.take(i.node(), i.app(), i.memoryMb()));
        }
        places.forEach(ip -> placement.giveBack(ip, facts.app(), revision.memoryMb()));
        Map<String, NodeView> nodes = draft.situation().real().nodes();
        return places.stream().distinct().map(ip -> nodes.get(ip)).toList();
    }

    private List<String> places(int count) {
        List<String> places = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Optional<String> place = Starts.place(facts, revision);
            if (place.isEmpty()) {
                break;
            }
            places.add(place.get());
        }
        return places;
    }
}
