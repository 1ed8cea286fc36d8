package io.dinp.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.model.InstanceState;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A node that was away comes back: what it kept serving is kept, what took its place goes. */
class ReturnTest {

    private final Sim sim =
            new Sim().node("10.0.0.1").node("10.0.0.2", 1280, Map.of()).router("r1");

    private Set<String> on(String node) {
        return new TreeSet<>(sim.nodes.get(node).containers.keySet());
    }

    private void absence(long ms) {
        sim.nodes.get("10.0.0.2").agentUp = false;
        sim.run(ms);
    }

    private void comesBack() {
        sim.nodes.get("10.0.0.2").agentUp = true;
        sim.until("in order", 60_000, () -> {
            assertTrue(sim.serving("demo") >= sim.rows.get("demo").instances(), sim::describe);
            return sim.inOrder("demo");
        });
    }

    @Test
    void itsInstancesAreKeptAndTheYoungerSurplusGoesThoughItsNodeIsFuller() {
        sim.settled("demo", "demo:1", 6);
        Set<String> kept = on("10.0.0.2");
        assertEquals(3, kept.size());
        absence(60_000);
        assertEquals(6, on("10.0.0.1").size());

        comesBack();
        assertEquals(kept, on("10.0.0.2"));
        assertEquals(3, on("10.0.0.1").size());
        assertEquals(Set.of(), sim.progress.returned(), "remembered only while there are too many");
    }

    @Test
    void ofAnAppThatWasChangedMeanwhileNothingIsKept() {
        sim.settled("demo", "demo:1", 4);
        sim.nodes.get("10.0.0.2").agentUp = false;
        sim.run(20_000);
        sim.image("demo", "demo:2");
        sim.until("changed", 60_000, () -> sim.containers("demo", "demo:2") == 4 && sim.serving("demo") == 4);
        comesBack();

        assertEquals(Set.of(), on("10.0.0.2"));
    }

    @Test
    void ofAnAppThatWasScaledDownMeanwhileAsManyAsWantedServeThroughout() {
        sim.settled("demo", "demo:1", 4);
        Set<String> first = on("10.0.0.1");
        absence(60_000);
        sim.scale("demo", 2);
        sim.until("two", 20_000, () -> on("10.0.0.1").size() == 2);
        assertEquals(first, on("10.0.0.1"), "the youngest went");

        comesBack();
    }

    @Test
    void anInstanceThatIsBackButNotReadyIsNotWaitedFor() {
        sim.settled("demo", "demo:1", 2);
        absence(60_000);
        sim.nodes.get("10.0.0.2").containers.values().forEach(container -> container.ready = false);
        comesBack();

        assertEquals(2, on("10.0.0.1").size());
    }

    @Test
    void whatComesBackFromAPowerCutIsNotStoppedWhileItsOldRouteCannotBeTakenAway() {
        sim.settled("demo", "demo:1", 1);
        sim.redisUp = false;
        sim.nodes
                .values()
                .forEach(node -> node.containers.values().forEach(c -> {
                    c.state = InstanceState.PULLING;
                    c.startedAt = 0;
                    c.ready = false;
                }));
        sim.run(6_000);
        sim.rows.remove("demo");
        sim.run(6_000);
        assertEquals(1, sim.routed("demo").size(), sim::describe);
        assertTrue(sim.actions.stream().noneMatch(Action.Stop.class::isInstance), sim::describe);

        sim.redisUp = true;
        sim.until("gone", 60_000, () -> sim.actions.stream().anyMatch(Action.Stop.class::isInstance));
        assertEquals(List.of(), sim.routed("demo"));
    }
}
