package io.dinp.server.core;

import io.dinp.common.model.Constraints;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** One app's instances, sorted into what matters for its plan. It is never told of those on lost nodes. */
final class AppFacts {

    /** So many endpoints are searched as quickly one by one as by their hashes. */
    private static final int FEW = 8;

    private final Draft draft;
    private final String app;
    private final DesiredApp desired;
    private final Rollout before;
    private final String key;
    private final Collection<String> endpoints;
    private final List<Instance> instances;
    private final List<Instance> live = new ArrayList<>();
    private final List<Instance> fallen = new ArrayList<>();
    private final List<Instance> legacy = new ArrayList<>();
    private final List<Instance> freshlyFallen = new ArrayList<>();
    private final List<Instance> legacyOfTarget = new ArrayList<>();
    private final List<Instance> leaving = new ArrayList<>();
    private final Set<String> back = new HashSet<>();

    AppFacts(Draft draft, String app, List<Instance> instances) {
        this.draft = draft;
        this.app = app;
        this.desired = draft.situation().desired().apps().get(app);
        this.before = draft.situation().progress().rollouts().get(app);
        this.key = desired != null && !desired.routed()
                ? ""
                : draft.situation().naming().keyOf(app);
        List<String> listed = draft.endpointsOf(key);
        this.endpoints = listed.size() <= FEW ? listed : Set.copyOf(listed);
        this.instances = instances;
        instances.forEach(this::sort);
    }

    private void sort(Instance instance) {
        if (instance.legacy()) {
            if (instance.live()) {
                legacy.add(instance);
                if (hasRowImage(instance)) {
                    legacyOfTarget.add(instance);
                }
            }
        } else if (instance.live()) {
            addLive(instance);
        } else if (instance.fallen()) {
            fallen.add(instance);
            if (draft.judge(instance)) {
                freshlyFallen.add(instance);
            }
        }
    }

    private void addLive(Instance instance) {
        live.add(instance);
        draft.sawLive(instance);
        if (mustLeave(instance)) {
            leaving.add(instance);
        }
        if (draft.isBack(instance)) {
            back.add(instance.id());
        }
    }

    /** Nobody is asked to leave a node whose agent may not hear it: should it be lost, its instances are replaced anyway. */
    private boolean mustLeave(Instance instance) {
        boolean wished =
                draft.wish(instance.node()).draining() || !lack(instance).isEmpty();
        return wished && desired != null && !draft.isCutOff() && draft.standing(instance.node()) == NodeStanding.READY;
    }

    /** What the app's constraints miss on the instance's node, "" when nothing; a row that cannot be read moves nobody. */
    private String lack(Instance instance) {
        if (desired == null || desired.faulty() || desired.constraints().terms().isEmpty()) {
            return "";
        }
        return desired.constraints()
                .lack(draft.situation().real().nodes().get(instance.node()).labels());
    }

    Draft draft() {
        return draft;
    }

    String app() {
        return app;
    }

    /** The checked row, null when the app has been deleted. */
    DesiredApp desired() {
        return desired;
    }

    /** The rollout as it was before this plan, null when there was none. */
    Rollout rollout() {
        return before;
    }

    /** Key of the app's route, "" when it is not to be routed. */
    String key() {
        return key;
    }

    /** How many instances shall serve. */
    int wanted() {
        return desired == null ? 0 : desired.instances();
    }

    /** How the app's deploys are rolled. */
    RolloutRules rules() {
        return desired == null ? RolloutRules.DEFAULT : desired.row().rules();
    }

    /** Instances that may be there above the wanted ones. */
    int surge() {
        return rules().surge(wanted(), draft.policy());
    }

    /** How many instances serve at least while this rollout lasts. */
    int promised(Rollout rollout) {
        boolean missesSome = rollout != null && (rollout.changes() || goesBackInPlace(rollout));
        return missesSome ? rules().promised(wanted()) : wanted();
    }

    /** True when an app that may have none too many is on its way back from another revision: it has no room before one of that goes. */
    private boolean goesBackInPlace(Rollout rollout) {
        return surge() == 0
                && live.stream().anyMatch(instance -> !instance.revision().equals(rollout.wanted()));
    }

    /** How many serve at least while instances leave their nodes of an app that may have none too many. */
    int leastServing() {
        return rules().promised(wanted());
    }

    /** True when the row is so wrong that nothing is known about what is wanted: what runs is left as it is. */
    boolean held(Rollout rollout) {
        boolean nothingToKeep = rollout == null || rollout.lastGood().isEmpty();
        return desired != null
                && desired.faulty()
                && (nothingToKeep || desired.row().instances() != desired.instances());
    }

    /** All its instances, also those that have ended and those of the original. */
    List<Instance> instances() {
        return instances;
    }

    /** Our instances from accepted order to running. */
    List<Instance> live() {
        return live;
    }

    /** Our instances that ended by themselves. */
    List<Instance> fallen() {
        return fallen;
    }

    /** Those of {@link #fallen()} that no plan has seen before. */
    List<Instance> freshlyFallen() {
        return freshlyFallen;
    }

    /** Those whose end says something about the current try: they were live in the last plan. */
    List<Instance> justFallen() {
        return freshlyFallen.isEmpty()
                ? freshlyFallen
                : freshlyFallen.stream().filter(draft::wasLive).toList();
    }

    /** Instances that are out of sight with their node, and not counted; looked for only when somebody is told. */
    List<Instance> away() {
        return draft.situation().real().nodes().values().stream()
                .filter(node -> draft.standing(node.ip()) == NodeStanding.LOST)
                .flatMap(node -> node.instances().stream())
                .filter(i -> i.app().equals(app) && i.live())
                .toList();
    }

    /** Containers of the original that belong to this app. */
    List<Instance> legacy() {
        return legacy;
    }

    /** Containers of the original made from the image that the row names now. */
    List<Instance> legacyOfTarget() {
        return legacyOfTarget;
    }

    private boolean hasRowImage(Instance instance) {
        return desired != null
                && (instance.image().isEmpty()
                        || instance.image().equals(desired.row().image()));
    }

    /** All that have to leave their nodes, though they may serve well: others take their places first. */
    List<Instance> leaving() {
        return leaving;
    }

    /** True when it has to leave its node. */
    boolean leaves(Instance instance) {
        return !leaving.isEmpty() && leaving.contains(instance);
    }

    /** Why an instance has to leave its node. */
    String whyItLeaves(Instance instance) {
        if (overdue(instance)) {
            return "the deadline of its node's drain has passed";
        }
        return draft.wish(instance.node()).draining()
                ? "its node is being drained"
                : "its node " + lack(instance) + ", which its app's constraints exclude";
    }

    /** True when its node's drain has waited long enough: it goes, whether others took its place or not. */
    boolean overdue(Instance instance) {
        return leaves(instance) && draft.wish(instance.node()).overdue(draft.now());
    }

    /** True when its node was lost and is back. */
    boolean isBack(Instance instance) {
        return back.contains(instance.id());
    }

    /** True when some instance's node was lost and is back: then what was started in its place is to go. */
    boolean anyBack() {
        return !back.isEmpty();
    }

    /** Remembers those that are back for as long as there are more than wanted. */
    void rememberBack() {
        if (live.size() > wanted()) {
            back.forEach(draft::keepsBack);
        }
    }

    /** What is left of the nodes, with the app's instances counted for its spread. */
    Placement placement() {
        Placement placement = draft.placement();
        placement.count(app, live, legacy);
        return placement;
    }

    /** On which nodes its instances may be placed. */
    Constraints constraints() {
        return desired == null ? Constraints.NONE : desired.constraints();
    }

    /** True when it is to be replaced. */
    boolean sick(Instance instance) {
        return draft.situation().verdicts().containsKey(instance.id());
    }

    /** True when the health monitor has called it sick, not only a person asked for another one. */
    boolean failsHealth(Instance instance) {
        Verdict verdict = draft.situation().verdicts().get(instance.id());
        return verdict != null && !verdict.asked();
    }

    /** True when it has been called sick for so long that it goes although nothing can take its place. */
    boolean sickTooLong(Instance instance) {
        Verdict verdict = draft.situation().verdicts().get(instance.id());
        if (verdict == null || verdict.asked()) {
            return false;
        }
        long end = verdict.since() + Policy.SICK_LIMIT_MS;
        if (draft.now() < end) {
            draft.followUp(end);
            return false;
        }
        return true;
    }

    /** True when the app's key has it. */
    boolean routed(Instance instance) {
        return endpoints.contains(instance.address());
    }

    /** True when requests reach it: ready, routed, and every router knows. */
    boolean available(Instance instance) {
        if (!instance.servable()) {
            return false;
        }
        if (key.isEmpty()) {
            return true;
        }
        return routed(instance) && applied(draft.routes().addedAt(instance.address()));
    }

    private boolean applied(Stamp change) {
        long limit = draft.policy().drain().toMillis();
        if (draft.routes().applied(change, draft.now(), limit)) {
            return true;
        }
        draft.followUp(change.at() + limit);
        return false;
    }

    /** True when an old instance may go for it: requests reach it, and one of a new revision has done so for the bake time. */
    boolean proven(Instance instance, Rollout rollout) {
        return available(instance) && baked(instance, rollout);
    }

    private boolean baked(Instance instance, Rollout rollout) {
        boolean bakes = rollout != null
                && rollout.changes()
                && instance.revision().equals(rollout.target())
                && !key.isEmpty()
                && !draft.wasDraining(instance);
        if (!bakes) {
            return true;
        }
        long end = draft.routes().addedAt(instance.address()).at() + rules().bakeMs(draft.policy());
        if (draft.now() < end) {
            draft.followUp(end);
            return false;
        }
        return true;
    }

    /** Of the instances of the target that serve, those that have done so for the bake time. */
    long baked(Rollout rollout) {
        return live.stream()
                        .filter(i -> i.revision().equals(rollout.target()))
                        .filter(i -> i.servable() && (key.isEmpty() || routed(i)) && baked(i, rollout))
                        .count()
                + legacyOfTarget().stream().filter(Instance::servable).count();
    }

    /** Ready instances of a revision that are in the table, or cannot be because the app is not routed. */
    long serving(String revision) {
        return live.stream()
                        .filter(i -> i.revision().equals(revision))
                        .filter(i -> i.servable() && (key.isEmpty() || routed(i)))
                        .count()
                + legacyOfTarget().stream().filter(Instance::servable).count();
    }
}
