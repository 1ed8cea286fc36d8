package io.dinp.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.model.InstanceState;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Cordon, uncordon and drain: what they forbid, how instances move, and what a deadline does. */
class DrainTest {

    private static final String ONE = "10.0.0.1";
    private static final String TWO = "10.0.0.2";

    private final Sim sim = new Sim().node(ONE).node(TWO).router("r1");

    private Set<String> on(Sim world, String node) {
        Set<String> ids = new TreeSet<>();
        world.nodes.get(node).containers.forEach((id, container) -> ids.add(id));
        return ids;
    }

    /** Containers that nobody has told to stop. */
    private static long live(Sim world) {
        return world.nodes.values().stream()
                .flatMap(node -> node.containers.values().stream())
                .filter(container -> container.state != InstanceState.STOPPING)
                .count();
    }

    private String reason(Sim world) {
        return world.rollout("demo").reason();
    }

    @Test
    void nothingIsPlacedOnACordonedNodeAndWhatRunsStays() {
        sim.settled("demo", "demo:1", 2);
        Set<String> before = on(sim, ONE);
        sim.cordon(ONE);
        sim.scale("demo", 6);
        sim.until("six", 10_000, () -> sim.inOrder("demo"));

        assertEquals(before, on(sim, ONE));
        assertEquals(5, on(sim, TWO).size());
        sim.uncordon(ONE);
        sim.scale("demo", 8);
        sim.until("eight", 10_000, () -> sim.inOrder("demo"));
        assertEquals(3, on(sim, ONE).size(), "spread evenly again");
    }

    @Test
    void aDrainMovesByTheRollingRules() {
        sim.settled("demo", "demo:1", 4);
        sim.drain(ONE, 0);
        sim.until("moved", 60_000, () -> {
            assertTrue(sim.serving("demo") >= 4, sim::describe);
            assertTrue(live(sim) <= 5, sim::describe);
            return on(sim, ONE).isEmpty() && sim.inOrder("demo");
        });

        int orders = sim.actions.size();
        sim.run(20_000);
        assertEquals(orders, sim.actions.size());
        assertTrue(sim.eventKinds("").contains("node-drained"), sim::describe);
        assertEquals(
                1, sim.eventKinds("").stream().filter("node-draining"::equals).count());
    }

    @Test
    void anInstanceThatLeavesWaitsForItsRequests() {
        sim.settled("demo", "demo:1", 2);
        String endpoint = sim.routed("demo").stream()
                .filter(e -> e.startsWith(ONE))
                .findFirst()
                .orElseThrow();
        sim.inflight.put(endpoint, 1);
        sim.drain(ONE, 0);

        sim.run(15_000);
        assertEquals(1, on(sim, ONE).size());
        assertFalse(sim.routed("demo").contains(endpoint));
        sim.inflight.clear();
        sim.until("gone", 5_000, () -> on(sim, ONE).isEmpty());
    }

    @Test
    void aDrainSurvivesAServerAndWhatIsTakenBackIsTold() {
        sim.settled("demo", "demo:1", 2);
        sim.drain(ONE, 0);
        sim.run(300);
        sim.restartServer();
        sim.until("moved", 60_000, () -> on(sim, ONE).isEmpty() && sim.inOrder("demo"));

        sim.uncordon(ONE);
        sim.scale("demo", 4);
        sim.until(
                "used again", 10_000, () -> sim.inOrder("demo") && on(sim, ONE).size() == 2);
        assertTrue(sim.eventKinds("").contains("node-uncordoned"));
    }

    @Test
    void anAppWhoseOnlyPlaceIsTheNodeWaitsAndSaysWhatIsMissing() {
        Sim tight = new Sim()
                .node(ONE)
                .node(TWO, 128, Map.of())
                .node("10.0.0.3", 1024, Map.of())
                .router("r1");
        tight.cordon("10.0.0.3");
        tight.settled("demo", "demo:1", 1);
        tight.drain(ONE, 0);
        tight.run(60_000);

        assertEquals(1, tight.serving("demo"));
        assertEquals(
                "needs 256 MB: 10.0.0.1 is being drained, it would fit; 10.0.0.3 is cordoned, it would fit;"
                        + " 10.0.0.2 has 128 MB in all",
                reason(tight));
        assertEquals(
                1, tight.eventKinds("demo").stream().filter("waiting"::equals).count());
        tight.uncordon("10.0.0.3");
        tight.until(
                "moved", 20_000, () -> tight.inOrder("demo") && on(tight, ONE).isEmpty());
        assertEquals("", reason(tight));
    }

    @Test
    void atTheDeadlineWhatIsLeftIsUnroutedThenStopped() {
        Sim lonely = new Sim().node(ONE).router("r1");
        lonely.settled("demo", "demo:1", 2);
        lonely.drain(ONE, 60_000);
        lonely.run(59_500);
        assertEquals(2, lonely.serving("demo"));

        String endpoint = lonely.routed("demo").get(0);
        lonely.inflight.put(endpoint, 1);
        lonely.run(2_000);
        assertEquals(0, lonely.routed("demo").size());
        assertEquals(1, on(lonely, ONE).size(), "a request is under way to it");
        lonely.inflight.clear();
        lonely.until("empty", 5_000, () -> on(lonely, ONE).isEmpty());
        assertTrue(reason(lonely).contains("is being drained"), reason(lonely));
        lonely.uncordon(ONE);
        lonely.until("back", 10_000, () -> lonely.inOrder("demo"));
    }

    @Test
    void aTimeInSecondsIsNoDeadline() {
        Sim lonely = new Sim().node(ONE).router("r1");
        lonely.settled("demo", "demo:1", 1);
        lonely.wishes.put(ONE, new NodeWish(false, true, 1_700_000_000));
        lonely.run(30_000);

        assertEquals(1, lonely.serving("demo"));
        Event told = lonely.events.stream()
                .filter(e -> e.kind().equals("node-wish-refused"))
                .findFirst()
                .orElseThrow();
        assertEquals("drain_by is 1700000000: give epoch milliseconds, or 0 for never by force", told.reason());
    }

    @Test
    void aNodeWithManyAppsEmptiesInSteps() {
        Sim big = new Sim().node(ONE, 16_384, Map.of()).router("r1");
        for (int i = 0; i < 20; i++) {
            big.app("app" + i, "app:1", 1);
        }
        big.until("all up", 20_000, () -> big.rows.keySet().stream().allMatch(big::inOrder));
        big.node(TWO, 16_384, Map.of());
        big.step();
        big.drain(ONE, 0);
        big.until("moved", 120_000, () -> {
            assertTrue(live(big) <= 20 + Moves.AT_ONCE, big::describe);
            big.rows.keySet().forEach(app -> assertTrue(big.serving(app) >= 1, big::describe));
            return on(big, ONE).isEmpty();
        });
    }

    @Test
    void appsThatCannotMoveHoldUpNoOther() {
        Sim big = new Sim().node(ONE, 16_384, Map.of("zone", "a")).router("r1");
        for (int i = 0; i < 2 * Moves.AT_ONCE; i++) {
            String app = String.format("app%02d", i);
            big.app(app, "app:1", 1);
            big.constraints(app, i < Moves.AT_ONCE ? "zone=a" : "");
        }
        big.until("all up", 20_000, () -> big.rows.keySet().stream().allMatch(big::inOrder));
        big.node(TWO, 16_384, Map.of("zone", "b"));
        big.drain(ONE, 0);

        big.until("the others moved", 60_000, () -> on(big, ONE).size() == Moves.AT_ONCE);
        big.run(20_000);
        assertEquals(Moves.AT_ONCE, on(big, ONE).size());
    }

    @Test
    void anAppThatMayHaveNoneTooManyMovesInPlace() {
        sim.settled("demo", "demo:1", 2);
        sim.rules("demo", new RolloutRules(0, 1, 0));
        sim.drain(ONE, 0);

        sim.until("moved", 60_000, () -> {
            assertTrue(live(sim) <= 2, sim::describe);
            assertTrue(sim.serving("demo") >= 1, sim::describe);
            return on(sim, ONE).isEmpty() && sim.inOrder("demo");
        });
    }

    @Test
    void anAppThatMayMissOneIsNotTakenFromItsOnlyPlace() {
        Sim lonely = new Sim().node(ONE).router("r1");
        lonely.settled("demo", "demo:1", 1);
        lonely.rules("demo", new RolloutRules(0, 1, 0));
        lonely.drain(ONE, 0);

        lonely.run(60_000);
        assertEquals(1, lonely.serving("demo"));
    }

    @Test
    void aDeployDuringADrainLeavesTheNodeToo() {
        sim.settled("demo", "demo:1", 3);
        sim.drain(ONE, 0);
        sim.image("demo", "demo:2");

        sim.until("both done", 60_000, () -> {
            assertTrue(sim.serving("demo") >= 3, sim::describe);
            return sim.inOrder("demo") && on(sim, ONE).isEmpty();
        });
    }

    @Test
    void aPausedDeployDoesNotHoldUpADrain() {
        sim.settled("demo", "demo:1", 2);
        sim.rules("demo", new RolloutRules(null, 0, 10));
        sim.image("demo", "demo:2");
        sim.until("a new one serves", 10_000, () -> sim.routed("demo").size() == 3);
        sim.commands.put("demo", RolloutCommand.PAUSE);
        sim.step();
        sim.drain(ONE, 0);

        sim.until("the node is empty", 120_000, () -> {
            assertTrue(sim.serving("demo") >= 2, sim::describe);
            return on(sim, ONE).isEmpty();
        });
        assertEquals(RolloutState.ROLLING, sim.rollout("demo").state());
    }

    @Test
    void anUncordonInMidMoveKeepsWhatIsThere() {
        sim.settled("demo", "demo:1", 2);
        Set<String> before = on(sim, ONE);
        sim.drain(ONE, 0);
        sim.until("a replacement starts", 2_000, () -> sim.containers("demo") == 3);
        sim.uncordon(ONE);

        sim.until("in order", 20_000, () -> {
            assertTrue(sim.serving("demo") >= 2, sim::describe);
            return sim.inOrder("demo");
        });
        assertEquals(before, on(sim, ONE));
    }
}
