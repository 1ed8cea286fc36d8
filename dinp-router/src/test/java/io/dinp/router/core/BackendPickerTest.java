package io.dinp.router.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.model.HostPort;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackendPickerTest {
    private static final long SECOND = 1_000_000_000L;

    private final List<Backend> backends = IntStream.range(1, 4)
            .mapToObj(i -> new Backend(new HostPort("10.0.0." + i, 80), 2))
            .toList();
    private final BackendPicker<Backend> picker = new BackendPicker<>(backends, 7);

    private int pick(long now, Backend... tried) {
        return picker.pick(now, List.of(tried)).map(backends::indexOf).orElse(-1);
    }

    @Test
    void goesRoundFromItsStart() {
        assertEquals(List.of(1, 2, 0, 1), List.of(pick(0), pick(0), pick(0), pick(0)));
    }

    @Test
    void leavesOutWhatWasTried() {
        assertEquals(2, pick(0, backends.get(1), backends.get(0)));
        assertEquals(-1, pick(0, backends.toArray(Backend[]::new)));
        assertEquals(Optional.empty(), new BackendPicker<>(List.<Backend>of(), 3).pick(0, List.of()));
    }

    @Test
    void comesBackToARestingEndpointByOneTrial() {
        backends.get(1).failed(0);
        assertEquals(List.of(2, 0, 2), List.of(pick(1), pick(1), pick(1)));
        assertEquals(0, pick(SECOND + 1));
        assertEquals(1, pick(SECOND + 1), "its trial");
        assertEquals(List.of(2, 0, 2), List.of(pick(SECOND + 2), pick(SECOND + 2), pick(SECOND + 2)), "only one");
        backends.get(1).answered();
        assertEquals(List.of(0, 1), List.of(pick(SECOND + 3), pick(SECOND + 3)));
    }

    @Test
    void restsLongerEachTimeUpToThirtySeconds() {
        Backend backend = backends.get(0);
        for (int i = 0; i < 10; i++) {
            backend.failed(0);
        }
        assertTrue(backend.isResting(30 * SECOND - 1));
        assertFalse(backend.isResting(30 * SECOND));
    }

    @Test
    void takesARestingEndpointBeforeNone() {
        backends.forEach(backend -> backend.failed(0));
        assertEquals(1, pick(1));
    }

    @Test
    void leavesOutWhatIsFull() {
        for (int i = 0; i < 2; i++) {
            backends.get(1).enter();
            backends.get(2).enter();
        }
        assertEquals(List.of(0, 0), List.of(pick(0), pick(0)));
        backends.get(0).enter();
        backends.get(0).enter();
        assertEquals(-1, pick(0));
        backends.get(2).leave();
        assertEquals(2, pick(0));
    }

    @Test
    void saysWhenARetiredEndpointHasNothingLeft() {
        Backend backend = backends.get(0);
        backend.enter();
        backend.enter();
        backend.retired(true);
        assertFalse(backend.leave());
        assertTrue(backend.leave());
    }

    @Test
    void readsRangesOfAddresses() {
        AddressRanges ranges = AddressRanges.parse(List.of("10.0.0.0/8", "192.168.1.7"));
        assertTrue(ranges.contains(new byte[] {10, 9, 9, 9}));
        assertTrue(ranges.contains(new byte[] {(byte) 192, (byte) 168, 1, 7}));
        assertFalse(ranges.contains(new byte[] {11, 0, 0, 1}) || ranges.contains(new byte[16]));
    }
}
