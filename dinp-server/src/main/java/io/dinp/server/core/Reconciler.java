package io.dinp.server.core;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The planner: what is wanted and what there is go in, what to do comes out. It is level-triggered: it never asks what
 * has happened, only what is, so a plan that was lost half-way is simply made again.
 */
public final class Reconciler {

    private Reconciler() {}

    /** The next steps from here. The same situation always gives the same plan. */
    public static Plan plan(Situation situation) {
        return plan(situation, standings(situation), News.everything(situation), Parts.none());
    }

    /** How each node stands in a situation. */
    static Map<String, NodeStanding> standings(Situation situation) {
        return NodeJudge.judge(situation.real(), situation.desired().nodes(), situation.policy(), situation.now());
    }

    /**
     * The same plan, where only some apps are worked out.
     *
     * @param news the apps of which the parts may not be what they were
     * @param parts what the plan before has found of each app; they become those of this plan
     */
    static Plan plan(Situation situation, Map<String, NodeStanding> standings, News news, Parts parts) {
        Draft draft = new Draft(situation, standings);
        if (!isWarm(situation)) {
            draft.followUp(situation.real().since() + situation.policy().staleMs() + 1);
            return draft.finish(
                    Optional.empty(), parts.live(situation.progress().live()));
        }
        tellNodes(draft, standings);
        WishNews.tell(draft);
        tellDomains(draft, news.wanted());
        Map<String, List<Instance>> byApp = news.instancesByApp(draft, parts);
        countMoves(draft, news.wanted(), byApp);
        RoutePlanner routes =
                new RoutePlanner(situation, standings, news.wanted().domains());
        news.ended(byApp.keySet()).forEach(parts::remove);
        byApp.forEach((app, instances) -> {
            draft.begin();
            parts.put(app, planApp(new AppFacts(draft, app, instances), routes));
        });
        RouteTable table = parts.table(situation.routes().table(), situation.naming());
        return draft.finish(Optional.of(table), parts.live(situation.progress().live()));
    }

    /** After a start nothing is judged by absence until every node known has spoken, or has had the time to. */
    private static boolean isWarm(Situation situation) {
        RealState real = situation.real();
        if (situation.progress().warm()
                || situation.now() - real.since() > situation.policy().staleMs()) {
            return true;
        }
        RouteView routes = situation.routes();
        boolean nothingToLose = real.stored() > 0
                || (routes.loaded()
                        && routes.table().apps().isEmpty()
                        && situation.progress().rollouts().isEmpty());
        return nothingToLose && real.nodes().values().stream().allMatch(NodeView::reported);
    }

    /** What leaves its node already has to be known before anything else begins to. */
    private static void countMoves(Draft draft, WantedIndex wanted, Map<String, List<Instance>> byApp) {
        DesiredState desired = draft.situation().desired();
        boolean drains = desired.nodes().values().stream().anyMatch(NodeWish::draining);
        if (!drains && !wanted.anyBound()) {
            return;
        }
        byApp.forEach((app, instances) -> {
            DesiredApp row = desired.apps().get(app);
            boolean bound = row != null && row.bound();
            boolean onDrained = drains
                    && instances.stream().anyMatch(i -> draft.wish(i.node()).draining());
            if (bound || onDrained) {
                draft.moves().count(new AppFacts(draft, app, instances));
            }
        });
    }

    private static AppPart planApp(AppFacts facts, RoutePlanner routes) {
        Draft draft = facts.draft();
        Rollout rollout = Rollouts.advance(facts);
        facts.freshlyFallen().forEach(instance -> draft.exit(Exit.of(instance, draft.now())));
        String image = Prefetch.order(facts, rollout);
        Set<Instance> going = Removals.choose(facts, rollout, !image.isEmpty());
        stop(facts, rollout, going);
        String waiting = Starts.order(facts, rollout, going, image);
        if (waiting.isEmpty() && rollout != null && rollout.changes()) {
            waiting = baking(facts, rollout);
        }
        learnDigests(facts);
        for (Instance instance : facts.fallen()) {
            draft.order(new Action.Forget(instance.node(), instance.id(), instance.app()));
        }
        AppRoutes entries = routes.of(facts, going);
        awaitRouters(facts, going);
        facts.rememberBack();
        boolean gone = facts.desired() == null && facts.live().isEmpty();
        if (rollout != null && !gone) {
            draft.rollout(facts.rollout(), explain(facts, rollout, waiting));
        } else if (facts.rollout() != null) {
            draft.drop(facts.rollout());
        }
        return new AppPart(facts.instances(), entries, draft.live(), !draft.isTouched() && isSettled(facts));
    }

    /** True when the app serves what it shall and nobody waits for anything; then its plan depends on nothing but its facts. */
    private static boolean isSettled(AppFacts facts) {
        return facts.desired() != null
                && !facts.desired().faulty()
                && facts.rollout() != null
                && facts.rollout().state() == RolloutState.DONE
                && facts.leaving().isEmpty();
    }

    private static String baking(AppFacts facts, Rollout rollout) {
        boolean bakes = facts.serving(rollout.target()) > facts.baked(rollout);
        long seconds = facts.rules().bakeMs(facts.draft().policy()) / 1000;
        return bakes ? "baking: a new instance has to serve " + seconds + " s before an old one goes for it" : "";
    }

    private static void stop(AppFacts facts, Rollout rollout, Set<Instance> going) {
        Draft draft = facts.draft();
        for (Instance instance : going.isEmpty() ? List.<Instance>of() : facts.live()) {
            if (!going.contains(instance)) {
                continue;
            }
            draft.drains(instance);
            if (!draft.wasDraining(instance)) {
                tellSick(facts, instance);
                draft.event(
                        "drain",
                        facts.app(),
                        instance.id(),
                        instance.node(),
                        whyItGoes(facts, instance),
                        Inputs.drain(facts, rollout, instance, going));
            }
            boolean reachesAgent = draft.standing(instance.node()) == NodeStanding.READY;
            int grace = (int) draft.policy().grace().toSeconds();
            if (reachesAgent
                    && Drain.over(instance, draft)
                    && draft.order(new Action.Stop(instance.node(), instance.id(), facts.app(), grace))) {
                draft.event(
                        "stop", facts.app(), instance.id(), instance.node(), "drained", Inputs.stop(facts, instance));
            }
        }
    }

    /** Its last output is worth as much as that of one that ended by itself. */
    private static void tellSick(AppFacts facts, Instance instance) {
        Verdict verdict = facts.draft().situation().verdicts().get(instance.id());
        if (verdict != null && !verdict.asked()) {
            facts.draft().exit(Exit.of(instance, facts.draft().now(), Failure.HEALTH, verdict.reason()));
        }
    }

    private static String whyItGoes(AppFacts facts, Instance instance) {
        if (facts.desired() == null) {
            return "its app has been deleted";
        }
        Verdict verdict = facts.draft().situation().verdicts().get(instance.id());
        if (verdict != null) {
            return (verdict.asked() ? "" : "sick: ") + verdict.reason();
        }
        if (facts.leaves(instance)) {
            return facts.whyItLeaves(instance);
        }
        boolean superseded = facts.desired()
                .revision()
                .filter(r -> !r.id().equals(instance.revision()))
                .isPresent();
        if (superseded) {
            return "another revision took its place";
        }
        String surplus = "more instances than the " + facts.wanted() + " wanted";
        return facts.anyBack() ? surplus + ": older ones are back with their node" : surplus;
    }

    /** A revision is pinned to what the first pull of its image gave. */
    private static void learnDigests(AppFacts facts) {
        String known = "";
        for (Instance instance : facts.live()) {
            if (!instance.digest().isEmpty() && !instance.revision().equals(known)) {
                known = instance.revision();
                facts.draft()
                        .revision(instance.revision(), facts.desired())
                        .filter(revision -> revision.digest().isEmpty())
                        .ifPresent(revision -> facts.draft().store(revision.withDigest(instance.digest())));
            }
        }
    }

    /** While something has to go, its successors' acknowledgement is what it waits for. */
    private static void awaitRouters(AppFacts facts, Set<Instance> going) {
        Draft draft = facts.draft();
        boolean surplus = facts.live().size() + facts.legacy().size() > facts.wanted() || !going.isEmpty();
        if (!surplus) {
            return;
        }
        for (Instance instance : facts.live()) {
            if (facts.routed(instance) && !facts.available(instance)) {
                draft.awaitRouters();
                draft.followUp(draft.routes().addedAt(instance.address()).at()
                        + draft.policy().drain().toMillis());
            }
        }
    }

    private static Rollout explain(AppFacts facts, Rollout rollout, String waiting) {
        if (rollout.state() == RolloutState.FAILED) {
            return rollout;
        }
        if (!waiting.isEmpty()) {
            facts.draft().notice("waiting", facts.app(), "", waiting, () -> Inputs.waiting(facts, rollout));
        }
        return rollout.because(waiting);
    }

    private static void tellNodes(Draft draft, Map<String, NodeStanding> standings) {
        Map<String, NodeStanding> before = draft.situation().progress().standings();
        for (NodeView node : draft.situation().real().nodes().values()) {
            NodeStanding standing = standings.get(node.ip());
            if (standing != before.get(node.ip())) {
                draft.event(
                        "node-" + standing.name().toLowerCase(Locale.ROOT),
                        "",
                        "",
                        node.ip(),
                        why(node, draft),
                        Inputs.node(node, draft.policy(), draft.now()));
            }
            if (node.penaltyUntil() > draft.now()) {
                draft.followUp(node.penaltyUntil());
            }
        }
        draft.followSilence(NodeJudge.nextChange(draft.situation().real(), draft.policy(), draft.now()));
        if (draft.isCutOff()) {
            draft.notice(
                    "cut-off",
                    "",
                    "",
                    "most nodes fell silent together: nothing is evicted",
                    () -> Inputs.cutOff(draft.situation().real(), draft.policy(), draft.now()));
        }
    }

    private static String why(NodeView node, Draft draft) {
        if (node.downAt() > 0) {
            return "its engine does not answer";
        }
        long silence = (draft.now() - node.lastSeen()) / 1000;
        return silence == 0 ? "it beats" : "last beat " + silence + " s ago";
    }

    private static void tellDomains(Draft draft, WantedIndex wanted) {
        draft.situation()
                .desired()
                .refusedDomains()
                .forEach((domain, reason) -> draft.notice("domain-refused", "", "", domain + " " + reason));
        for (String app : wanted.unrouted()) {
            draft.notice("name-taken", app, "", "an earlier app has the same host name; this one is not routed");
        }
    }
}
