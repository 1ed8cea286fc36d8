package io.dinp.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a deploy may and may not do to the instances that serve. */
class DeployTest {

    private final Sim sim = new Sim().node("10.0.0.1").node("10.0.0.2").router("r1");

    @Test
    void aDeployKeepsTheOldOnesServingUntilTheNewOnesDo() {
        sim.settled("demo", "demo:1", 3);

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
        sim.settled("demo", "demo:1", 1);
        sim.actions.clear();

        sim.image("demo", "demo:2");
        sim.scale("demo", 2);
        sim.until("upgraded", 60_000, () -> sim.inOrder("demo"));
        long starts =
                sim.actions.stream().filter(a -> a instanceof Action.Start).count();
        assertTrue(starts <= 3, () -> starts + " starts: two new ones, and at most one old to bridge the time");
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
        sim.settled("demo", "demo:1", 3);
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
        sim.settled("demo", "demo:1", 2);
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
}
