package io.dinp.server.core;

import io.dinp.common.model.ImageOrder;
import io.dinp.common.model.ImagePull;
import io.dinp.common.model.ImageRef;
import io.dinp.common.model.PullState;
import io.dinp.common.model.Revision;
import java.util.ArrayList;
import java.util.Comparator;
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
        boolean ours = !rollout.lastGood().isEmpty() && facts.live().stream().anyMatch(Instance::servable);
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

    /** Where the missing instances would go: on trial, one after the other, as the old ones leave for them. */
    private List<NodeView> chosen() {
        Placement placement = facts.placement();
        List<Instance> old = new ArrayList<>(facts.live());
        old.removeIf(i -> i.revision().equals(rollout.target()));
        List<Instance> left = new ArrayList<>();
        List<String> places = new ArrayList<>();
        int room = Starts.room(facts);
        for (int lack = Starts.lackOf(facts, rollout.target(), Set.of()); lack > 0; lack--, room--) {
            if (room <= 0) {
                leave(old, left);
            }
            Optional<String> place = Starts.place(facts, revision);
            while (place.isEmpty() && leave(old, left)) {
                place = Starts.place(facts, revision);
            }
            place.ifPresent(places::add);
        }
        places.forEach(ip -> placement.giveBack(ip, facts.app(), revision.id(), revision.memoryMb()));
        left.forEach(i -> placement.take(i.node(), i.app(), i.revision(), i.memoryMb()));
        Map<String, NodeView> nodes = draft.situation().real().nodes();
        return places.stream().distinct().map(ip -> nodes.get(ip)).toList();
    }

    /** The next old instance goes as {@link Removals} would have it: from the fullest node, the youngest. */
    private boolean leave(List<Instance> old, List<Instance> left) {
        Placement placement = facts.placement();
        Optional<Instance> next = old.stream()
                .min(Comparator.<Instance>comparingLong(i -> -placement.fill(i.node()))
                        .thenComparing(i -> -i.startedAt())
                        .thenComparing(Instance::id));
        next.ifPresent(instance -> {
            old.remove(instance);
            left.add(instance);
            placement.giveBack(instance.node(), instance.app(), instance.revision(), instance.memoryMb());
        });
        return next.isPresent();
    }
}
