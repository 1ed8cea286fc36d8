package io.dinp.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When no plan has to be made, and what ends that. Every other test with a {@link Sim} shows that nothing is missed. */
class StandstillTest {

    private static final String NODE = "10.0.0.1";

    private final Sim sim = new Sim().node(NODE).node("10.0.0.2").router("r1");

    @BeforeEach
    void nothingIsToBeDone() {
        sim.settled("demo", "demo:1", 2);
        sim.until("a standstill", 60_000, this::stands);
    }

    private boolean stands() {
        return sim.still.filter(still -> still.holds(sim.situation())).isPresent();
    }

    @Test
    void beatsDoNotEndIt() {
        sim.stood = 0;
        sim.run(60_000);
        assertEquals(600, sim.stood, "plans that need not have been made");
    }

    @Test
    void itEndsWhenANodeFallsSilent() {
        sim.nodes.get(NODE).agentUp = false;
        long silentAt = sim.situation().real().nodes().get(NODE).lastSeen() + sim.policy.suspectMs() + 1;
        assertEquals(silentAt, sim.still.orElseThrow().endsAt(sim.situation()));

        sim.now = silentAt - 1;
        assertTrue(stands());
        sim.now = silentAt;
        assertTrue(!stands());
    }

    @Test
    void itEndsWithAnyNewsOfANodeButItsFreeMemory() {
        SimNode node = sim.nodes.get(NODE);
        sim.cluster.apply(node.report(1_001), sim.now);
        assertTrue(stands());
        node.containers.keySet().stream().findFirst().ifPresent(node::crash);
        sim.cluster.apply(node.report(1_002), sim.now);
        assertTrue(!stands());
    }

    @Test
    void itEndsWithAnotherWish() {
        sim.scale("demo", 3);
        assertTrue(!stands());
    }

    @Test
    void itEndsWithACommandOrAVerdict() {
        sim.commands.put("demo", RolloutCommand.PAUSE);
        assertTrue(!stands());
        sim.commands.clear();
        assertTrue(stands());
        String instance = sim.nodes.get(NODE).containers.keySet().iterator().next();
        sim.verdicts.put(instance, new Verdict(instance, "demo", "no answer", sim.now, sim.now + 10_000, false));
        assertTrue(!stands());
    }

    @Test
    void whileRoomIsMissingEachBeatMayBringIt() {
        sim.scale("demo", 100);
        sim.run(60_000);
        assertTrue(sim.rollout("demo").reason().contains("MB short"), sim.describe());
        sim.stood = 0;
        sim.run(10_000);
        assertEquals(0, sim.stood);
    }

    @Test
    void requestsUnderWayCountWhileSomebodyWaitsForTheirEnd() {
        sim.inflight.put("10.0.0.9:1", 1);
        sim.stood = 0;
        sim.run(1000);
        assertEquals(10, sim.stood, "nobody waits");

        sim.routed("demo").forEach(endpoint -> sim.inflight.put(endpoint, 1));
        sim.image("demo", "demo:2");
        sim.until("an old one drains", 60_000, () -> sim.last.awaitsRouters() && sim.stood > 20);
        sim.inflight.clear();
        sim.until("done", 3_000, () -> sim.inOrder("demo"));
        assertEquals(Map.of(), sim.verdicts);
    }
}
