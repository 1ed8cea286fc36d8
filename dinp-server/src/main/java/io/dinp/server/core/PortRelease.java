package io.dinp.server.core;

import java.util.Collection;
import java.util.List;

/**
 * Says which resting host ports may be leased again: those that no route holds and whose removal every registered
 * router has applied, so that no request can reach another app through a used port.
 */
public final class PortRelease {

    private PortRelease() {}

    /**
     * The ports of a node that may be used again.
     *
     * @param routers ids of all registered routers, silent ones too
     */
    public static List<Integer> of(
            String node, Collection<Integer> resting, RouteView routes, Collection<String> routers) {
        if (!routes.loaded() || !routes.reachable() || resting.isEmpty()) {
            return List.of();
        }
        return resting.stream()
                .filter(port -> !routes.holds(node + ":" + port))
                .filter(port -> appliedByAll(routes, routes.removedAt(node + ":" + port), routers))
                .toList();
    }

    private static boolean appliedByAll(RouteView routes, Stamp removal, Collection<String> routers) {
        return routers.stream().allMatch(router -> {
            var lease = routes.lastLeases().get(router);
            return lease != null && routes.hasApplied(lease, removal);
        });
    }
}
