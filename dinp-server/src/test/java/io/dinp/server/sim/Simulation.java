package io.dinp.server.sim;

import io.dinp.server.core.Plan;
import io.dinp.server.core.Situation;
import io.dinp.server.core.TwofoldPlanner;
import io.dinp.server.sim.Trouble.Degree;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/** One history: a platform comes up, people and trouble have their time, then all is healed, and it must find its order. */
final class Simulation {

    private static final int TRACED_LINES = Integer.getInteger("dinp.sim.lines", 300);
    private static final long BOUND_MS = 1_500_000;
    private static final long QUIET_MS = 15_000;
    private static final long STEP_MS = 1_000;

    private static final List<Degree> DEGREES = List.of(Degree.NONE, Degree.CONTROL, Degree.ALL, Degree.ALL);

    private final World world;
    private final Random random;
    private final People people;
    private final Trouble trouble;

    private Simulation(long seed, int tracedLines, Function<Situation, Plan> planner) {
        this.world = new World(seed, tracedLines, planner);
        this.random = world.random;
        boolean many = random.nextInt(12) == 0;
        this.people = new People(world, many ? 14 : 1 + random.nextInt(4));
        this.trouble = new Trouble(world, DEGREES.get(random.nextInt(DEGREES.size())));
        int nodes = 1 + random.nextInt(4);
        boolean tight = random.nextInt(4) == 0;
        for (int i = 1; i <= nodes; i++) {
            world.addNode(
                    "10.0.0." + i, (tight ? 2_560L : 16_384L) * (many ? 3 : 1), many ? 60 : 14 + random.nextInt(20));
        }
        int routers = random.nextInt(4);
        for (int i = 1; i <= routers; i++) {
            world.addRouter("r" + i);
        }
        new Monitor(world);
        for (int i = 0; i < (many ? 30 : 3); i++) {
            people.create();
        }
        world.host.restart(0, 0);
    }

    /** What a history came to. */
    record Outcome(long events, long plans, String fingerprint) {}

    /** Runs the history of a seed; one that breaks a law is told again with its trace. */
    static Outcome run(long seed) {
        return run(seed, new TwofoldPlanner());
    }

    /** The same with another planner. */
    static Outcome run(long seed, Function<Situation, Plan> planner) {
        Simulation simulation = new Simulation(seed, 0, planner);
        try {
            return simulation.history();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "seed " + seed + " fails: " + e.getMessage() + "\n" + trace(seed, planner)
                            + "\nreplay it with -Ddinp.sim.seed=" + seed + "\n",
                    e);
        }
    }

    /** Runs the history of a seed with its trace, whether it breaks a law or not. */
    static String trace(long seed) {
        return trace(seed, new TwofoldPlanner());
    }

    private static String trace(long seed, Function<Situation, Plan> planner) {
        Simulation simulation = new Simulation(seed, TRACED_LINES, planner);
        String end;
        try {
            end = simulation.history().toString();
        } catch (AssertionError | RuntimeException e) {
            end = "seed " + seed + ": " + e;
        }
        return simulation.world.trace + "\n" + simulation.world + end;
    }

    private Outcome history() {
        world.time.pass(1_000 + random.nextInt(20_000));
        long end = world.time.now() + 30_000 + random.nextInt(60_000);
        while (world.time.now() < end) {
            if (random.nextBoolean()) {
                people.act();
            } else {
                trouble.act();
            }
            world.time.pass(1 + random.nextInt(random.nextInt(3) == 0 ? 500 : 6_000));
        }
        trouble.heal();
        people.mend();
        converge();
        return new Outcome(world.time.events(), world.laws.plans(), world.trace.fingerprint());
    }

    private void converge() {
        long end = world.time.now() + BOUND_MS;
        long quiet = 0;
        long orders = -1;
        long writes = -1;
        while (quiet < QUIET_MS) {
            if (world.time.now() > end) {
                throw new AssertionError("no order within " + BOUND_MS / 1000 + " s after the end of all faults");
            }
            world.time.pass(STEP_MS);
            people.resume();
            boolean still = world.isQuiet() && orders == world.laws.orders() && writes == world.laws.writes();
            quiet = still ? quiet + STEP_MS : 0;
            orders = world.laws.orders();
            writes = world.laws.writes();
        }
    }
}
