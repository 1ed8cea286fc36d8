package io.dinp.server.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

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
    private final List<Candidate> remaining = new ArrayList<>();
    private final Map<String, Long> freedMb = new HashMap<>();
    /** Targets too many that have to wait for others before they may go; nobody else goes in their stead. */
    private int waiting;

    private Removals(AppFacts facts, Rollout rollout, boolean awaitsImage) {
        this.facts = facts;
        this.rollout = rollout;
        this.target = rollout == null ? "" : rollout.wanted();
        this.wanted = facts.wanted();
        facts.live().forEach(instance -> remaining.add(new Candidate(instance)));
        boolean begun = remaining.stream().anyMatch(candidate -> candidate.target);
        this.promised = awaitsImage && !begun ? wanted : facts.promised(rollout);
    }

    /**
     * The instances that are to be drained and stopped.
     *
     * @param awaitsImage the target's image is not where it is needed: nothing is missed for it before its first instance
     */
    static Set<Instance> choose(AppFacts facts, Rollout rollout, boolean awaitsImage) {
        if (facts.held(rollout)) {
            return facts.live().stream().filter(facts::overdue).collect(Collectors.toSet());
        }
        if (facts.wanted() == 0) {
            return Set.copyOf(facts.live());
        }
        Removals removals = new Removals(facts, rollout, awaitsImage);
        // In most plans nobody of an app may go, and then it does not matter who would be the first.
        boolean nobody = removals.remaining.stream().noneMatch(removals::mayGo);
        return nobody ? Set.of() : removals.chooseFromFullest();
    }

    /** An instance that has not been chosen, with what is asked of it again and again. */
    private final class Candidate {
        private final Instance instance;
        private final boolean target;
        private final boolean sick;
        private final boolean leaves;
        private Boolean serves;

        Candidate(Instance instance) {
            this.instance = instance;
            this.target = instance.revision().equals(Removals.this.target);
            this.sick = facts.sick(instance);
            this.leaves = facts.leaves(instance);
        }

        boolean serves() {
            if (serves == null) {
                serves = !sick && !facts.draft().wasDraining(instance) && facts.proven(instance, rollout);
            }
            return serves;
        }

        /** A target that is to go only when there are more of them than wanted. */
        boolean isHealthyTarget() {
            return target && !sick && !leaves;
        }

        boolean isLastGood() {
            return rollout != null && instance.revision().equals(rollout.lastGood());
        }

        /** An instance of a target that has failed. */
        boolean isGivenUp() {
            return rollout != null
                    && rollout.state() == RolloutState.FAILED
                    && instance.revision().equals(rollout.target())
                    && !isLastGood();
        }
    }

    /** Whoever goes makes its node emptier, so the order of the others is judged anew. */
    private Set<Instance> chooseFromFullest() {
        Set<Instance> going = new HashSet<>();
        List<Candidate> left = new ArrayList<>(remaining);
        left.sort(order());
        while (!left.isEmpty()) {
            Candidate candidate = left.remove(0);
            if (mayGo(candidate)) {
                going.add(candidate.instance);
                remaining.remove(candidate);
                freedMb.merge(candidate.instance.node(), (long) candidate.instance.memoryMb(), Long::sum);
                left.sort(order());
            } else if (candidate.isHealthyTarget() && healthyTargets() - waiting > wanted) {
                waiting++;
            }
        }
        return going;
    }

    private Comparator<Candidate> order() {
        return Comparator.<Candidate, Boolean>comparing(c -> !facts.draft().wasDraining(c.instance))
                .thenComparing(c -> !c.sick)
                .thenComparing(c -> !c.leaves)
                .thenComparing(c -> c.target ? 2 : c.isLastGood() ? 1 : 0)
                .thenComparing(c -> c.instance.servable())
                .thenComparing(c -> facts.routed(c.instance) || facts.isBack(c.instance))
                .thenComparing(c -> facts.isBack(c.instance))
                .thenComparing(c -> facts.anyBack() ? -c.instance.startedAt() : 0)
                .thenComparing(c -> -fillOf(c.instance.node()))
                .thenComparing(c -> -c.instance.startedAt())
                .thenComparing(c -> c.instance.id());
    }

    private boolean mayGo(Candidate candidate) {
        Instance instance = candidate.instance;
        if (facts.overdue(instance) || (candidate.isGivenUp() && !instance.servable())) {
            return true;
        }
        if (isPaused() && !candidate.leaves && !facts.draft().wasDraining(instance)) {
            return false;
        }
        if (candidate.isHealthyTarget() && healthyTargets() - waiting <= wanted) {
            return false;
        }
        return instance.servable() ? isSpared(candidate) : isNoLoss(candidate);
    }

    /** True when as many as promised serve without one that serves, or it has been sick for too long. */
    private boolean isSpared(Candidate candidate) {
        int serving = servingWithout(candidate);
        return serving >= promised
                || (candidate.sick && facts.sickTooLong(candidate.instance))
                || (candidate.leaves && serving >= facts.leastServing() && movesInPlace(candidate.instance));
    }

    /** True when one that serves nobody is not needed. */
    private boolean isNoLoss(Candidate candidate) {
        if (candidate.target) {
            return !candidate.leaves || healthyTargets() >= wanted || movesInPlace(candidate.instance);
        }
        return servingTargets() >= wanted || (crowded() && !startedAgain(candidate));
    }

    /** True when an app that may have none too many has to give its instance up before another node can take it. */
    private boolean movesInPlace(Instance instance) {
        return facts.surge() == 0 && facts.placement().hasRoom(instance.memoryMb(), facts.constraints());
    }

    private boolean isPaused() {
        return rollout != null && rollout.changes() && rollout.paused();
    }

    private int healthyTargets() {
        int count = facts.legacyOfTarget().size();
        for (Candidate other : remaining) {
            count += other.isHealthyTarget() ? 1 : 0;
        }
        return count;
    }

    private int servingTargets() {
        int count = availableOf(facts.legacyOfTarget());
        for (Candidate other : remaining) {
            count += other.target && other.serves() ? 1 : 0;
        }
        return count;
    }

    private int servingWithout(Candidate candidate) {
        int count = availableOf(facts.legacy());
        for (Candidate other : remaining) {
            count += other != candidate && other.serves() ? 1 : 0;
        }
        return count;
    }

    private int availableOf(List<Instance> instances) {
        return (int) instances.stream().filter(facts::available).count();
    }

    /** True when the target cannot grow because others, which serve nobody, fill its room. */
    private boolean crowded() {
        int total = remaining.size() + facts.legacyOfTarget().size();
        return healthyTargets() < wanted && total >= wanted + facts.surge();
    }

    /** True when the last good revision would be short of the candidate, so that the next plan would only start another one. */
    private boolean startedAgain(Candidate candidate) {
        int others = facts.legacy().size() - facts.legacyOfTarget().size();
        for (Candidate other : remaining) {
            others += other != candidate && !other.target ? 1 : 0;
        }
        return rollout != null && rollout.state() == RolloutState.ROLLING && servingTargets() + others < promised;
    }

    /** Per mille of the node's memory that is promised, without what is going already. */
    private long fillOf(String node) {
        NodeView view = facts.draft().situation().real().nodes().get(node);
        long freed = freedMb.getOrDefault(node, 0L);
        return view == null || view.capacityMb() == 0 ? 0 : (view.usedMb() - freed) * 1000 / view.capacityMb();
    }
}
