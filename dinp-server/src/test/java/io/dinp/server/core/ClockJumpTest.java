package io.dinp.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The machine's clock is set while no server runs; while one runs it is not asked. What is stored must not mislead. */
class ClockJumpTest {

    private static final long DAY_MS = 86_400_000;

    private final Sim sim = new Sim().node("10.0.0.1").node("10.0.0.2").router("r1");

    private void jump(long ms) {
        sim.now += ms;
        sim.restartServer();
    }

    @Test
    void setBackADeployIsGivenUpInTime() {
        sim.settled("demo", "demo:1", 1);
        sim.image("demo", "never:1");
        sim.run(2_000);
        jump(-DAY_MS);

        sim.until("given up", 330_000, () -> sim.rollout("demo").state() == RolloutState.FAILED);
        assertEquals(1, sim.serving("demo"));
    }

    @Test
    void setBackACrashedInstanceComesBackInTime() {
        sim.settled("demo", "demo:1", 1);
        for (int i = 0; i < 12; i++) {
            sim.until("up", 1_000_000, () -> sim.serving("demo") == 1);
            sim.exitAll("demo", 1);
            sim.step();
        }
        assertTrue(sim.rollout("demo").nextStart() - sim.now > 900_000, sim::describe);
        jump(-DAY_MS);

        sim.until("up", Backoff.LONGEST_MS + 20_000, () -> sim.serving("demo") == 1);
    }

    @Test
    void setForwardNothingThatRunsIsTouched() {
        sim.settled("demo", "demo:1", 3);
        int orders = sim.actions.size();
        jump(DAY_MS);
        sim.run(60_000);

        assertEquals(orders, sim.actions.size());
        assertEquals(3, sim.serving("demo"));
    }

    @Test
    void aNodeWhoseClockIsWrongIsANodeLikeAnyOther() {
        sim.settled("demo", "demo:1", 4);
        sim.nodes.get("10.0.0.2").containers.values().forEach(container -> container.startedAt += DAY_MS);
        int orders = sim.actions.size();
        sim.run(60_000);

        assertEquals(orders, sim.actions.size());
        sim.scale("demo", 2);
        sim.until("two", 10_000, () -> sim.inOrder("demo"));
    }
}
