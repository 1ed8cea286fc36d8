package io.dinp.router.core;

import io.dinp.common.model.RouterLease;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** What several processes of one router may say together, while one finishes its requests and the other has taken over. */
public final class Leases {
    private Leases() {}

    /** Of tables what the slowest serves by, of requests the sum; no table at all when they do not speak of the same Redis data. */
    public static RouterLease together(RouterLease own, Collection<RouterLease> others) {
        RouterLease sum = own;
        for (RouterLease other : others) {
            sum = two(sum, other);
        }
        return sum;
    }

    private static RouterLease two(RouterLease one, RouterLease other) {
        Map<String, Integer> inFlight = new TreeMap<>(one.inflight());
        other.inflight().forEach((endpoint, count) -> inFlight.merge(endpoint, count, Integer::sum));
        boolean same = one.epoch().equals(other.epoch());
        return new RouterLease(
                same ? one.epoch() : "",
                same ? Math.min(one.version(), other.version()) : 0,
                inFlight,
                one.at(),
                one.build());
    }
}
