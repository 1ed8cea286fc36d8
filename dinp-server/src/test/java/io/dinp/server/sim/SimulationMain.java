package io.dinp.server.sim;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.slf4j.LoggerFactory;

/**
 * Runs many histories: {@code SimulationMain <seconds> [first seed]}, or the one of {@code -Ddinp.sim.seed=…} with its trace.
 */
public final class SimulationMain {

    private SimulationMain() {}

    /** Ends with 1 when some seed fails. */
    public static void main(String[] args) {
        log(Level.OFF);
        Long seed = Long.getLong("dinp.sim.seed");
        if (seed != null) {
            System.out.println(Simulation.trace(seed));
            return;
        }
        long seconds = args.length > 0 ? Long.parseLong(args[0]) : 60;
        long first = args.length > 1 ? Long.parseLong(args[1]) : 0;
        System.exit(run(first, seconds) ? 0 : 1);
    }

    /** Sets how much the daemon's classes log, and answers how much they did: thousands of histories would drown a log. */
    static Level log(Level level) {
        Logger all = (Logger) LoggerFactory.getLogger("io.dinp");
        Level before = all.getLevel();
        all.setLevel(level);
        return before;
    }

    private static boolean run(long first, long seconds) {
        long begun = System.nanoTime();
        long end = begun + seconds * 1_000_000_000L;
        long seed = first;
        long events = 0;
        long plans = 0;
        TreeMap<String, List<Long>> failures = new TreeMap<>();
        for (; System.nanoTime() < end; seed++) {
            try {
                Simulation.Outcome outcome = Simulation.run(seed);
                events += outcome.events();
                plans += outcome.plans();
            } catch (AssertionError e) {
                String text = e.getCause().toString().replaceAll("[0-9a-f]{16}|[0-9.]+", "#");
                failures.computeIfAbsent(text, t -> new ArrayList<>()).add(seed);
            }
        }
        double took = (System.nanoTime() - begun) / 1e9;
        double cpuMs = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1e6;
        long count = seed - first;
        System.out.printf(
                "%d seeds in %.1f s, %.1f ms of processor time each; %d events and %d plans each%n",
                count, took, cpuMs / count, events / count, plans / count);
        failures.forEach((text, seeds) -> System.out.println(
                seeds.size() + " seeds, " + seeds.subList(0, Math.min(6, seeds.size())) + ": " + text));
        return failures.isEmpty();
    }
}
