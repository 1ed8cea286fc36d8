package io.dinp.server.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Chooses which of our instances have to go, so that never fewer serve than promised: what serves goes only when as many
 * as wanted serve without it. The choice is stable: who is on the way out stays so while anybody has to go.
 */
final class Removals {

    private final AppFacts facts;
    private final Rollout rollout;
    private final String target;
    private final int wanted;
    private final Set<Instance> going = new HashSet<>();

    private Removals(AppFacts facts, Rollout rollout) {
        this.facts = facts;
        this.rollout = rollout;
        this.target = rollout == null ? "" : rollout.wanted();
        this.wanted = facts.wanted();
    }

    /** The instances that are to be drained and stopped. */
    static Set<Instance> choose(AppFacts facts, Rollout rollout) {
        if (facts.held(rollout)) {
            return Set.of();
        }
        Removals removals = new Removals(facts, rollout);
        for (Instance candidate : removals.candidates()) {
            if (removals.mayGo(candidate)) {
                removals.going.add(candidate);
            }
        }
        return removals.going;
    }

    private List<Instance> candidates() {
        List<Instance> ordered = new ArrayList<>(facts.live());
        ordered.sort(Comparator.<Instance, Boolean>comparing(i -> !facts.draft().wasDraining(i))
                .thenComparing(i -> !facts.sick(i))
                .thenComparing(i -> isTarget(i) ? 2 : isLastGood(i) ? 1 : 0)
                .thenComparing(Instance::servable)
                .thenComparing(facts::routed)
                .thenComparing(i -> -usedOn(i.node()))
                .thenComparing(i -> -i.startedAt())
                .thenComparing(Instance::id));
        return ordered;
    }

    private boolean mayGo(Instance candidate) {
        if (wanted == 0 || (isGivenUp(candidate) && !candidate.servable())) {
            return true;
        }
        boolean sick = facts.sick(candidate);
        if (isTarget(candidate) && !sick && healthyTargets() <= wanted) {
            return false;
        }
        if (candidate.servable()) {
            return servingWithout(candidate) >= wanted || (sick && facts.sickForMs(candidate) >= Policy.SICK_LIMIT_MS);
        }
        return isTarget(candidate) || servingTargets() >= wanted || (crowded() && !startedAgain(candidate));
    }

    private boolean isTarget(Instance instance) {
        return instance.revision().equals(target);
    }

    private boolean isLastGood(Instance instance) {
        return rollout != null && instance.revision().equals(rollout.lastGood());
    }

    /** An instance of a target that has failed. */
    private boolean isGivenUp(Instance instance) {
        return rollout != null
                && rollout.state() == RolloutState.FAILED
                && instance.revision().equals(rollout.target())
                && !isLastGood(instance);
    }

    private long healthyTargets() {
        return remaining(null).filter(i -> isTarget(i) && !facts.sick(i)).count()
                + facts.legacyOfTarget().size();
    }

    private long servingTargets() {
        return remaining(null)
                        .filter(i -> isTarget(i) && !facts.sick(i) && facts.available(i))
                        .count()
                + facts.legacyOfTarget().stream().filter(facts::available).count();
    }

    private long servingWithout(Instance candidate) {
        return remaining(candidate)
                        .filter(i -> !facts.sick(i) && facts.available(i))
                        .count()
                + facts.legacy().stream().filter(facts::available).count();
    }

    /** True when the target cannot grow because others, which serve nobody, fill its room. */
    private boolean crowded() {
        long total = remaining(null).count() + facts.legacyOfTarget().size();
        return healthyTargets() < wanted
                && total >= wanted + facts.draft().policy().surge(wanted);
    }

    /** True when the last good revision would be short of the candidate, so that the next plan would only start another one. */
    private boolean startedAgain(Instance candidate) {
        long others = remaining(candidate).filter(i -> !isTarget(i)).count()
                + facts.legacy().size()
                - facts.legacyOfTarget().size();
        return rollout != null && rollout.state() == RolloutState.ROLLING && servingTargets() + others < wanted;
    }

    private Stream<Instance> remaining(Instance without) {
        return facts.live().stream().filter(i -> !i.equals(without) && !going.contains(i));
    }

    private long usedOn(String node) {
        NodeView view = facts.draft().situation().real().nodes().get(node);
        return view == null ? 0 : view.usedMb();
    }
}
