package io.dinp.server.state;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which routers have a say in whether a port may be leased again. */
class RouterRegistryTest {
    private static final long DAY = Duration.ofHours(24).toMillis();
    private static final long NOW = 100 * DAY;

    private final RouterRegistry routers = new RouterRegistry();

    @Test
    void aRouterCountsForADayAfterItWasSeen() {
        routers.restore(Map.of("stored", NOW - DAY));
        routers.seen(List.of("leased"), NOW);
        assertEquals(Set.of("stored", "leased"), routers.registered(NOW));
        assertEquals(Set.of("leased"), routers.registered(NOW + 1));
        assertEquals(Set.of(), routers.registered(NOW + DAY + 1));
    }

    @Test
    void oneThatWasSeenByAClockAheadIsForgottenADayLaterToo() {
        routers.restore(Map.of("ahead", NOW + 30 * DAY));
        assertEquals(Set.of("ahead"), routers.registered(NOW));
        assertEquals(Set.of(), routers.registered(NOW + DAY + 1));
    }
}
