package io.dinp.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.server.state.ClusterState;
import java.util.List;
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
    void afterAServerRestartTheRoutesOfAnUnheardNodeStayUntilItIsLost() {
        sim.settled("demo", "demo:1", 2);
        sim.nodes.get("10.0.0.2").agentUp = false;
        sim.restartServer();
        sim.step();
        sim.cluster.down("10.0.0.2", sim.now);

        sim.run(15_000 - Sim.TICK_MS);
        assertEquals(2, sim.routed("demo").size());
        sim.until("gone", 1_000, () -> sim.routed("demo").size() == 1);
        sim.until("replaced", 10_000, () -> sim.serving("demo") == 2);
    }

    @Test
    void aServerThatIsCutOffFromItsStartLeavesTheRoutesOfNodesThatItHasNotHeard() {
        sim.node("10.0.0.3");
        sim.settled("demo", "demo:1", 3);
        sim.nodes.get("10.0.0.1").agentUp = false;
        sim.nodes.get("10.0.0.2").agentUp = false;
        sim.restartServer();

        sim.run(60_000);
        assertTrue(sim.events.stream().anyMatch(e -> e.kind().equals("cut-off")));
        assertEquals(
                3,
                sim.nodes.values().stream()
                        .filter(n -> sim.routed("demo").stream().anyMatch(e -> e.startsWith(n.ip + ":")))
                        .count());
    }

    @Test
    void whereAppsHaveBeenDeployedAnEmptyRedisProvesNothing() {
        sim.settled("demo", "demo:1", 2);
        sim.redis = RouteTable.empty();
        sim.cluster = new ClusterState("dinp", 15_000, sim.now);
        sim.progress = Progress.start(sim.progress.rollouts());
        sim.view = RouteView.unknown().read("e1", 9, sim.redis, sim.now);

        Plan plan = Reconciler.plan(sim.situation());
        assertTrue(plan.routes().isEmpty(), "no node is known, so nobody can say what serves");
        assertEquals(List.of(), plan.actions());
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
