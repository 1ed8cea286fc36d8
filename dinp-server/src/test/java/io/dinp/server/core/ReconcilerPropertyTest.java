package io.dinp.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.model.Constraints;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Seeded random histories of clusters, with and without faults. What must hold is checked at every step; a failure
 * names its seed, and running that seed alone replays it. {@code -Ddinp.seeds=10} runs ten times as many.
 */
class ReconcilerPropertyTest {

    private static final List<String> GOOD = List.of("a:1", "a:2", "a:3", "a:4");
    private static final List<String> BAD = List.of("nopull:1", "exits:1");

    @TestFactory
    List<DynamicTest> deploysNeverTakeInstancesAway() {
        return seeds(6, seed -> {
            History history = new History(seed);
            for (int i = 0; i < 12; i++) {
                history.changeImage();
                history.run(200 + history.random.nextInt(6_000), true);
            }
            history.converges();
        });
    }

    @TestFactory
    List<DynamicTest> whateverHappensItConverges() {
        return seeds(24, seed -> {
            History history = new History(seed);
            for (int i = 0; i < 25; i++) {
                history.something();
                history.run(100 + history.random.nextInt(8_000), false);
            }
            history.heal();
            history.converges();
        });
    }

    @TestFactory
    List<DynamicTest> drainsAndChangedConstraintsTakeNothingAway() {
        return seeds(12, seed -> {
            History history = new History(seed);
            for (int i = 0; i < 12; i++) {
                switch (history.random.nextInt(4)) {
                    case 0 -> history.changeConstraints();
                    case 1 -> history.changeImage();
                    default -> history.wish(false);
                }
                history.run(200 + history.random.nextInt(8_000), true);
            }
            history.heal();
            history.converges();
        });
    }

    private interface Story {
        void tell(long seed);
    }

    private static List<DynamicTest> seeds(int count, Story story) {
        return LongStream.range(0, (long) count * Integer.getInteger("dinp.seeds", 1))
                .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> story.tell(seed)))
                .toList();
    }

    /** One random world and what has been done to it. */
    private static final class History {
        final Random random;
        final Sim sim = new Sim();
        private final Map<String, Integer> promised = new HashMap<>();

        History(long seed) {
            random = new Random(seed);
            int nodes = 1 + random.nextInt(4);
            for (int i = 1; i <= nodes; i++) {
                sim.node("10.0.0." + i, 8192, Map.of("zone", "z" + i % 2));
            }
            if (random.nextInt(4) > 0) {
                sim.router("r1").router("r2");
            }
            int apps = 1 + random.nextInt(4);
            for (int i = 0; i < apps; i++) {
                sim.app("app" + i, pick(GOOD), 1 + random.nextInt(3));
            }
            sim.until("all up", 60_000, this::allGood);
            sim.rows.keySet().forEach(app -> sim.rules(app, someRules()));
            sim.rows.keySet().forEach(app -> sim.constraints(app, someConstraints()));
            sim.rows
                    .values()
                    .forEach(row -> promised.put(row.name(), row.rules().promised(row.instances())));
        }

        private RolloutRules someRules() {
            return new RolloutRules(
                    random.nextBoolean() ? null : random.nextInt(3),
                    random.nextInt(4) / 3,
                    random.nextBoolean() ? null : random.nextInt(8));
        }

        private String someConstraints() {
            return pick(List.of("", "", "zone=z1", "zone!=z0", "zone=z0", "disk!=slow"));
        }

        /** What an operator may wish of a node; a deadline only where it may break a promise. */
        void wish(boolean forced) {
            String ip = aNode().ip;
            switch (random.nextInt(4)) {
                case 0 -> sim.cordon(ip);
                case 1, 2 -> sim.drain(ip, forced && random.nextBoolean() ? 1 + random.nextInt(20_000) : 0);
                default -> sim.uncordon(ip);
            }
        }

        void changeConstraints() {
            sim.constraints(anApp(), someConstraints());
        }

        private boolean allGood() {
            return sim.rows.keySet().stream()
                    .allMatch(app -> sim.inOrder(app) && sim.rollout(app).state() == RolloutState.DONE);
        }

        private <T> T pick(List<T> from) {
            return from.get(random.nextInt(from.size()));
        }

        private String anApp() {
            return pick(List.copyOf(sim.rows.keySet()));
        }

        private SimNode aNode() {
            return pick(List.copyOf(sim.nodes.values()));
        }

        void changeImage() {
            sim.image(anApp(), random.nextInt(3) == 0 ? pick(BAD) : pick(GOOD));
        }

        void something() {
            switch (random.nextInt(16)) {
                case 0, 1 -> changeImage();
                case 2 -> sim.scale(anApp(), random.nextInt(5));
                case 3 -> sim.redisUp = !sim.redisUp;
                case 4 -> sim.ordersArrive = !sim.ordersArrive;
                case 5 -> aNode().agentUp ^= true;
                case 6 -> aNode().up ^= true;
                case 7 -> sim.restartServer();
                case 8 -> {
                    SimNode node = aNode();
                    List.copyOf(node.containers.keySet()).stream().limit(1).forEach(node::crash);
                }
                case 9 -> sim.row(anApp(), row -> row.withStatus(0));
                case 10 -> sim.rules(anApp(), someRules());
                case 11, 12 -> wish(true);
                case 13 -> changeConstraints();
                case 14 -> sim.commands.put(anApp(), pick(List.of(RolloutCommand.values())));
                default -> sim.app("app" + random.nextInt(5), pick(GOOD), 1 + random.nextInt(3));
            }
        }

        void run(long ms, boolean calm) {
            for (long end = sim.now + ms; sim.now < end; ) {
                Plan plan = sim.step();
                check(plan);
                if (calm) {
                    promised.forEach((app, count) -> assertTrue(
                            sim.serving(app) >= count, () -> app + " serves " + sim.serving(app) + sim.describe()));
                }
            }
        }

        private void check(Plan plan) {
            if (sim.now % 1000 == 0) {
                Situation situation = sim.situation();
                assertEquals(Reconciler.plan(situation), Reconciler.plan(situation), "not deterministic");
            }
            sim.nodes.values().forEach(node -> assertTrue(node.usedMb() <= node.capacityMb, sim::describe));
            for (Action action : plan.actions()) {
                if (action instanceof Action.Stop stop) {
                    assertUnrouted(stop);
                } else if (action instanceof Action.Start start) {
                    assertRoom(start);
                    assertAllowed(start);
                }
            }
        }

        private void assertUnrouted(Action.Stop stop) {
            SimNode.Container container = sim.nodes.get(stop.node()).containers.get(stop.instance());
            if (container != null) {
                String endpoint = stop.node() + ":" + container.port;
                assertTrue(!sim.redis.endpoints().contains(endpoint), () -> "stopped while routed: " + endpoint);
            }
        }

        private void assertRoom(Action.Start start) {
            String app = start.spec().app();
            AppRow row = sim.rows.get(app);
            int wanted = row.instances();
            long live = sim.situation().real().nodes().values().stream()
                    .filter(node -> sim.progress.standings().get(node.ip()) != NodeStanding.LOST)
                    .flatMap(node -> node.instances().stream())
                    .filter(i -> i.app().equals(app) && i.live())
                    .count();
            assertTrue(
                    live <= wanted + row.rules().surge(wanted, sim.policy), () -> "above the surge" + sim.describe());
        }

        private void assertAllowed(Action.Start start) {
            SimNode node = sim.nodes.get(start.node());
            assertTrue(
                    Constraints.parse(sim.rows.get(start.spec().app()).constraints())
                            .allow(node.labels),
                    () -> "placed where it may not be: " + start + sim.describe());
            assertTrue(
                    sim.wishes.getOrDefault(node.ip, NodeWish.NONE).open(),
                    () -> "placed on a node that takes nothing: " + start + sim.describe());
        }

        /** Nothing is where its app's constraints or an operator's wish do not want it. */
        private boolean allPlaced() {
            return sim.nodes.values().stream()
                    .allMatch(node -> node.containers.values().stream()
                            .map(container -> sim.rows.get(container.spec.app()).constraints())
                            .allMatch(text -> Constraints.parse(text).allow(node.labels)
                                    && !sim.wishes
                                            .getOrDefault(node.ip, NodeWish.NONE)
                                            .draining()));
        }

        void heal() {
            sim.wishes.clear();
            sim.redisUp = true;
            sim.ordersArrive = true;
            sim.nodes.values().forEach(node -> {
                node.up = true;
                node.agentUp = true;
            });
        }

        private boolean isImpossible(String app) {
            Constraints constraints = Constraints.parse(sim.rows.get(app).constraints());
            return sim.nodes.values().stream().noneMatch(node -> constraints.allow(node.labels));
        }

        void converges() {
            sim.rows.keySet().stream().filter(this::isImpossible).forEach(app -> sim.constraints(app, ""));
            sim.rows.keySet().forEach(app -> {
                if (BAD.contains(sim.rows.get(app).image())) {
                    sim.image(app, pick(GOOD));
                }
                sim.row(app, row -> row.withStatus(0));
                sim.commands.put(app, RolloutCommand.RESUME);
            });
            sim.until("everything in order", 1_200_000, () -> allGood() && allPlaced());
            int orders = sim.actions.size();
            sim.run(20_000);
            assertEquals(orders, sim.actions.size(), "goes on although all is in order");
        }
    }
}
