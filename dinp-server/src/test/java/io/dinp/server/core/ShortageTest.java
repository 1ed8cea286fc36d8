package io.dinp.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.model.Constraints;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ShortageTest {

    private static Shortage.Candidate node(String ip, String closed, long capacityMb, long freeMb, String zone) {
        NodeView view = new NodeView(
                ip,
                1971,
                true,
                0,
                0,
                capacityMb,
                capacityMb - freeMb,
                freeMb,
                Set.of(),
                Map.of("zone", zone),
                0,
                List.of());
        return new Shortage.Candidate(view, closed, freeMb);
    }

    static Stream<Arguments> lacks() {
        return Stream.of(
                Arguments.of(node("n", "", 4096, 384, "a"), "n has 384 MB free, 128 MB short"),
                Arguments.of(node("n", "", 4096, -5, "a"), "n has 0 MB free, 517 MB short"),
                Arguments.of(node("n", "", 256, 256, "a"), "n has 256 MB in all"),
                Arguments.of(node("n", "", 4096, 512, "a"), "n has less free memory than that, by its kernel"),
                Arguments.of(node("n", "", 4096, 512, "b"), "n has zone=b"),
                Arguments.of(node("n", "is cordoned", 4096, 512, "a"), "n is cordoned, it would fit"),
                Arguments.of(node("n", "is cordoned", 4096, 511, "a"), "n is cordoned"),
                Arguments.of(node("n", "is lost", 4096, 512, "b"), "n is lost"));
    }

    @ParameterizedTest
    @MethodSource("lacks")
    void eachNodeIsSaidToLackWhatItLacks(Shortage.Candidate candidate, String words) {
        assertEquals(
                "needs 512 MB on a node with zone=a: " + words,
                new Shortage(512, Constraints.parse("zone=a")).tell(List.of(candidate)));
    }

    @Test
    void whatComesNearestIsToldFirst() {
        assertEquals(
                "needs 512 MB: d is cordoned, it would fit; b has 500 MB free, 12 MB short; a has 100 MB free,"
                        + " 412 MB short; c has 128 MB in all; e is suspect",
                new Shortage(512, Constraints.NONE)
                        .tell(List.of(
                                node("a", "", 4096, 100, ""),
                                node("b", "", 4096, 500, ""),
                                node("c", "", 128, 128, ""),
                                node("d", "is cordoned", 4096, 4096, ""),
                                node("e", "is suspect", 4096, 0, ""))));
    }

    @Test
    void theWordsAreBounded() {
        List<Shortage.Candidate> many = new ArrayList<>();
        for (int i = 100; i < 1100; i++) {
            many.add(node("10.0.0." + i, "", 4096, 100, "a"));
        }
        String words = new Shortage(512, Constraints.NONE).tell(many);

        assertTrue(words.endsWith("; and 994 more, none of which takes it"), words);
        assertTrue(words.length() < 1024, words);
    }

    @Test
    void withoutAnyNodeItSaysSo() {
        assertEquals("needs 512 MB: no node is known", new Shortage(512, Constraints.NONE).tell(List.of()));
    }
}
