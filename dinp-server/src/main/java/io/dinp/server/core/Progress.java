package io.dinp.server.core;

import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the planner remembers from one plan to the next. Only the rollouts are stored; losing the rest delays, and harms
 * nothing.
 *
 * @param warm every known node has been heard, or had the time to speak
 * @param rollouts by app
 * @param draining instances taken out of the routes on the way to their stop
 * @param live instances that were on their way or running, those just ordered included
 * @param returned instances whose node was lost and is back, while their app has more than it needs
 * @param judged fallen instances that have been counted already
 * @param avoid {@code app@node} to the time until which other nodes are preferred
 * @param standings of nodes, as last told
 * @param notices standing complaints that have been told already
 */
public record Progress(
        boolean warm,
        SortedMap<String, Rollout> rollouts,
        Set<String> draining,
        Set<String> live,
        Set<String> returned,
        Set<String> judged,
        Map<String, Long> avoid,
        Map<String, NodeStanding> standings,
        Set<String> notices) {

    /** What a server that has just started remembers. */
    public static Progress start(SortedMap<String, Rollout> stored) {
        return new Progress(
                false, new TreeMap<>(stored), Set.of(), Set.of(), Set.of(), Set.of(), Map.of(), Map.of(), Set.of());
    }
}
