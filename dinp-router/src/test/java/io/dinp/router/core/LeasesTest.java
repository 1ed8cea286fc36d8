package io.dinp.router.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.dinp.common.model.RouterLease;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LeasesTest {
    private static RouterLease lease(String epoch, long version, Map<String, Integer> inFlight) {
        return new RouterLease(epoch, version, inFlight, 1, "b");
    }

    @Test
    void saysWhatTheSlowestServesByAndWhatAllHaveUnderWay() {
        RouterLease own = lease("e1", 7, Map.of("10.0.0.1:1", 1));
        RouterLease old = lease("e1", 5, Map.of("10.0.0.1:1", 2, "10.0.0.2:1", 1));
        assertEquals(lease("e1", 5, Map.of("10.0.0.1:1", 3, "10.0.0.2:1", 1)), Leases.together(own, List.of(old)));
        assertEquals(own, Leases.together(own, List.of()));
    }

    @Test
    void hasAppliedNothingWhileOneServesByOtherData() {
        RouterLease sum = Leases.together(lease("e2", 1, Map.of()), List.of(lease("e1", 9, Map.of())));
        assertFalse(sum.hasApplied("e1", 1) || sum.hasApplied("e2", 1));
    }
}
