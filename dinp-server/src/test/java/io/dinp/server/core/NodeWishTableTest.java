package io.dinp.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every combination of what a node is (ready, suspect, lost, silent together with most others) with what is wished of it
 * (nothing, cordon, drain, drain whose deadline has passed), with and without another place for its instance.
 */
class NodeWishTableTest {

    private static final String NODE = "10.0.0.1";
    private static final long LOOK_MS = 60_000;
    /** A node is suspect no longer than this before it is lost. */
    private static final long SUSPECT_MS = 9_000;

    private final Sim sim = new Sim().node(NODE).router("r1");

    /** The node becomes what the row says, then the wish is made, then time passes. */
    private void world(String standing, String wish, boolean otherPlace) {
        sim.settled("demo", "demo:1", 1);
        if (otherPlace) {
            sim.node("10.0.0.2");
            sim.step();
        }
        if (standing.equals("CUT_OFF")) {
            silentOthers();
        }
        become(standing);
        wish(wish);
        sim.run(standing.equals("SUSPECT") ? SUSPECT_MS : LOOK_MS);
    }

    /** Two more that fall silent with it: then most of four have. */
    private void silentOthers() {
        sim.node("10.0.0.3", 0, Map.of()).node("10.0.0.4", 0, Map.of());
        sim.run(6_000);
        sim.nodes.get("10.0.0.3").agentUp = false;
        sim.nodes.get("10.0.0.4").agentUp = false;
    }

    private void wish(String wish) {
        switch (wish) {
            case "CORDON" -> sim.cordon(NODE);
            case "DRAIN" -> sim.drain(NODE, 0);
            case "OVERDUE" -> sim.drain(NODE, 1);
            default -> sim.uncordon(NODE);
        }
    }

    private void become(String standing) {
        SimNode node = sim.nodes.get(NODE);
        switch (standing) {
            case "SUSPECT" -> {
                sim.engineAway.add(NODE);
                sim.step();
            }
            case "LOST", "CUT_OFF" -> {
                node.agentUp = false;
                sim.run(LOOK_MS);
            }
            default -> node.agentUp = true;
        }
    }

    @ParameterizedTest(name = "{0} {1} other place {2}: there {3}, elsewhere {4}, routed to it {5}")
    @CsvSource({
        "READY,   NONE,    true,  1, 0, true",
        "READY,   CORDON,  true,  1, 0, true",
        "READY,   DRAIN,   true,  0, 1, false",
        "READY,   OVERDUE, true,  0, 1, false",
        "READY,   NONE,    false, 1, 0, true",
        "READY,   CORDON,  false, 1, 0, true",
        "READY,   DRAIN,   false, 1, 0, true",
        "READY,   OVERDUE, false, 0, 0, false",
        "SUSPECT, NONE,    true,  1, 0, true",
        "SUSPECT, CORDON,  true,  1, 0, true",
        "SUSPECT, DRAIN,   true,  1, 0, true",
        "SUSPECT, OVERDUE, true,  1, 0, true",
        "SUSPECT, NONE,    false, 1, 0, true",
        "SUSPECT, CORDON,  false, 1, 0, true",
        "SUSPECT, DRAIN,   false, 1, 0, true",
        "SUSPECT, OVERDUE, false, 1, 0, true",
        "LOST,    NONE,    true,  1, 1, false",
        "LOST,    CORDON,  true,  1, 1, false",
        "LOST,    DRAIN,   true,  1, 1, false",
        "LOST,    OVERDUE, true,  1, 1, false",
        "LOST,    NONE,    false, 1, 0, true",
        "LOST,    CORDON,  false, 1, 0, true",
        "LOST,    DRAIN,   false, 1, 0, true",
        "LOST,    OVERDUE, false, 1, 0, true",
        "CUT_OFF, NONE,    true,  1, 0, true",
        "CUT_OFF, CORDON,  true,  1, 0, true",
        "CUT_OFF, DRAIN,   true,  1, 0, true",
        "CUT_OFF, OVERDUE, true,  1, 0, true",
        "CUT_OFF, NONE,    false, 1, 0, true",
        "CUT_OFF, CORDON,  false, 1, 0, true",
        "CUT_OFF, DRAIN,   false, 1, 0, true",
        "CUT_OFF, OVERDUE, false, 1, 0, true"
    })
    void whatBecomesOfTheInstance(
            String standing, String wish, boolean otherPlace, int there, int elsewhere, boolean routed) {
        world(standing, wish, otherPlace);

        long onNode = sim.nodes.get(NODE).containers.size();
        assertEquals(there, onNode, sim::describe);
        assertEquals(elsewhere, sim.containers("demo") - onNode, sim::describe);
        assertEquals(routed, sim.routed("demo").stream().anyMatch(e -> e.startsWith(NODE)), sim::describe);
        NodeStanding expected = standing.equals("CUT_OFF") ? NodeStanding.SUSPECT : NodeStanding.valueOf(standing);
        assertEquals(expected, sim.progress.standings().get(NODE));
    }

    @ParameterizedTest
    @CsvSource({
        "LOST,    NONE,    1, 0", "LOST,    CORDON,  1, 0", "LOST,    DRAIN,   0, 1", "LOST,    OVERDUE, 0, 1",
        "CUT_OFF, NONE,    1, 0", "CUT_OFF, CORDON,  1, 0", "CUT_OFF, DRAIN,   0, 1", "CUT_OFF, OVERDUE, 0, 1",
        "SUSPECT, NONE,    1, 0", "SUSPECT, CORDON,  1, 0", "SUSPECT, DRAIN,   0, 1", "SUSPECT, OVERDUE, 0, 1"
    })
    void aNodeThatIsBackKeepsItsInstanceUnlessItIsDrained(String standing, String wish, int there, int elsewhere) {
        world(standing, wish, true);
        sim.engineAway.clear();
        sim.nodes.values().forEach(node -> node.agentUp = true);

        sim.until("in order again", 30_000, () -> {
            boolean byForce = wish.equals("OVERDUE");
            assertTrue(byForce || sim.serving("demo") >= 1, sim::describe);
            return sim.inOrder("demo") && sim.nodes.get(NODE).containers.size() == there;
        });
        sim.run(20_000);
        assertEquals(there, sim.nodes.get(NODE).containers.size(), sim::describe);
        assertEquals(elsewhere, sim.containers("demo") - there, sim::describe);
    }

    @Test
    void nodesThatWereDrainedAndAreEmptyProveNoCut() {
        List<String> kinds = new ArrayList<>();
        sim.node("10.0.0.2").node("10.0.0.3");
        sim.settled("demo", "demo:1", 3);
        sim.drain(NODE, 0);
        sim.drain("10.0.0.2", 0);
        sim.until("moved", 60_000, () -> sim.nodes.get("10.0.0.3").containers.size() == 3 && sim.inOrder("demo"));
        sim.nodes.get(NODE).up = false;
        sim.nodes.get("10.0.0.2").up = false;

        sim.run(LOOK_MS);
        sim.events.forEach(event -> kinds.add(event.kind()));
        assertTrue(!kinds.contains("cut-off"), sim::describe);
        assertEquals(
                new TreeMap<>(
                        Map.of(NODE, NodeStanding.LOST, "10.0.0.2", NodeStanding.LOST, "10.0.0.3", NodeStanding.READY)),
                new TreeMap<>(sim.progress.standings()));
        assertEquals(3, sim.serving("demo"));
    }
}
