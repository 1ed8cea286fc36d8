package io.dinp.server.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.server.core.Instance;
import io.dinp.server.core.NodeView;
import io.dinp.server.core.RealState;
import io.dinp.server.core.Samples;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class VerdictBookTest {
    private static final Instance FIRST = Samples.instance("i1", "10.0.0.1", "r");
    private static final Instance SECOND = Samples.instance("i2", "10.0.0.1", "r");

    private final VerdictBook book = new VerdictBook(Duration.ofSeconds(5));

    @Test
    void theNextSickInstanceHasItsTurnAsSoonAsTheFirstIsGone() {
        assertTrue(book.judge(FIRST, "500", 1_000).isEmpty());
        assertTrue(book.judge(SECOND, "500", 1_000).isPresent(), "one at a time");

        assertEquals(Set.of("i1"), book.live(real(FIRST, SECOND), 2_000).keySet(), "it is still there");
        assertTrue(book.judge(SECOND, "500", 2_000).isPresent());

        assertEquals(Map.of(), book.live(real(SECOND), 3_000));
        assertTrue(book.judge(SECOND, "500", 3_000).isEmpty());
    }

    @Test
    void aVerdictThatIsNotRepeatedExpires() {
        assertTrue(book.judge(FIRST, "500", 1_000).isEmpty());

        assertEquals(1, book.live(real(FIRST), 15_999).size());
        assertEquals(Map.of(), book.live(real(FIRST), 16_000));
    }

    @Test
    void aPersonsWishLastsWithoutBeingRepeatedAndGivesWayToTheSick() {
        assertTrue(book.ask(FIRST, "restart asked for by ann", 1_000).isEmpty());
        assertTrue(book.ask(SECOND, "restart asked for by ann", 1_000).isPresent(), "one at a time");
        assertTrue(book.live(real(FIRST, SECOND), 300_999).get("i1").asked());

        assertTrue(book.judge(SECOND, "500", 2_000).isEmpty(), "whoever is sick comes first");
        assertEquals(Set.of("i2"), book.live(real(FIRST, SECOND), 2_000).keySet());
        assertTrue(book.ask(FIRST, "restart asked for by ann", 2_000).isPresent());
    }

    @Test
    void aWishTakesNothingBackOfAVerdictAndEndsByItself() {
        assertTrue(book.judge(FIRST, "500", 1_000).isEmpty());
        assertTrue(book.ask(FIRST, "restart asked for by ann", 1_000).isEmpty());
        assertFalse(book.live(real(FIRST), 1_000).get("i1").asked(), "it is sick all the same");

        assertTrue(book.ask(FIRST, "restart asked for by ann", 20_000).isEmpty());
        assertTrue(book.judge(FIRST, "500", 21_000).isEmpty());
        assertEquals(21_000, book.live(real(FIRST), 21_000).get("i1").since(), "sick since now, not since the wish");
        assertEquals(Map.of(), book.live(real(FIRST), 36_000));
        assertTrue(book.ask(FIRST, "restart asked for by ann", 40_000).isEmpty());
        assertEquals(Map.of(), book.live(real(FIRST), 340_000));
    }

    private static RealState real(Instance... instances) {
        List<Instance> all = Arrays.asList(instances);
        NodeView node = new NodeView("10.0.0.1", 1971, true, 0, 0, 1024, 0, 1024, Set.of(), Map.of(), 0, all);
        return new RealState(0, 1, new TreeMap<>(Map.of(node.ip(), node)));
    }
}
