package io.dinp.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What silence of nodes, agents and the server itself leads to, and what it does not. */
class NodeLossTest {

    private final Sim sim = new Sim().node("10.0.0.1").node("10.0.0.2").router("r1");

    @Test
    void afterAServerRestartNothingHappensUntilAllNodesHaveSpoken() {
        sim.settled("demo", "demo:1", 2);
        sim.nodes.get("10.0.0.2").agentUp = false;
        sim.restartServer();
        sim.run(14_000);

        assertEquals(2, sim.routed("demo").size());
        assertTrue(sim.last.routes().isEmpty());
        sim.nodes.get("10.0.0.2").agentUp = true;
        sim.run(500);
        assertTrue(sim.last.routes().isPresent());
        assertTrue(sim.inOrder("demo"));
    }

    @Test
    void aSilentNodeIsReplacedAndItsRoutesGoOnceOthersServe() {
        sim.settled("demo", "demo:1", 2);
        sim.nodes.get("10.0.0.2").up = false;
        sim.run(10_000);
        assertEquals(2, sim.routed("demo").size(), "suspect only");

        sim.until("replaced", 10_000, () -> sim.serving("demo") == 2);
        assertTrue(sim.routed("demo").stream().allMatch(e -> e.startsWith("10.0.0.1:")));
    }

    @Test
    void silenceAloneNeverTakesTheLastRoute() {
        Sim world = new Sim().node("10.0.0.1").router("r1").app("demo", "demo:1", 1);
        world.until("up", 10_000, () -> world.inOrder("demo"));
        world.nodes.get("10.0.0.1").agentUp = false;

        world.run(120_000);
        assertEquals(1, world.serving("demo"));
        world.nodes.get("10.0.0.1").agentUp = true;
        world.run(20_000);
        assertTrue(world.inOrder("demo"));
    }

    @Test
    void whenMostNodesFallSilentTogetherNothingIsEvicted() {
        sim.node("10.0.0.3");
        sim.settled("demo", "demo:1", 3);
        sim.nodes.get("10.0.0.1").agentUp = false;
        sim.nodes.get("10.0.0.2").agentUp = false;
        int before = sim.actions.size();

        sim.run(120_000);
        assertEquals(before, sim.actions.size());
        assertEquals(3, sim.routed("demo").size());
        assertTrue(sim.events.stream().anyMatch(e -> e.kind().equals("cut-off")));
    }

    @Test
    void anOrderOfUnknownFateCountsUntilTheNodeTells() {
        sim.step();
        sim.ordersArrive = false;
        sim.app("demo", "demo:1", 1);
        sim.run(10_000);

        assertEquals(
                1, sim.actions.stream().filter(a -> a instanceof Action.Start).count());
        sim.ordersArrive = true;
        sim.until("started after all", 20_000, () -> sim.inOrder("demo"));
    }

    @Test
    void anOrphanOfADeletedAppIsDrainedAndRemoved() {
        sim.settled("demo", "demo:1", 2);
        sim.nodes.get("10.0.0.2").agentUp = false;
        sim.run(16_000);
        sim.rows.clear();
        sim.run(20_000);
        sim.nodes.get("10.0.0.2").agentUp = true;

        sim.until(
                "gone",
                40_000,
                () -> sim.containers("demo") == 0 && sim.redis.apps().isEmpty());
    }
}
