package io.dinp.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The planner's nature, and an app's life from its first instance to its last, each rule shown by one small story. */
class ReconcilerTest {

    private final Sim sim = new Sim().node("10.0.0.1").node("10.0.0.2").router("r1");

    @Test
    void aNewAppIsStartedSpreadAndRouted() {
        sim.settled("demo", "demo:1", 2);

        assertEquals(RolloutState.DONE, sim.rollout("demo").state());
        assertEquals(1, sim.nodes.get("10.0.0.1").containers.size());
        assertEquals(1, sim.nodes.get("10.0.0.2").containers.size());
        assertEquals(
                "{\"app\":\"demo\",\"revision\":\""
                        + sim.rollout("demo").target().substring(0, 8) + "\"}",
                sim.redis.hosts().get("demo.apps.io"));
    }

    @Test
    void aPlanThatTookEffectIsFollowedByNothing() {
        sim.settled("demo", "demo:1", 3);
        int before = sim.actions.size();

        sim.run(60_000);

        assertEquals(before, sim.actions.size());
    }

    @Test
    void theSameSituationGivesTheSamePlan() {
        sim.app("a", "a:1", 3).app("b", "b:1", 2);
        sim.run(300);

        assertEquals(Reconciler.plan(sim.situation()), Reconciler.plan(sim.situation()));
    }

    @Test
    void aDeletedAppGoesTheLastOneToo() {
        sim.settled("demo", "demo:1", 2);
        sim.rows.clear();

        sim.until("gone", 10_000, () -> sim.containers("demo") == 0);
        sim.run(1_000);
        assertTrue(sim.redis.apps().isEmpty());
        assertTrue(sim.redis.hosts().isEmpty());
        assertTrue(sim.progress.rollouts().isEmpty());
    }

    @Test
    void anAppScaledToZeroIsKnownAndHasNoKey() {
        sim.settled("demo", "demo:1", 2);
        sim.scale("demo", 0);

        sim.until("down", 10_000, () -> sim.containers("demo") == 0);
        assertEquals(Map.of(), sim.redis.apps());
        assertTrue(sim.redis.hosts().containsKey("demo.apps.io"));
        sim.scale("demo", 2);
        sim.until("up again", 10_000, () -> sim.inOrder("demo"));
    }

    @Test
    void anUnusableRowDisturbsNobodyElse() {
        sim.settled("good", "good:1", 1);
        sim.settled("demo", "demo:1", 2);
        sim.row("demo", r -> new AppRow(r.id(), "demo", "demo:2", 64, 2, 0, "", 0, r.env()));
        sim.app("bad name", "x:1", 1).app("noimage", "UPPER CASE", 1).app("late", "late:1", 1);

        sim.until("late one is up", 10_000, () -> sim.inOrder("late"));
        sim.run(5_000);
        assertEquals(2, sim.serving("demo"));
        assertEquals(1, sim.serving("good"));
        assertEquals(3, sim.rows.get("demo").status());
        assertEquals(3, sim.rows.get("bad name").status());
        assertEquals(3, sim.rows.get("noimage").status());
        assertEquals(
                1, sim.eventKinds("demo").stream().filter("refused"::equals).count());
        sim.row("demo", r -> new AppRow(r.id(), "demo", "demo:2", 128, 2, r.status(), "", 0, r.env()));
        sim.until("mended", 20_000, () -> sim.inOrder("demo"));
        assertEquals(0, sim.rows.get("demo").status());
    }

    @Test
    void whatDoesNotFitWaitsAndSaysSo() {
        Sim world = new Sim().node("10.0.0.1", 512, Map.of()).router("r1").app("demo", "demo:1", 3);
        world.until("two fit", 10_000, () -> world.serving("demo") == 2);

        assertTrue(world.rollout("demo").reason().contains("needs 256 MB: "));
        assertTrue(world.nodes.get("10.0.0.1").usedMb() <= 512);
        world.until("given up", 320_000, () -> world.rollout("demo").state() == RolloutState.FAILED);
        assertEquals(2, world.serving("demo"), "what serves stays");
    }

    @Test
    void containersOfTheOriginalCountAndAreRoutedAndStay() {
        sim.nodes.get("10.0.0.1").legacy("old1", "demo", "demo:1");
        sim.app("demo", "demo:1", 2);
        sim.until("completed by one", 10_000, () -> sim.serving("demo") == 2);
        assertEquals(2, sim.containers("demo"));

        sim.rows.clear();
        sim.run(60_000);
        assertEquals(1, sim.containers("demo"));
        assertTrue(sim.routed("demo").isEmpty());
        assertFalse(sim.actions.stream().anyMatch(a -> a.instance().equals("old1")));
    }

    @Test
    void aKilledInstanceIsUnroutedAndReplacedAtOnce() {
        sim.settled("demo", "demo:1", 2);
        SimNode node = sim.nodes.get("10.0.0.1");
        String victim = node.containers.keySet().iterator().next();
        String endpoint = node.ip + ":" + node.containers.get(victim).port;
        node.crash(victim);
        node.containers.get(victim).stopAt = Long.MAX_VALUE;
        sim.cluster.apply(node.report(99), sim.now);

        sim.step();
        assertFalse(sim.routed("demo").contains(endpoint));
        sim.until("replaced", 2_000, () -> sim.inOrder("demo"));
        assertEquals(0, sim.rows.get("demo").status(), "a crash is no failed deploy");
    }

    @Test
    void aSickInstanceGoesOnlyAfterItsReplacementServes() {
        sim.settled("demo", "demo:1", 1);
        SimNode node = sim.nodes.values().stream()
                .filter(n -> !n.containers.isEmpty())
                .findFirst()
                .orElseThrow();
        String sick = node.containers.keySet().iterator().next();
        Instance instance = sim.cluster.find(sick).orElseThrow();
        sim.verdicts.putAll(ReplaceRule.with(Map.of(), instance, "500", sim.policy.interval(), sim.now));

        sim.until("replaced", 10_000, () -> {
            assertTrue(sim.serving("demo") >= 1, sim::describe);
            return !node.containers.containsKey(sick);
        });
        assertTrue(sim.inOrder("demo"));
    }

    @Test
    void anInstanceThatSomebodyWantsReplacedWaitsForItsReplacementHoweverLongThatTakes() {
        Sim full = new Sim().node("10.0.0.1", 300, Map.of()).router("r1");
        full.settled("demo", "demo:1", 1);
        Map<String, SimNode.Container> there = full.nodes.get("10.0.0.1").containers;
        String old = there.keySet().iterator().next();
        Instance instance = full.cluster.find(old).orElseThrow();
        full.verdicts.putAll(ReplaceRule.asked(Map.of(), instance, "restart asked for by ann", full.now));

        full.run(60_000);
        assertEquals(Set.of(old), there.keySet(), "there is no room for another one");
        assertEquals(1, full.serving("demo"));

        full.node("10.0.0.2");
        full.until("replaced", 20_000, () -> {
            assertTrue(full.serving("demo") >= 1, full::describe);
            return there.isEmpty();
        });
        assertTrue(full.inOrder("demo"));
        assertTrue(
                full.events.stream().anyMatch(event -> event.reason().equals("restart asked for by ann")),
                full::describe);
    }
}
