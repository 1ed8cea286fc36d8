package io.dinp.server.core;

import io.dinp.common.model.RouterLease;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A plan that asked for nothing, with what it was made from: as long as the situation differs only in what no decision
 * looked at, another plan would ask for nothing too, and need not be made. In a large installation that is nearly always
 * so, since beats say that all is as it was.
 *
 * <p>Left out of the comparison are the times of beats, as long as they give each node the same standing, free memory, which
 * bears on placement alone, and what is under way at routers while nobody waits for it. Whatever else a situation has
 * is compared, also what may be added to it later.
 */
public final class Standstill {

    private final Situation from;
    private final Plan plan;

    private Standstill(Situation from, Plan plan) {
        this.from = from;
        this.plan = plan;
    }

    /** The standstill that a plan has found, empty when it changes anything or it was too early to say. */
    public static Optional<Standstill> of(Situation from, Plan plan) {
        boolean still =
                plan.isQuiet() && plan.routes().isPresent() && plan.progress().equals(from.progress());
        return still ? Optional.of(new Standstill(from, plan)) : Optional.empty();
    }

    /** True when a plan from here would be the same. */
    public boolean holds(Situation now) {
        boolean early = now.now() >= from.now() && now.now() < plan.steadyUntil();
        return early
                && sameNodes(now)
                && apartFromNodes(now).equals(from)
                && NodeJudge.judge(now.real(), now.desired().nodes(), now.policy(), now.now())
                        .equals(plan.progress().standings())
                && cutOff(now) == cutOff(from);
    }

    /** Told to people, even when it spares nodes that are suspect anyway. */
    private static boolean cutOff(Situation situation) {
        return NodeJudge.cutOff(situation.real(), situation.desired().nodes(), situation.policy(), situation.now());
    }

    /** Epoch ms at which it may end by itself. */
    public long endsAt(Situation now) {
        return Math.min(plan.steadyUntil(), NodeJudge.nextChange(now.real(), now.policy(), now.now()));
    }

    /** A situation as it would be with the nodes, the leases and the time of before. */
    private Situation apartFromNodes(Situation now) {
        return new Situation(
                now.desired(),
                now.revisions(),
                from.real(),
                withKnownLeases(now.routes()),
                now.progress(),
                now.verdicts(),
                now.commands(),
                now.policy(),
                now.naming(),
                from.now());
    }

    private RouteView withKnownLeases(RouteView now) {
        boolean same = counted(now.leases()).equals(counted(from.routes().leases()));
        return same ? now.with(from.routes().leases(), from.routes().lastLeases()) : now;
    }

    /** What counts of the leases: requests under way only while somebody waits for their end. */
    private Map<String, RouterLease> counted(Map<String, RouterLease> leases) {
        Map<String, RouterLease> counted = new TreeMap<>();
        leases.forEach((id, lease) -> counted.put(
                id,
                new RouterLease(
                        lease.epoch(), lease.version(), plan.awaitsRouters() ? lease.inflight() : Map.of(), 0, "")));
        return counted;
    }

    private boolean sameNodes(Situation now) {
        RealState real = now.real();
        RealState known = from.real();
        if (real.since() != known.since()
                || real.stored() != known.stored()
                || real.nodes().size() != known.nodes().size()) {
            return false;
        }
        Iterator<NodeView> before = known.nodes().values().iterator();
        return real.nodes().values().stream().allMatch(node -> node.differsInTheBeatOnly(before.next()));
    }
}
