package io.dinp.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.model.AppStatus;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PrefetchTest {

    private final Sim sim =
            new Sim().node("10.0.0.1").node("10.0.0.2").node("10.0.0.3").router("r1");

    private List<Action.Pull> pulls() {
        return sim.actions.stream()
                .filter(a -> a instanceof Action.Pull)
                .map(a -> (Action.Pull) a)
                .toList();
    }

    private long starts(String image) {
        return sim.actions.stream()
                .filter(a ->
                        a instanceof Action.Start start && start.spec().image().equals(image))
                .count();
    }

    /** Where instances are. */
    private static Set<String> nodesOf(Sim world) {
        return world.nodes.values().stream()
                .filter(node -> !node.containers.isEmpty())
                .map(node -> node.ip)
                .collect(Collectors.toSet());
    }

    private void slow(long pullMs) {
        sim.nodes.values().forEach(node -> node.pullMs = pullMs);
    }

    /** Serves, and is told to change to an image that takes its time to come. */
    private void deploy(String image, long pullMs) {
        sim.settled("demo", "demo:1", 3);
        slow(pullMs);
        sim.actions.clear();
        sim.image("demo", image);
    }

    private void untilDone() {
        sim.until(
                "deployed",
                60_000,
                () -> sim.inOrder("demo") && sim.rollout("demo").state() == RolloutState.DONE);
    }

    @Test
    void aFirstDeployStartsAtOnce() {
        sim.settled("demo", "demo:1", 3);
        assertEquals(List.of(), pulls());
    }

    @Test
    void oneNodeLearnsTheContentAndTheOthersGetItBeforeAnythingStarts() {
        deploy("demo:2", 2_000);
        sim.step();
        assertEquals(1, pulls().size());
        assertEquals("", pulls().get(0).order().digest());
        sim.until("the others", 5_000, () -> pulls().size() == 3);
        assertEquals(SimNode.digest("demo:2"), pulls().get(1).order().digest());
        assertEquals(0, starts("demo:2"));
        assertEquals(3, sim.serving("demo"));
        String reason = sim.rollout("demo").reason();
        assertEquals("pulling demo:2 on " + pulls().get(1).node() + " and 1 more before anything moves", reason);
        untilDone();
        assertEquals(3, pulls().size());
        assertEquals(3, starts("demo:2"));
        assertEquals(nodesOf(sim), pulls().stream().map(Action.Pull::node).collect(Collectors.toSet()));
        assertEquals(
                SimNode.digest("demo:2"),
                sim.revisions.get(sim.rollout("demo").target()).digest());
    }

    @Test
    void planningAgainWhileNodesPullYieldsNothing() {
        deploy("demo:2", 10_000);
        sim.run(3_000);
        assertEquals(1, pulls().size());
        sim.restartServer();
        sim.run(3_000);
        assertEquals(1, pulls().size(), "a new server sees that it is under way");
    }

    @Test
    void whatCannotBePulledFailsTheDeployAndTouchesNothing() {
        deploy("demo:nopull", 500);
        sim.until("failed", 10_000, () -> sim.rollout("demo").state() == RolloutState.FAILED);
        assertEquals(AppStatus.PULL_FAILED.code(), sim.rows.get("demo").status());
        String node = pulls().get(0).node();
        assertEquals(
                "pull failed on " + node + ": manifest unknown",
                sim.rollout("demo").reason());
        assertEquals(
                new Failure(
                        "demo",
                        sim.rollout("demo").target(),
                        sim.now,
                        "pull",
                        "pull failed on " + node + ": manifest unknown",
                        node,
                        "",
                        null,
                        false),
                sim.last.failures().get(0));
        assertEquals(0, starts("demo:nopull"));
        assertEquals(3, sim.serving("demo"));

        sim.row("demo", row -> row.withStatus(0));
        sim.until("tried again", 2_000, () -> pulls().size() == 2);
        assertEquals(
                List.of(),
                pulls().stream().skip(1).filter(p -> p.node().equals(node)).toList(),
                "elsewhere");
        sim.until("failed again", 10_000, () -> sim.rollout("demo").state() == RolloutState.FAILED);
    }

    @Test
    void aPullThatNeverEndsFailsTheDeployAtItsDeadline() {
        deploy("demo:2", Long.MAX_VALUE);
        sim.until("given up", 310_000, () -> sim.rollout("demo").state() == RolloutState.FAILED);
        assertEquals(AppStatus.PULL_FAILED.code(), sim.rows.get("demo").status());
        assertTrue(
                sim.rollout("demo").reason().contains("pulling demo:2 on "),
                sim.rollout("demo").reason());
        assertEquals(3, sim.serving("demo"));
    }

    @Test
    void agentsThatTakeNoImageOrdersStartAtOnce() {
        sim.nodes.values().forEach(node -> node.takesImages = false);
        deploy("demo:2", 200);
        sim.step();
        assertEquals(1, starts("demo:2"));
        untilDone();
        assertEquals(List.of(), pulls());
    }

    @Test
    void oneOlderAgentHoldsNobodyUp() {
        sim.nodes.get("10.0.0.2").takesImages = false;
        deploy("demo:2", 500);
        untilDone();
        assertTrue(pulls().stream().noneMatch(pull -> pull.node().equals("10.0.0.2")), pulls()::toString);
        assertTrue(!pulls().isEmpty());
    }

    @Test
    void aSingleNodeThatHasTheImageGoesOnAtOnce() {
        Sim one = new Sim().node("10.0.0.1").router("r1");
        one.settled("demo", "demo:1", 2);
        one.row("demo", r -> new AppRow(r.id(), r.name(), r.image(), 128, 2, 0, "", 0, r.env()));
        one.actions.clear();
        one.step();
        assertEquals(
                1, one.actions.stream().filter(a -> a instanceof Action.Start).count());
        assertEquals(
                0, one.actions.stream().filter(a -> a instanceof Action.Pull).count());
    }

    @Test
    void whereTheAppMayMissOneItIsMissedOnlyOnceTheImageIsThere() {
        Sim full = new Sim().node("10.0.0.1", 512, Map.of()).router("r1");
        full.settled("demo", "demo:1", 2);
        full.rules("demo", new RolloutRules(0, 1, null));
        full.nodes.get("10.0.0.1").pullMs = 3_000;
        full.image("demo", "demo:2");
        full.run(2_500);
        assertEquals(2, full.serving("demo"), full::describe);
        full.until("deployed in place", 60_000, () -> full.inOrder("demo"));
    }

    @Test
    void manyNodesPullAFewAtATime() {
        Sim wide = new Sim().router("r1");
        IntStream.rangeClosed(1, 25).forEach(i -> wide.node("10.0.1." + i));
        wide.settled("demo", "demo:1", 25);
        wide.nodes.values().forEach(node -> node.pullMs = 1_000);
        wide.actions.clear();
        wide.image("demo", "demo:2");
        int most = 0;
        for (int i = 0; i < 600 && !wide.inOrder("demo"); i++) {
            wide.step();
            most = Math.max(most, (int)
                    wide.nodes.values().stream().filter(SimNode::isPulling).count());
        }
        assertTrue(wide.inOrder("demo"), wide::describe);
        assertEquals(10, most);
        assertEquals(
                nodesOf(wide),
                wide.actions.stream()
                        .filter(action -> action instanceof Action.Pull)
                        .map(Action::node)
                        .collect(Collectors.toSet()));
    }

    /** Whatever the nodes, their agents, the pulls' durations and the deaths: no start of a change meets a registry. */
    @Test
    void noInstanceOfAChangeStartsWhereItsImageIsMissing() {
        for (long seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            Sim world = new Sim().router("r1");
            int nodes = 2 + random.nextInt(5);
            IntStream.rangeClosed(1, nodes)
                    .forEach(i -> world.node("10.0.0." + i, 1024 + 512L * random.nextInt(4), Map.of()));
            world.settled("demo", "demo:1", 1 + random.nextInt(nodes));
            world.rules("demo", new RolloutRules(random.nextInt(3), random.nextInt(2), null));
            world.nodes.values().forEach(node -> {
                node.takesImages = random.nextInt(4) > 0;
                node.pullMs = 100L * random.nextInt(60);
            });
            world.image("demo", "demo:2");
            SimNode doomed = world.nodes.get("10.0.0." + (1 + random.nextInt(nodes)));
            int deathAt = 1 + random.nextInt(100);
            for (int i = 0; i < 900; i++) {
                doomed.up = i < deathAt || i > deathAt + 300;
                boolean served =
                        world.serving("demo") > 0 && world.rollout("demo").changes();
                check(world, world.step(), served, "seed " + seed);
            }
            assertEquals(RolloutState.DONE, world.rollout("demo").state(), "seed " + seed + world.describe());
        }
    }

    private static void check(Sim world, Plan plan, boolean served, String seed) {
        for (Action action : plan.actions()) {
            boolean ofTheChange =
                    action instanceof Action.Start start && start.spec().image().equals("demo:2");
            SimNode node = world.nodes.get(action.node());
            if (ofTheChange && served && node.takesImages) {
                assertTrue(node.hasImage("demo:2"), seed + " " + action.node() + world.describe());
            }
        }
    }

    @Test
    void aNodeThatDiesWhileItPullsIsReplacedByAnother() {
        deploy("demo:2", 2_000);
        sim.step();
        SimNode dead = sim.nodes.get(pulls().get(0).node());
        dead.up = false;
        sim.until(
                "deployed on the others",
                60_000,
                () -> sim.serving("demo") == 3 && sim.rollout("demo").state() == RolloutState.DONE);
    }
}
