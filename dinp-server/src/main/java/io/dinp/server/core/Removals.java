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
    private final int promised;
    private final Set<Instance> going = new HashSet<>();

    private Removals(AppFacts facts, Rollout rollout) {
        this.facts = facts;
        this.rollout = rollout;
        this.target = rollout == null ? "" : rollout.wanted();
        this.wanted = facts.wanted();
        this.promised = facts.promised(rollout);
    }

    /** The instances that are to be drained and stopped. */
    static Set<Instance> choose(AppFacts facts, Rollout rollout) {
        if (facts.held(rollout)) {
            return Set.of();
        }
        Removals removals = new Removals(facts, rollout);
        removals.chooseFromFullest();
        return removals.going;
    }

    /** Whoever goes makes its node emptier, so the order of the others is judged anew. */
    private void chooseFromFullest() {
        List<Instance> left = new ArrayList<>(facts.live());
        left.sort(order());
        while (!left.isEmpty()) {
            Instance candidate = left.remove(0);
            if (mayGo(candidate)) {
                going.add(candidate);
                left.sort(order());
            }
        }
    }

    private Comparator<Instance> order() {
        return Comparator.<Instance, Boolean>comparing(i -> !facts.draft().wasDraining(i))
                .thenComparing(i -> !facts.sick(i))
                .thenComparing(i -> isTarget(i) ? 2 : isLastGood(i) ? 1 : 0)
                .thenComparing(Instance::servable)
                .thenComparing(facts::routed)
                .thenComparing(i -> -fillOf(i.node()))
                .thenComparing(i -> -i.startedAt())
                .thenComparing(Instance::id);
    }

    private boolean mayGo(Instance candidate) {
        if (wanted == 0 || (isGivenUp(candidate) && !candidate.servable())) {
            return true;
        }
        if (isPaused() && !facts.draft().wasDraining(candidate)) {
            return false;
        }
        boolean sick = facts.sick(candidate);
        if (isTarget(candidate) && !sick && healthyTargets() <= wanted) {
            return false;
        }
        if (candidate.servable()) {
            return servingWithout(candidate) >= promised
                    || (sick && facts.sickForMs(candidate) >= Policy.SICK_LIMIT_MS);
        }
        return isTarget(candidate) || servingTargets() >= wanted || (crowded() && !startedAgain(candidate));
    }

    private boolean isPaused() {
        return rollout != null && rollout.changes() && rollout.paused();
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
                        .filter(i -> isTarget(i) && !facts.sick(i) && facts.proven(i, rollout))
                        .count()
                + facts.legacyOfTarget().stream().filter(facts::available).count();
    }

    private long servingWithout(Instance candidate) {
        return remaining(candidate)
                        .filter(i -> !facts.sick(i) && facts.proven(i, rollout))
                        .count()
                + facts.legacy().stream().filter(facts::available).count();
    }

    /** True when the target cannot grow because others, which serve nobody, fill its room. */
    private boolean crowded() {
        long total = remaining(null).count() + facts.legacyOfTarget().size();
        return healthyTargets() < wanted && total >= wanted + facts.surge();
    }

    /** True when the last good revision would be short of the candidate, so that the next plan would only start another one. */
    private boolean startedAgain(Instance candidate) {
        long others = remaining(candidate).filter(i -> !isTarget(i)).count()
                + facts.legacy().size()
                - facts.legacyOfTarget().size();
        return rollout != null && rollout.state() == RolloutState.ROLLING && servingTargets() + others < promised;
    }

    private Stream<Instance> remaining(Instance without) {
        return facts.live().stream().filter(i -> !i.equals(without) && !going.contains(i));
    }

    /** Per mille of the node's memory that is promised, without what is going already. */
    private long fillOf(String node) {
        NodeView view = facts.draft().situation().real().nodes().get(node);
        long freed = going.stream()
                .filter(i -> i.node().equals(node))
                .mapToLong(Instance::memoryMb)
                .sum();
        return view == null || view.capacityMb() == 0 ? 0 : (view.usedMb() - freed) * 1000 / view.capacityMb();
    }
}
