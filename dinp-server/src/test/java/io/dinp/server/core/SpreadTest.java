package io.dinp.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An app is spread over its nodes, after a change as after its first deploy. */
class SpreadTest {

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5})
    void everyChangeEndsOnAllNodes(int count) {
        Sim sim = new Sim().router("r1");
        for (int i = 0; i < count; i++) {
            sim.node("10.0.0." + (i + 1));
        }
        sim.settled("other", "other:1", 1);
        sim.settled("demo", "demo:1", count);
        for (int change = 2; change < 10; change++) {
            sim.image("demo", "demo:" + change);
            sim.until(
                    "changed", 120_000, () -> sim.rollout("demo").state() == RolloutState.DONE && sim.inOrder("demo"));
            assertEquals(Collections.nCopies(count, 1L), perNode(sim), "after change " + change);
        }
    }

    private static List<Long> perNode(Sim sim) {
        return sim.nodes.values().stream()
                .map(node -> node.containers.values().stream()
                        .filter(container -> container.spec.app().equals("demo"))
                        .count())
                .toList();
    }
}
