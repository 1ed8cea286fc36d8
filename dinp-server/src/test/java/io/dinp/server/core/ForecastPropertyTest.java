package io.dinp.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What is foretold of a random cluster is what then happens in the simulated world: as many instances of each app, and as
 * many of them on each node. Only of a new image is it the number alone: of old instances of the same age the one with the
 * lower id goes first, and ids depend on the millisecond.
 */
class ForecastPropertyTest {

    private static final int SEEDS = 24;
    private static final long LONG_ENOUGH_MS = 420_000;

    @TestFactory
    List<DynamicTest> whatIsForetoldHappens() {
        return LongStream.range(0, (long) SEEDS * Integer.getInteger("dinp.seeds", 1))
                .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> compare(seed)))
                .toList();
    }

    private static void compare(long seed) {
        Random random = new Random(seed);
        Sim sim = cluster(random);
        Change change = change(random, sim);

        Forecast forecast = Forecast.of(sim.situation(), change, () -> false);
        Situation end = Trial.run(Forecast.changed(sim.situation(), change), () -> false)
                .situation();
        make(change, sim);
        sim.run(LONG_ENOUGH_MS);

        boolean newImage = change instanceof Change.Deploy deploy && deploy.image() != null;
        if (!newImage) {
            assertEquals(placement(sim.situation()), placement(end), () -> change + " " + forecast + sim.describe());
        }
        sim.rows
                .keySet()
                .forEach(app -> assertEquals(
                        sim.serving(app),
                        Standing.of(app, end).serving().size(),
                        () -> app + " " + change + " " + forecast + sim.describe()));
        for (Forecast.Outcome outcome : forecast.apps()) {
            assertEquals(sim.serving(outcome.app()), outcome.after(), () -> outcome + sim.describe());
        }
    }

    private static Sim cluster(Random random) {
        Sim sim = new Sim().router("r1");
        int nodes = 2 + random.nextInt(4);
        for (int i = 1; i <= nodes; i++) {
            sim.node("10.0.0." + i, 1024L * (1 + random.nextInt(3)), Map.of("zone", "z" + i % 2));
        }
        int apps = 1 + random.nextInt(3);
        for (int i = 0; i < apps; i++) {
            sim.app("app" + i, "a:1", 1 + random.nextInt(3));
        }
        sim.run(20_000);
        return sim;
    }

    private static Change change(Random random, Sim sim) {
        if (random.nextBoolean()) {
            List<String> ips = List.copyOf(sim.nodes.keySet());
            return new Change.NodeDown(ips.get(random.nextInt(ips.size())));
        }
        String app = "app" + random.nextInt(sim.rows.size());
        String image = random.nextInt(3) == 0 ? null : "a:2";
        return new Change.Deploy(app, image, null, random.nextInt(3) == 0 ? null : random.nextInt(6));
    }

    private static void make(Change change, Sim sim) {
        if (change instanceof Change.NodeDown down) {
            sim.nodes.get(down.ip()).up = false;
        } else if (change instanceof Change.Deploy deploy) {
            AppRow row = Forecast.wish(sim.situation(), deploy).row();
            sim.row(deploy.app(), r -> row);
        }
    }

    /** How many instances of each app serve on each node. */
    private static Map<String, Long> placement(Situation situation) {
        return situation.desired().apps().keySet().stream()
                .flatMap(app -> Standing.of(app, situation).serving().stream())
                .collect(Collectors.groupingBy(i -> i.app() + " on " + i.node(), TreeMap::new, Collectors.counting()));
    }
}
