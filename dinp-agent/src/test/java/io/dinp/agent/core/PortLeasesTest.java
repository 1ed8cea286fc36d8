package io.dinp.agent.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PortLeasesTest {
    private final PortRange range = new PortRange(20000, 20002);

    @Test
    void aFreedPortRestsUntilItIsReleased() {
        PortLeases leases = new PortLeases(new PortRange(20000, 20000), PortLeases.Saved.NONE);
        assertEquals(OptionalInt.of(20000), leases.lease());
        leases.rest(20000);
        assertEquals(OptionalInt.empty(), leases.lease());
        assertEquals(List.of(20000), leases.resting());
        assertTrue(leases.shortage().contains("0 leased, 1 resting"), leases.shortage());
        assertTrue(leases.release(List.of(20000)));
        assertEquals(OptionalInt.of(20000), leases.lease());
    }

    @Test
    void aLeaseThatCameToNothingIsFreeAtOnce() {
        PortLeases leases = new PortLeases(new PortRange(20000, 20000), PortLeases.Saved.NONE);
        leases.cancel(leases.lease().orElseThrow());
        leases.cancel(20001);
        assertEquals(List.of(), leases.resting());
        assertEquals(OptionalInt.of(20000), leases.lease());
    }

    @Test
    void theLeastRecentlyFreedComesFirst() {
        PortLeases leases = new PortLeases(range, PortLeases.Saved.NONE);
        IntStream.range(0, 3).forEach(i -> leases.lease());
        for (int port : List.of(20001, 20000, 20002)) {
            leases.rest(port);
            leases.release(List.of(port));
        }
        assertEquals(OptionalInt.of(20001), leases.lease());
        assertEquals(OptionalInt.of(20000), leases.lease());
    }

    @Test
    void onlyRestingPortsAreReleased() {
        PortLeases leases = new PortLeases(range, PortLeases.Saved.NONE);
        int leased = leases.lease().orElseThrow();
        assertFalse(leases.release(List.of(leased, 20002, 5)));
        leases.rest(5);
        assertEquals(List.of(), leases.resting());
    }

    @Test
    void aRestartForgetsNothing() {
        PortLeases before = new PortLeases(range, PortLeases.Saved.NONE);
        IntStream.range(0, 3).forEach(i -> before.lease());
        before.rest(20000);
        before.rest(20002);
        before.release(List.of(20002));
        PortLeases after = new PortLeases(range, before.saved());
        after.claim(20001);
        assertEquals(List.of(20000), after.resting());
        assertEquals(OptionalInt.of(20002), after.lease());
        assertEquals(OptionalInt.empty(), after.lease());
    }

    @Test
    void anotherRangeKeepsWhatIsHeld() {
        PortLeases leases = new PortLeases(range, new PortLeases.Saved(List.of(30000), List.of(30001, 20001)));
        leases.claim(30002);
        assertEquals(List.of(30000), leases.resting());
        leases.release(List.of(30000));
        Set<Integer> free = new HashSet<>();
        for (OptionalInt port = leases.lease(); port.isPresent(); port = leases.lease()) {
            free.add(port.getAsInt());
        }
        assertEquals(Set.of(20000, 20001, 20002), free);
    }

    @Test
    void unreadableLeasesRest() {
        PortLeases leases = new PortLeases(range, PortLeases.allResting(range));
        assertEquals(OptionalInt.empty(), leases.lease());
        assertEquals(3, leases.resting().size());
    }

    /** Whatever happens, no port is leased twice and none is leased while it rests. */
    @Test
    void neverTwice() {
        Random random = new Random(17);
        PortLeases leases = new PortLeases(new PortRange(20000, 20009), PortLeases.Saved.NONE);
        List<Integer> held = new ArrayList<>();
        for (int step = 0; step < 5000; step++) {
            switch (random.nextInt(4)) {
                case 0, 1 ->
                    leases.lease().ifPresent(port -> {
                        assertFalse(held.contains(port));
                        assertFalse(leases.resting().contains(port));
                        held.add(port);
                    });
                case 2 -> {
                    if (!held.isEmpty()) {
                        leases.rest(held.remove(random.nextInt(held.size())));
                    }
                }
                default -> leases.release(List.of(20000 + random.nextInt(10)));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "20000", "20000-", "a-b", "3-2", "80-90", "60000-70000", "1-2-3"})
    void whatIsNoRange(String text) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> PortRange.parse(text));
        assertTrue(e.getMessage().startsWith("ports "), e.getMessage());
    }
}
