package io.dinp.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each way in which a deploy fails says its stage, and where it happened. */
class FailureTest {

    private final Sim sim = new Sim().node("10.0.0.1").node("10.0.0.2").router("r1");
    private final List<Failure> failures = new ArrayList<>();

    private Failure failureOf(String image) {
        sim.settled("demo", "demo:1", 1);
        sim.image("demo", image);
        return awaited();
    }

    private Failure awaited() {
        sim.until("given up", 400_000, () -> {
            failures.addAll(sim.last.failures());
            return !failures.isEmpty();
        });
        assertEquals(sim.rollout("demo").target(), failures.get(0).revision());
        assertEquals(sim.rollout("demo").reason(), failures.get(0).reason());
        return failures.get(0);
    }

    @Test
    void anImageThatCannotBePulled() {
        Failure failure = failureOf("nopull:1");
        assertEquals("pull", failure.stage());
        assertTrue(sim.nodes.containsKey(failure.node()));
        assertEquals("", failure.instance(), "found out before any was started");
    }

    @Test
    void anInstanceThatExits() {
        Failure failure = failureOf("exits:1");
        assertEquals("exit", failure.stage());
        assertEquals(1, failure.exitCode());
    }

    @Test
    void anInstanceThatIsNeverReady() {
        assertEquals("ready", failureOf("never:1").stage());
    }

    @Test
    void aSickInstance() {
        sim.settled("demo", "demo:1", 1);
        sim.rules("demo", new RolloutRules(null, 0, 60));
        sim.image("demo", "demo:2");
        sim.until("two serve", 10_000, () -> sim.serving("demo") == 2);
        Instance fresh = sim.situation().real().nodes().values().stream()
                .flatMap(node -> node.instances().stream())
                .filter(i -> i.image().equals("demo:2"))
                .findFirst()
                .orElseThrow();
        sim.verdicts.putAll(ReplaceRule.with(Map.of(), fresh, "500", sim.policy.interval(), sim.now));

        Failure failure = awaited();
        assertEquals(Failure.HEALTH, failure.stage());
        assertEquals(fresh.id(), failure.instance());
    }

    @Test
    void aDeployWithoutRoom() {
        Sim full = new Sim().node("10.0.0.1", 256, Map.of()).router("r1");
        full.settled("demo", "demo:1", 1);
        full.image("demo", "demo:2");
        full.until("given up", 310_000, () -> !full.last.failures().isEmpty());

        Failure failure = full.last.failures().get(0);
        assertEquals(Failure.DEADLINE, failure.stage());
        assertEquals("", failure.node());
        assertTrue(failure.reason().contains("needs 256 MB: 10.0.0.1 has "), failure::reason);
    }

    @Test
    void aCancelledDeploy() {
        sim.settled("demo", "demo:1", 1);
        sim.rules("demo", new RolloutRules(null, 0, 60));
        sim.image("demo", "demo:2");
        sim.step();
        sim.commands.put("demo", RolloutCommand.CANCEL);

        assertEquals(Failure.CANCEL, awaited().stage());
    }
}
