package io.dinp.server.core;

import io.dinp.common.model.Revision;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What shall happen next.
 *
 * @param actions orders to agents
 * @param routes the whole table that Redis should hold; empty while it is too early to say
 * @param progress what to remember for the next plan
 * @param rollouts rows to store
 * @param statuses {@code app.status} to write, in the transaction of the rollouts
 * @param dropped apps that are gone for good, whose rollout goes too
 * @param revisions specs to store: new ones, and known ones whose digest has become known
 * @param failures why deploys were given up
 * @param exits instances whose end is news
 * @param events what changed, and why
 * @param awaitsRouters something waits for a router's acknowledgement: read the leases often
 * @param followUpAt epoch ms at which to plan again even if nothing happens, {@link Long#MAX_VALUE} for never
 * @param steadyUntil epoch ms until which the clock alone changes no decision, as long as all nodes beat; that of the
 *     plan when it looked for room, which any beat may give or take
 */
public record Plan(
        List<Action> actions,
        Optional<RouteTable> routes,
        Progress progress,
        List<Rollout> rollouts,
        Map<String, Integer> statuses,
        Set<String> dropped,
        List<Revision> revisions,
        List<Failure> failures,
        List<Exit> exits,
        List<Event> events,
        boolean awaitsRouters,
        long followUpAt,
        long steadyUntil) {

    /** True when it asks for nothing and changes nothing. */
    public boolean isQuiet() {
        return actions.isEmpty()
                && rollouts.isEmpty()
                && statuses.isEmpty()
                && dropped.isEmpty()
                && revisions.isEmpty()
                && failures.isEmpty()
                && exits.isEmpty()
                && events.isEmpty();
    }
}
