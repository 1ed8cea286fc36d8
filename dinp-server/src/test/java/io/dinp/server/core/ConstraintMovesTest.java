package io.dinp.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Constraints in a world that moves: new placements keep them, changed ones move what runs, unusable ones say so. */
class ConstraintMovesTest {

    private final Sim sim = new Sim()
            .node("10.0.0.1", 4096, Map.of("zone", "a"))
            .node("10.0.0.2", 4096, Map.of("zone", "b", "disk", "slow"))
            .node("10.0.0.3", 4096, Map.of())
            .router("r1");

    private int on(String node) {
        return sim.nodes.get(node).containers.size();
    }

    private void settled(String constraints, int instances) {
        sim.app("demo", "demo:1", instances);
        sim.constraints("demo", constraints);
        sim.until(
                "in order",
                10_000,
                () -> sim.inOrder("demo") && sim.rollout("demo").state() == RolloutState.DONE);
    }

    @Test
    void newInstancesGoOnlyWhereTheyMay() {
        settled("disk!=slow, zone!=b", 4);
        assertEquals(0, on("10.0.0.2"));
        assertEquals(2, on("10.0.0.3"), "an absent label is different from every value");
    }

    @Test
    void aChangeStartsNoDeployAndMovesWhatRunsByTheRollingRules() {
        settled("", 3);
        String target = sim.rollout("demo").target();
        sim.constraints("demo", "zone=a");
        sim.until("all in zone a", 60_000, () -> {
            assertTrue(sim.serving("demo") >= 3, sim::describe);
            return on("10.0.0.1") == 3 && sim.inOrder("demo");
        });

        assertEquals(target, sim.rollout("demo").target());
        assertEquals(1, sim.eventKinds("demo").stream().filter("deploy"::equals).count());
        assertTrue(
                sim.events.stream()
                        .anyMatch(e -> e.kind().equals("drain")
                                && e.reason().equals("its node has zone=b, which its app's constraints exclude")),
                sim::describe);
    }

    @Test
    void whenNoNodeMeetsThemTheAppWaitsAndSaysWhoLacksWhat() {
        settled("", 3);
        sim.constraints("demo", "zone=c, disk!=slow");
        sim.run(60_000);

        assertEquals(3, sim.serving("demo"), "what runs stays until it can move");
        assertEquals(
                "needs 256 MB on a node with zone=c, disk!=slow: 10.0.0.1 has zone=a; 10.0.0.2 has zone=b;"
                        + " 10.0.0.3 has no zone",
                sim.rollout("demo").reason());
        sim.constraints("demo", "zone=a");
        sim.until("moved", 60_000, () -> on("10.0.0.1") == 3 && sim.inOrder("demo"));
        assertEquals("", sim.rollout("demo").reason());
    }

    @Test
    void aRowThatCannotBeReadIsRefusedAndTouchesNothing() {
        settled("zone=a", 2);
        int orders = sim.actions.size();
        sim.constraints("demo", "zone");
        sim.run(30_000);

        assertEquals(orders, sim.actions.size());
        assertEquals(3, sim.rows.get("demo").status());
        assertEquals(
                "row refused: constraints is 'zone': 'zone' is no term; write label=value or label!=value, with commas"
                        + " between them",
                sim.rollout("demo").reason());
        assertEquals(
                1, sim.eventKinds("demo").stream().filter("refused"::equals).count());
        sim.constraints("demo", "zone=a");
        sim.until("well again", 10_000, () -> sim.rows.get("demo").status() == 0 && sim.inOrder("demo"));
        assertEquals(orders, sim.actions.size());
    }

    @Test
    void whatACrashedInstanceIsReplacedByKeepsTheTermsThatCanBeRead() {
        settled("zone=a", 1);
        sim.constraints("demo", "zone=a, rubbish");
        sim.run(1_000);
        sim.exitAll("demo", 1);

        sim.until("replaced", 10_000, () -> sim.serving("demo") == 1);
        assertEquals(1, on("10.0.0.1"));
    }

    @Test
    void twoNeighboursMayExcludeEachOthersNodes() {
        settled("zone=a", 1);
        sim.app("other", "other:1", 2);
        sim.constraints("other", "zone!=a");
        sim.until("both", 10_000, () -> sim.inOrder("demo") && sim.inOrder("other"));

        assertEquals(1, on("10.0.0.1"));
        assertEquals(1, on("10.0.0.2"));
    }

    @Test
    void aNodeWhoseLabelsChangeGivesItsInstancesAway() {
        settled("zone!=a", 2);
        sim.nodes.get("10.0.0.2").labels = Map.of("zone", "a");

        sim.until("moved", 60_000, () -> on("10.0.0.2") == 0 && sim.inOrder("demo"));
        assertEquals(2, on("10.0.0.3"));
    }
}
