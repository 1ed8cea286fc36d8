package io.dinp.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Which instances go when fewer are wanted: those of the fullest node, the youngest first, and never undrained. */
class ScaleDownTest {

    private final Sim sim = new Sim().node("10.0.0.1", 2048, Map.of()).router("r1");

    private Set<String> on(String node) {
        Set<String> ids = new TreeSet<>();
        sim.nodes.get(node).containers.forEach((id, container) -> {
            if (container.spec.app().equals("demo")) {
                ids.add(id);
            }
        });
        return ids;
    }

    @Test
    void theYoungestGoesFirst() {
        sim.settled("demo", "demo:1", 2);
        Set<String> old = on("10.0.0.1");
        sim.scale("demo", 4);
        sim.until("four", 10_000, () -> sim.inOrder("demo"));

        sim.scale("demo", 2);
        sim.until("two", 10_000, () -> sim.inOrder("demo"));
        assertEquals(old, on("10.0.0.1"));
    }

    @Test
    void theFullestNodeGivesFirst() {
        sim.settled("other", "other:1", 4);
        sim.node("10.0.0.2", 8192, Map.of());
        sim.settled("demo", "demo:1", 4);
        assertEquals(2, on("10.0.0.1").size());

        sim.scale("demo", 3);
        sim.until("three", 10_000, () -> sim.inOrder("demo"));
        assertEquals(1, on("10.0.0.1").size());
        assertEquals(2, on("10.0.0.2").size());
    }

    @Test
    void equallyFullNodesGiveInTurn() {
        sim.node("10.0.0.2", 2048, Map.of());
        sim.settled("demo", "demo:1", 6);

        sim.scale("demo", 2);
        sim.until("two", 10_000, () -> sim.inOrder("demo"));
        assertEquals(1, on("10.0.0.1").size());
        assertEquals(1, on("10.0.0.2").size());
    }

    @Test
    void nobodyGoesWhileARequestIsUnderWay() {
        sim.settled("demo", "demo:1", 4);
        sim.routed("demo").forEach(endpoint -> sim.inflight.put(endpoint, 1));
        sim.scale("demo", 1);

        sim.run(20_000);
        assertEquals(4, sim.containers("demo"));
        assertEquals(1, sim.routed("demo").size());
        sim.inflight.clear();
        sim.until("one", 5_000, () -> {
            assertTrue(sim.serving("demo") >= 1, sim::describe);
            return sim.inOrder("demo");
        });
    }

    @Test
    void theChoiceStandsWhenNobodyKnowsWhatTheRoutersHaveApplied() {
        sim.settled("demo", "demo:1", 2);
        sim.routers.clear();
        sim.run(31_000);
        sim.scale("demo", 1);
        sim.until("one on its way out", 1_000, () -> sim.routed("demo").size() == 1);
        sim.view = RouteView.unknown();
        sim.events.clear();

        sim.run(5_000);
        assertTrue(sim.eventKinds("demo").size() <= 1, () -> "it is weighed again and again\n" + sim.describe());
    }
}
