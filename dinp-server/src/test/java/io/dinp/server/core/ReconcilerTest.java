package io.dinp.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The planner's rules, each shown by one small story. */
class ReconcilerTest {

    private final Sim sim = new Sim().node("10.0.0.1").node("10.0.0.2").router("r1");

    private void settled(String app, String image, int instances) {
        sim.app(app, image, instances);
        sim.until(
                app + " in order",
                10_000,
                () -> sim.inOrder(app) && sim.rollout(app).state() == RolloutState.DONE);
    }

    @Test
    void aNewAppIsStartedSpreadAndRouted() {
        settled("demo", "demo:1", 2);

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
        settled("demo", "demo:1", 3);
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
    void aDeployKeepsTheOldOnesServingUntilTheNewOnesDo() {
        settled("demo", "demo:1", 3);

        sim.image("demo", "demo:2");
        sim.until("upgraded", 60_000, () -> {
            assertTrue(sim.serving("demo") >= 3, sim::describe);
            assertTrue(sim.containers("demo") <= 5, sim::describe);
            return sim.inOrder("demo");
        });
        assertEquals(RolloutState.DONE, sim.rollout("demo").state());
    }

    @Test
    void aDeployThatScalesUpStartsNothingInVain() {
        settled("demo", "demo:1", 1);
        sim.actions.clear();

        sim.image("demo", "demo:2");
        sim.scale("demo", 2);
        sim.until("upgraded", 60_000, () -> sim.inOrder("demo"));
        long starts =
                sim.actions.stream().filter(a -> a instanceof Action.Start).count();
        assertTrue(starts <= 3, () -> starts + " starts: two new ones, and at most one old to bridge the time");
    }

    @Test
    void aRequestUnderWayKeepsItsInstanceUntilTheDrainTimeIsOver() {
        settled("demo", "demo:1", 1);
        String old = sim.routed("demo").get(0);
        sim.inflight.put(old, 1);

        sim.image("demo", "demo:2");
        sim.until("unrouted", 10_000, () -> !sim.routed("demo").contains(old));
        sim.run(20_000);
        assertEquals(1, sim.containers("demo", "demo:1"), "stopped with a request under way");
        sim.inflight.clear();
        sim.until("stopped", 2_000, () -> sim.inOrder("demo"));
    }

    @Test
    void withoutAnyRouterTheWholeDrainTimeIsWaited() {
        sim.routers.clear();
        sim.app("demo", "demo:1", 2);
        sim.until("up", 10_000, () -> sim.serving("demo") == 2);
        sim.scale("demo", 1);
        sim.until("unrouted", 60_000, () -> sim.routed("demo").size() == 1);
        long unrouted = sim.now;

        sim.until("stopped", 60_000, () -> sim.containers("demo") == 1);
        assertTrue(sim.now - unrouted >= 30_000);
    }

    @Test
    void whileRedisIsAwayNoRoutedInstanceIsStopped() {
        settled("demo", "demo:1", 3);
        sim.redisUp = false;
        sim.scale("demo", 1);

        sim.run(120_000);
        assertEquals(3, sim.serving("demo"));
        sim.redisUp = true;
        sim.until("scaled", 40_000, () -> sim.inOrder("demo"));
    }

    @Test
    void aFailedDeployLeavesTheLastGoodRevisionAlone() {
        for (Map.Entry<String, Integer> bad :
                Map.of("nopull:1", 2, "exits:1", 3, "never:1", 3).entrySet()) {
            Sim world = new Sim().node("10.0.0.1").node("10.0.0.2").router("r1");
            world.app("demo", "demo:1", 2);
            world.until("up", 10_000, () -> world.inOrder("demo"));

            world.image("demo", bad.getKey());
            world.until(bad.getKey() + " given up", 90_000, () -> {
                assertEquals(2, world.serving("demo"));
                return world.rollout("demo").state() == RolloutState.FAILED;
            });
            world.until("tidy", 10_000, () -> world.containers("demo", bad.getKey()) == 0);
            long starts = world.actions.stream()
                    .filter(a -> a instanceof Action.Start)
                    .count();
            world.run(120_000);

            assertEquals(bad.getValue(), world.rows.get("demo").status());
            assertEquals(2, world.serving("demo"));
            assertEquals(2, world.containers("demo", "demo:1"));
            assertEquals(
                    starts,
                    world.actions.stream()
                            .filter(a -> a instanceof Action.Start)
                            .count(),
                    "tried again");
        }
    }

    @Test
    void settingTheStatusToZeroTriesAgain() {
        sim.app("demo", "exits:1", 1);
        sim.until("given up", 10_000, () -> sim.rows.get("demo").status() == 3);
        sim.run(5_000);

        sim.row("demo", r -> r.withStatus(0));
        sim.until("given up again", 10_000, () -> sim.rows.get("demo").status() == 3);
        assertEquals(
                2,
                sim.eventKinds("demo").stream().filter("deploy-failed"::equals).count());
    }

    @Test
    void aNewRevisionIsTriedAlthoughTheStatusTellsOfAFailure() {
        sim.app("demo", "exits:1", 1);
        sim.until("given up", 10_000, () -> sim.rows.get("demo").status() == 3);

        sim.image("demo", "demo:2");
        sim.until("up", 10_000, () -> sim.inOrder("demo"));
        assertEquals(0, sim.rows.get("demo").status());
    }

    @Test
    void theNewerOfTwoDeploysWins() {
        settled("demo", "demo:1", 3);
        sim.image("demo", "demo:2");
        sim.until("half", 10_000, () -> sim.containers("demo", "demo:2") >= 1);
        sim.image("demo", "demo:3");

        sim.until("third", 60_000, () -> {
            assertTrue(sim.serving("demo") >= 3, sim::describe);
            return sim.inOrder("demo");
        });
    }

    @Test
    void aChangedEnvironmentRolls() {
        settled("demo", "demo:1", 2);
        String before = sim.rollout("demo").target();
        sim.row(
                "demo",
                r -> new AppRow(
                        r.id(),
                        r.name(),
                        r.image(),
                        r.memoryMb(),
                        r.instances(),
                        0,
                        "",
                        0,
                        new TreeMap<>(Map.of("K", "v"))));

        sim.until("rolled", 30_000, () -> !sim.rollout("demo").lastGood().equals(before) && sim.inOrder("demo"));
    }

    @Test
    void aKilledInstanceIsUnroutedAndReplacedAtOnce() {
        settled("demo", "demo:1", 2);
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
    void aCrashLoopIsSlowedDown() {
        settled("demo", "demo:1", 1);
        for (int i = 0; i < 6; i++) {
            SimNode node = sim.nodes.values().stream()
                    .filter(n -> n.containers.values().stream().anyMatch(c -> c.ready))
                    .findFirst()
                    .orElseThrow();
            node.crash(node.containers.keySet().iterator().next());
            sim.cluster.apply(node.report(99 + i), sim.now);
            sim.step();
            long wait = i < 3 ? 3_000 : 34_000L << (i - 3);
            sim.until("replaced after crash " + i, wait, () -> sim.inOrder("demo"));
        }
        assertTrue(sim.eventKinds("demo").contains("waiting"));
    }

    @Test
    void aDeletedAppGoesTheLastOneToo() {
        settled("demo", "demo:1", 2);
        sim.rows.clear();

        sim.until("gone", 10_000, () -> sim.containers("demo") == 0);
        sim.run(1_000);
        assertTrue(sim.redis.apps().isEmpty());
        assertTrue(sim.redis.hosts().isEmpty());
        assertTrue(sim.progress.rollouts().isEmpty());
    }

    @Test
    void afterAServerRestartNothingHappensUntilAllNodesHaveSpoken() {
        settled("demo", "demo:1", 2);
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
        settled("demo", "demo:1", 2);
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
        settled("demo", "demo:1", 3);
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
        settled("demo", "demo:1", 2);
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
    void anUnusableRowDisturbsNobodyElse() {
        settled("good", "good:1", 1);
        settled("demo", "demo:1", 2);
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

        assertTrue(world.rollout("demo").reason().contains("no node has room for 256 MB"));
        assertTrue(world.nodes.get("10.0.0.1").usedMb() <= 512);
        world.until("given up", 320_000, () -> world.rollout("demo").state() == RolloutState.FAILED);
        assertEquals(2, world.serving("demo"), "what serves stays");
    }

    @Test
    void aSickInstanceGoesOnlyAfterItsReplacementServes() {
        settled("demo", "demo:1", 1);
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
    void customDomainsAreKeysOnlyWhileTheyAreBoundAndAllowed() {
        sim.domains.add(new DomainRow("WWW.Example.com", "demo"));
        sim.domains.add(new DomainRow("evil.apps.io", "demo"));
        sim.domains.add(new DomainRow("dash.example.com", "demo"));
        sim.domains.add(new DomainRow("other.example.com", "unknown"));
        settled("demo", "demo:1", 1);

        assertEquals(Map.of("/cname/www.example.com", "/rs/demo.apps.io"), sim.redis.cnames());
        assertEquals(
                2,
                sim.events.stream()
                        .filter(e -> e.kind().equals("domain-refused"))
                        .count());
        sim.domains.clear();
        sim.step();
        assertTrue(sim.redis.cnames().isEmpty());
    }

    @Test
    void ofTwoAppsThatDifferInCaseTheFirstIsRouted() {
        settled("Demo", "demo:1", 1);
        sim.app("demo", "demo:1", 1);
        sim.run(5_000);

        assertEquals(1, sim.routed("Demo").size());
        assertTrue(sim.eventKinds("demo").contains("name-taken"));
    }

    @Test
    void anAppScaledToZeroIsKnownAndHasNoKey() {
        settled("demo", "demo:1", 2);
        sim.scale("demo", 0);

        sim.until("down", 10_000, () -> sim.containers("demo") == 0);
        assertEquals(Map.of(), sim.redis.apps());
        assertTrue(sim.redis.hosts().containsKey("demo.apps.io"));
        sim.scale("demo", 2);
        sim.until("up again", 10_000, () -> sim.inOrder("demo"));
    }

    @Test
    void aKeyThatNobodyWantsIsDeletedOnceAllNodesHaveSpoken() {
        sim.redis.apps().put("/rs/ghost.apps.io", List.of("10.0.0.1:1"));
        sim.redis.cnames().put("/cname/ghost.example.com", "/rs/ghost.apps.io");
        sim.run(14_000);
        assertEquals(1, sim.redis.apps().size());

        sim.run(3_000);
        assertTrue(sim.redis.apps().isEmpty());
        assertTrue(sim.redis.cnames().isEmpty());
    }
}
