package io.dinp.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** An app that crashes again and again is started again ever more slowly, whatever happens to the server meanwhile. */
class CrashLoopTest {

    /** From the order to the first request: what the simulated node needs, and the ticks around it. */
    private static final long UP_MS = 3_000;

    private final Sim sim = new Sim().node("10.0.0.1").node("10.0.0.2").router("r1");

    private void untilUp(long limitMs) {
        sim.until("up again", limitMs, () -> sim.inOrder("demo"));
    }

    @Test
    void threeStartsAtOnceThenEverSlower() {
        sim.settled("demo", "demo:1", 1);
        for (int crash = 1; crash <= 6; crash++) {
            long died = sim.now;
            sim.exitAll("demo", 137);
            untilUp(Backoff.delayMs(crash, 1) + UP_MS);

            assertTrue(sim.now - died >= Backoff.delayMs(crash, 1), "started too early");
            assertEquals(crash, sim.rollout("demo").crashes());
        }
        assertEquals(RolloutState.DONE, sim.rollout("demo").state(), "a crash is no failed deploy");
        assertEquals(0, sim.rows.get("demo").status());
        assertTrue(sim.eventKinds("demo").contains("waiting"));
    }

    @Test
    void aCleanExitIsACrash() {
        sim.settled("demo", "demo:1", 1);
        sim.exitAll("demo", 0);
        sim.step();

        assertEquals(1, sim.rollout("demo").crashes());
        untilUp(UP_MS);
    }

    @Test
    void tenStableMinutesForgiveEverything() {
        sim.settled("demo", "demo:1", 1);
        for (int crash = 1; crash <= 5; crash++) {
            sim.exitAll("demo", 1);
            untilUp(Backoff.delayMs(crash, 1) + UP_MS);
        }
        sim.run(601_000);

        assertEquals(0, sim.rollout("demo").crashes(), "told without a further crash");
        assertEquals(0, sim.rollout("demo").nextStart());
    }

    @Test
    void aNewRevisionIsTriedAtOnce() {
        sim.settled("demo", "demo:1", 1);
        for (int crash = 1; crash <= 6; crash++) {
            sim.exitAll("demo", 1);
            untilUp(Backoff.delayMs(crash, 1) + UP_MS);
        }
        sim.exitAll("demo", 1);
        sim.step();

        sim.image("demo", "demo:2");
        untilUp(UP_MS);
        assertEquals(0, sim.rollout("demo").crashes());
    }

    @Test
    void theWaitIsTheAppsAndSurvivesTheServer() {
        sim.settled("demo", "demo:1", 1);
        for (int crash = 1; crash <= 4; crash++) {
            untilUp(Backoff.delayMs(crash, 1) + UP_MS);
            sim.exitAll("demo", 1);
            sim.step();
        }
        long nextStart = sim.rollout("demo").nextStart();
        sim.run(5_000);
        sim.restartServer();
        sim.until("the server plans", 20_000, () -> sim.last.routes().isPresent());

        sim.run(nextStart - sim.now - Sim.TICK_MS);
        assertEquals(0, sim.containers("demo"), "started before its time");
        assertEquals(4, sim.rollout("demo").crashes());
        untilUp(UP_MS);
    }

    /** Crashes at random times, servers that are restarted: never a start before the time that the count allows. */
    @TestFactory
    List<DynamicTest> neverEarlierThanTheCountAllows() {
        return LongStream.range(0, 6L * Integer.getInteger("dinp.seeds", 1))
                .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> history(new Random(seed))))
                .toList();
    }

    private static void history(Random random) {
        Sim world = new Sim().node("10.0.0.1").node("10.0.0.2").router("r1");
        int instances = 1 + random.nextInt(3);
        world.settled("demo", "demo:1", instances);
        for (int round = 0; round < 6; round++) {
            world.run(random.nextInt(20_000));
            int before = world.rollout("demo").crashes();
            world.exitAll("demo", random.nextInt(2));
            long died = world.now;
            world.step();
            int crashes = world.rollout("demo").crashes();
            assertEquals(before + instances, crashes, world::describe);
            long wait = Backoff.delayMs(crashes, instances);
            if (random.nextInt(3) == 0) {
                world.run(random.nextInt(2_000));
                world.restartServer();
            }
            world.until("up again", wait + 20_000, () -> {
                assertTrue(world.containers("demo") == 0 || world.now - died >= wait, world::describe);
                return world.inOrder("demo");
            });
        }
    }
}
