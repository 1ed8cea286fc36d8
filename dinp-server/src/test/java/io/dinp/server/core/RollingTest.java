package io.dinp.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Surge, missing instances, the bake time, and what an operator may say to a deploy. */
class RollingTest {

    private static final RolloutRules BAKES = new RolloutRules(null, 0, 10);

    private final Sim sim = new Sim().node("10.0.0.1").node("10.0.0.2").router("r1");

    private void baking(int instances) {
        sim.settled("demo", "demo:1", instances);
        sim.rules("demo", BAKES);
        sim.image("demo", "demo:2");
        sim.until("a new one is routed", 10_000, () -> sim.routed("demo").size() == instances + 1);
    }

    private Rollout rollout() {
        return sim.rollout("demo");
    }

    private void say(RolloutCommand command) {
        sim.commands.put("demo", command);
        sim.step();
    }

    @Test
    void anOldInstanceGoesOnlyForOneThatHasServedForTheBakeTime() {
        baking(2);
        long routed = sim.now;
        sim.run(9_000);
        assertEquals(2, sim.containers("demo", "demo:1"));
        assertTrue(rollout().reason().startsWith("baking"), rollout()::reason);

        sim.until("one old is gone", 3_000, () -> sim.containers("demo", "demo:1") == 1);
        assertTrue(sim.now - routed >= 10_000);
        sim.until("all in order", 20_000, () -> sim.inOrder("demo") && rollout().state() == RolloutState.DONE);
    }

    @Test
    void aCrashWhileBakingFailsTheDeployAndTakesNothingAway() {
        baking(1);
        sim.run(5_000);
        sim.nodes
                .values()
                .forEach(node -> node.containers.forEach((id, container) -> {
                    if (container.spec.image().equals("demo:2")) {
                        node.exit(id, 1);
                    }
                }));
        sim.until("given up", 10_000, () -> {
            assertTrue(sim.containers("demo", "demo:1") == 1);
            return rollout().state() == RolloutState.FAILED;
        });
        assertEquals(3, sim.rows.get("demo").status());
        sim.until("only the old one", 10_000, () -> sim.containers("demo") == 1 && sim.serving("demo") == 1);
    }

    @Test
    void aFirstDeployThatCrashesWhileBakingHasFailed() {
        sim.app("demo", "demo:1", 1);
        sim.rules("demo", BAKES);
        sim.until("routed", 10_000, () -> sim.serving("demo") == 1);
        sim.run(3_000);
        sim.exitAll("demo", 0);

        sim.step();
        assertEquals(RolloutState.FAILED, rollout().state());
        assertEquals("exited with code 0", rollout().reason());
    }

    @Test
    void aFailedProbeWhileBakingFailsTheDeploy() {
        baking(1);
        Instance fresh = sim.situation().real().nodes().values().stream()
                .flatMap(node -> node.instances().stream())
                .filter(i -> i.image().equals("demo:2"))
                .findFirst()
                .orElseThrow();
        sim.verdicts.putAll(ReplaceRule.with(Map.of(), fresh, "500 of /health", sim.policy.interval(), sim.now));

        sim.step();
        assertEquals(RolloutState.FAILED, rollout().state());
        assertTrue(rollout().reason().endsWith("failed its health check: 500 of /health"), rollout()::reason);
        sim.until("only the old one", 10_000, () -> sim.containers("demo") == 1 && sim.serving("demo") == 1);
    }

    @Test
    void aWishForAnotherInstanceFailsNoDeploy() {
        baking(1);
        Instance fresh = sim.situation().real().nodes().values().stream()
                .flatMap(node -> node.instances().stream())
                .filter(i -> i.image().equals("demo:2"))
                .findFirst()
                .orElseThrow();
        sim.verdicts.putAll(ReplaceRule.asked(Map.of(), fresh, "restart asked for by ann", sim.now));

        sim.until("another one serves", 60_000, () -> {
            assertTrue(sim.serving("demo") >= 1, sim::describe);
            return rollout().state() == RolloutState.DONE
                    && sim.inOrder("demo")
                    && sim.cluster.find(fresh.id()).isEmpty();
        });
        assertTrue(sim.events.stream().noneMatch(event -> event.kind().equals("deploy-failed")), sim::describe);
    }

    @Test
    void theBakeTimeBeginsAnewWithAServerThatHasNotSeenItBegin() {
        baking(1);
        sim.run(9_000);
        sim.restartServer();
        sim.run(9_000);
        assertEquals(1, sim.containers("demo", "demo:1"));
        sim.until("done", 20_000, () -> sim.inOrder("demo"));
    }

    @Test
    void surgeIsTheApps() {
        sim.settled("demo", "demo:1", 3);
        sim.rules("demo", new RolloutRules(3, 0, 0));
        sim.image("demo", "demo:2");

        sim.until("all new ones at once", 5_000, () -> sim.containers("demo") == 6);
        sim.until("in order", 10_000, () -> sim.inOrder("demo"));
    }

    @Test
    void withoutRoomAnAppThatMayMissOneIsChangedInPlace() {
        Sim full = new Sim().node("10.0.0.1", 512, Map.of()).router("r1");
        full.settled("demo", "demo:1", 2);
        full.rules("demo", new RolloutRules(0, 1, 5));
        full.image("demo", "demo:2");

        full.until("in order", 60_000, () -> {
            assertTrue(full.containers("demo") <= 2, full::describe);
            assertTrue(full.serving("demo") >= 1, full::describe);
            return full.inOrder("demo");
        });
    }

    /** Two instances, one of them changed already, of an app that may miss one and have none too many. */
    private static Sim halfwayInPlace() {
        Sim one = new Sim().node("10.0.0.1").router("r1");
        one.settled("demo", "demo:1", 2);
        one.rules("demo", new RolloutRules(0, 1, null));
        one.image("demo", "demo:2");
        one.until("one is changed", 60_000, () -> one.containers("demo", "demo:2") == 1 && one.serving("demo") == 2);
        return one;
    }

    private static void goesBackAndServes(Sim one) {
        one.until("all are what they were", 60_000, () -> {
            assertTrue(one.serving("demo") >= 1, one::describe);
            return one.containers("demo", "demo:1") == 2 && one.serving("demo") == 2;
        });
    }

    @Test
    void aChangeInPlaceThatIsTakenBackHalfwayEndsInOrder() {
        Sim one = halfwayInPlace();
        one.image("demo", "demo:1");
        goesBackAndServes(one);
        one.until("done", 10_000, () -> one.rollout("demo").state() == RolloutState.DONE && one.inOrder("demo"));
    }

    @Test
    void aChangeInPlaceThatIsCancelledHalfwayGoesBackAltogether() {
        Sim one = halfwayInPlace();
        one.commands.put("demo", RolloutCommand.CANCEL);
        goesBackAndServes(one);
        assertEquals(RolloutState.FAILED, one.rollout("demo").state());
    }

    @Test
    void whereAnAppWouldFitIsToldWhileItWaitsAndItGoesOnWhenThereIsRoom() {
        Sim full = new Sim()
                .node("10.0.0.1", 512, Map.of())
                .node("10.0.0.2", 384, Map.of())
                .router("r1");
        full.cordon("10.0.0.2");
        full.settled("demo", "demo:1", 2);
        full.image("demo", "demo:2");
        full.run(10_000);

        assertEquals(
                "needs 256 MB: 10.0.0.2 is cordoned, it would fit; 10.0.0.1 has 0 MB free, 256 MB short",
                full.rollout("demo").reason());
        assertEquals(
                1,
                full.events.stream()
                        .filter(e -> e.reason().startsWith("needs 256 MB"))
                        .count());
        full.uncordon("10.0.0.2");
        full.until("in order", 60_000, () -> full.inOrder("demo"));
    }

    @Test
    void withoutRoomTheServersOwnSurgeDoesNotHoldUpAnAppThatMayMissOne() {
        Sim full = new Sim().node("10.0.0.1", 512, Map.of()).router("r1");
        full.settled("demo", "demo:1", 2);
        full.rules("demo", new RolloutRules(null, 1, 0));
        full.image("demo", "demo:2");

        full.until("in order", 60_000, () -> {
            assertTrue(full.serving("demo") >= 1, full::describe);
            return full.inOrder("demo") && full.rollout("demo").state() == RolloutState.DONE;
        });
    }

    @Test
    void withoutRoomAnAppThatMayMissNoneWaitsAndFailsAtItsDeadline() {
        Sim full = new Sim().node("10.0.0.1", 512, Map.of()).router("r1");
        full.settled("demo", "demo:1", 2);
        full.image("demo", "demo:2");

        full.until("given up", 310_000, () -> full.rollout("demo").state() == RolloutState.FAILED);
        assertEquals(2, full.serving("demo"));
        assertTrue(full.rollout("demo").reason().contains("needs 256 MB: 10.0.0.1 has 0 MB free, 256 MB short"));
    }

    @Test
    void aCancelledDeployGoesBackToTheLastGoodRevision() {
        baking(3);
        sim.run(11_000);
        say(RolloutCommand.CANCEL);

        assertEquals(RolloutState.FAILED, rollout().state());
        assertEquals("cancelled by command", rollout().reason());
        sim.until("back", 20_000, () -> {
            assertTrue(sim.serving("demo") >= 3, sim::describe);
            return sim.containers("demo", "demo:1") == 3 && sim.containers("demo") == 3;
        });
        sim.row("demo", row -> row.withStatus(0));
        sim.until("tried again", 1_000, () -> rollout().state() == RolloutState.ROLLING);
    }

    @Test
    void aPausedDeployStandsStillAndItsDeadlineWaits() {
        baking(2);
        say(RolloutCommand.PAUSE);
        sim.run(400_000);
        assertEquals(RolloutState.ROLLING, rollout().state());
        assertEquals(2, sim.containers("demo", "demo:1"));
        assertEquals(1, sim.containers("demo", "demo:2"));
        assertEquals("paused by command", rollout().reason());

        sim.restartServer();
        sim.run(20_000);
        assertEquals(2, sim.containers("demo", "demo:1"), "a pause is remembered");
        say(RolloutCommand.RESUME);
        sim.until("done", 60_000, () -> sim.inOrder("demo"));
        assertFalse(rollout().paused());
    }

    @Test
    void aPausedDeployStillReplacesACrashedOldInstance() {
        baking(2);
        say(RolloutCommand.PAUSE);
        SimNode node = sim.nodes.get("10.0.0.1");
        node.containers.keySet().stream()
                .filter(id -> node.containers.get(id).spec.image().equals("demo:1"))
                .forEach(node::crash);

        sim.until("replaced", 20_000, () -> sim.serving("demo") >= 2 && sim.containers("demo", "demo:1") >= 1);
        assertEquals(RolloutState.ROLLING, rollout().state());
    }

    @Test
    void aNewerDeployWinsOverAPausedOne() {
        baking(2);
        say(RolloutCommand.PAUSE);
        sim.image("demo", "demo:3");

        sim.until("the third is there", 60_000, () -> sim.inOrder("demo"));
    }

    @Test
    void aCommandWithoutADeployChangesNothing() {
        sim.settled("demo", "demo:1", 1);
        Rollout before = rollout();
        for (RolloutCommand command : RolloutCommand.values()) {
            say(command);
            assertEquals(before, rollout());
        }
    }

    @Test
    void unusableRulesAreRefusedByName() {
        assertEquals("", RolloutRules.DEFAULT.fault());
        assertTrue(new RolloutRules(-1, 0, null).fault().startsWith("surge is -1"));
        assertTrue(new RolloutRules(null, -1, null).fault().startsWith("unavailable is -1"));
        assertTrue(new RolloutRules(null, 0, 3601).fault().startsWith("bake_seconds is 3601"));
        assertEquals(1, new RolloutRules(0, 0, null).surge(4, sim.policy), "something must move");
        assertEquals(0, new RolloutRules(0, 1, null).surge(4, sim.policy));
    }
}
