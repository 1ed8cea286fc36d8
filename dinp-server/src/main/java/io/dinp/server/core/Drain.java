package io.dinp.server.core;

/**
 * Says when an instance on its way out may be stopped: when it was never routed, or every live router has applied its
 * removal and has no request under way to it, at most the drain time later.
 */
final class Drain {

    private Drain() {}

    /** True when nobody can be harmed by the stop; otherwise the draft learns when to look again. */
    static boolean over(Instance instance, Draft draft) {
        RouteView routes = draft.routes();
        String endpoint = instance.address();
        if (!routes.loaded() || routes.mayHold(endpoint)) {
            return false;
        }
        boolean everRouted = instance.servable() || routes.mayHaveLost(endpoint, draft.now(), limitMs(draft));
        if (endpoint.isEmpty() || !everRouted) {
            return true;
        }
        return routes.reachable() && quiet(endpoint, routes.removedAt(endpoint), draft);
    }

    private static boolean quiet(String endpoint, Stamp removal, Draft draft) {
        long unrouted = draft.now() - removal.at();
        long floor = draft.policy().minUnrouted().toMillis();
        long limit = limitMs(draft);
        if (unrouted < floor) {
            draft.followUp(removal.at() + floor);
            return false;
        }
        if (unrouted >= limit) {
            return true;
        }
        draft.followUp(removal.at() + limit);
        draft.awaitRouters();
        return draft.routes().applied(removal, draft.now(), limit)
                && draft.routes().idle(endpoint);
    }

    private static long limitMs(Draft draft) {
        return Math.max(
                draft.policy().minUnrouted().toMillis(), draft.policy().drain().toMillis());
    }
}
