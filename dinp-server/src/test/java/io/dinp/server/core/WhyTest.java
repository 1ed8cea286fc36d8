package io.dinp.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The words for an app's state, and what each kind of decision says it was made from. */
class WhyTest {

    private final Sim sim = new Sim().router("r1");

    private String why(String app) {
        return Why.summary(app, sim.situation());
    }

    /** Inputs of the newest event of a kind. */
    private Map<String, String> inputs(String kind) {
        return sim.events.stream()
                .filter(event -> event.kind().equals(kind))
                .reduce((earlier, later) -> later)
                .orElseThrow(() -> new AssertionError("no " + kind + sim.describe()))
                .inputs();
    }

    private static void assertInputs(Map<String, String> expected, Map<String, String> actual) {
        Map<String, String> some = new LinkedHashMap<>(actual);
        some.keySet().retainAll(expected.keySet());
        assertEquals(expected, some, actual::toString);
    }

    @Test
    void allIsWell() {
        sim.node("10.0.0.1", 4096, Map.of("zone", "a")).settled("demo", "a:1", 2);

        assertEquals("demo wants 2 instances, and as many serve.", why("demo"));
        assertInputs(
                Map.of(
                        "wanted", "2",
                        "serving", "0",
                        "on their way", "1",
                        "memory", "256 MB",
                        "nodes with room", "1 of 1 that take instances",
                        "free there", "3840 MB",
                        "of the app there", "1",
                        "of the revision there", "1",
                        "of the app in zone a", "1",
                        "image is there", "no"),
                inputs("start"));
        assertInputs(
                Map.of("image", "a:1", "replaces", "nothing", "surge", "1", "may be missing", "0", "variables", "0"),
                inputs("deploy"));
    }

    @Test
    void noRoom() {
        sim.node("10.0.0.1", 600, Map.of()).app("demo", "a:1", 3);
        sim.run(5_000);

        String why = why("demo");
        assertTrue(why.startsWith("demo wants 3 instances, 2 serve."), why);
        assertTrue(why.contains("it waits: needs 256 MB: 10.0.0.1 has 88 MB free"), why);
        assertTrue(why.contains("Without progress it is given up in"), why);
        assertInputs(Map.of("wanted", "3", "memory", "256 MB"), inputs("waiting"));
    }

    @Test
    void aLostNode() {
        sim.node("10.0.0.1").node("10.0.0.2").settled("demo", "a:1", 2);
        sim.nodes.get("10.0.0.2").up = false;
        sim.until(
                "lost", 30_000, () -> sim.events.stream().anyMatch(e -> e.kind().equals("node-lost")));

        String why = why("demo");
        assertTrue(why.contains("1 out of sight on 10.0.0.2, which is lost"), why);
        assertTrue(why.contains("1 on the way (accepted on 10.0.0.1)"), why);
        assertInputs(Map.of("lost after", "15 s", "instances", "1"), inputs("node-lost"));
        assertInputs(Map.of("serving", "1", "on lost nodes", "1 (10.0.0.2)"), inputs("start"));
    }

    @Test
    void cutOff() {
        sim.node("10.0.0.1").node("10.0.0.2").node("10.0.0.3").settled("demo", "a:1", 3);
        sim.nodes.get("10.0.0.2").up = false;
        sim.nodes.get("10.0.0.3").up = false;
        sim.run(25_000);

        assertTrue(why("demo").contains("takes itself to be cut off"), why("demo"));
        assertInputs(Map.of("silent nodes", "2 of 3"), inputs("cut-off"));
    }

    @Test
    void aCrashLoop() {
        sim.node("10.0.0.1").settled("demo", "a:1", 1);
        for (int i = 0; i < 4; i++) {
            sim.until("runs", 60_000, () -> sim.serving("demo") == 1);
            sim.exitAll("demo", 7);
            sim.run(500);
        }

        String why = why("demo");
        assertTrue(why.contains("demo wants 1 instance, 0 serve"), why);
        assertTrue(why.contains("crash loop (4 crashes): next start at"), why);
        assertInputs(Map.of("exit code", "7", "crashes", "4"), inputs("exited"));
        assertTrue(inputs("exited").containsKey("next start"), inputs("exited")::toString);
        assertInputs(Map.of("crashes", "4"), inputs("waiting"));
    }

    @Test
    void aDeployThatFails() {
        sim.node("10.0.0.1").settled("demo", "a:1", 1);
        sim.image("demo", "exits:1");
        sim.until("failed", 60_000, () -> sim.rollout("demo").state() == RolloutState.FAILED);

        String why = why("demo");
        assertTrue(why.contains("has failed: exited with code 1"), why);
        assertTrue(why.contains(Rollouts.shortId(sim.rollout("demo").lastGood()) + " goes on"), why);
        assertInputs(
                Map.of("stage", "exit", "exit code", "1", "wanted", "1", "serving the new revision", "0"),
                inputs("deploy-failed"));
    }

    @Test
    void aDeployThatIsPaused() {
        sim.node("10.0.0.1").settled("demo", "a:1", 1);
        sim.rules("demo", new RolloutRules(null, 0, 600));
        sim.image("demo", "a:2");
        sim.run(3_000);
        sim.commands.put("demo", RolloutCommand.PAUSE);
        sim.run(1_000);

        String why = why("demo");
        assertTrue(why.contains("it waits: paused by command"), why);
        assertFalse(why.contains("given up"), why);
        assertEquals(Map.of("wanted", "1", "serving", "2"), inputs("paused"));
    }

    @Test
    void aSickInstanceAndTheStopOfIt() {
        sim.node("10.0.0.1").settled("demo", "a:1", 1);
        String sick = sim.nodes.get("10.0.0.1").containers.keySet().iterator().next();
        sim.verdicts.put(sick, new Verdict(sick, "demo", "says 500", sim.now, sim.now + 60_000, false));
        assertTrue(why("demo").contains("calls instance " + sick + " sick: says 500"), why("demo"));

        sim.until(
                "replaced", 60_000, () -> !sim.nodes.get("10.0.0.1").containers.containsKey(sick));
        assertInputs(Map.of("serving without it", "1", "health", "says 500"), inputs("drain"));
        assertInputs(
                Map.of("routers that know", "1 of 1", "requests in flight", "0", "longest drain", "30 s"),
                inputs("stop"));
    }

    @Test
    void noSuchAppAndOneThatWasNeverDeployed() {
        sim.node("10.0.0.1").app("bare", "", 3);
        sim.run(1_000);

        assertTrue(why("nobody").startsWith("Nobody wants nobody: there is no such app."), why("nobody"));
        assertTrue(why("bare").startsWith("bare has never been deployed"), why("bare"));
    }

    @Test
    void redisAwayAndARowThatCannotBeUsed() {
        sim.node("10.0.0.1").settled("demo", "a:1", 1);
        sim.redisUp = false;
        sim.scale("demo", -1);
        sim.run(1_000);

        assertTrue(why("demo").contains("instance is -1: give 0 to 1000"), why("demo"));
        assertTrue(why("demo").contains("Redis does not answer"), why("demo"));
    }

    @Test
    void inputsAreBounded() {
        Map<String, String> many = new LinkedHashMap<>();
        for (int i = 0; i < 100; i++) {
            many.put("input" + i, "x".repeat(1000));
        }
        Event event = new Event(1, "start", "demo", "i1", "10.0.0.1", "x", many);

        assertEquals(Event.MAX_INPUTS, event.inputs().size());
        assertEquals("input0", event.inputs().keySet().iterator().next());
        assertEquals(200, event.inputs().get("input0").length());
        assertEquals(
                List.of(),
                List.copyOf(new Event(1, "k", "", "", "", "").inputs().keySet()));
    }

    @Test
    void endsAreTakenOnceEachWithTheirStage() {
        sim.node("10.0.0.1").settled("demo", "a:1", 1);
        sim.image("demo", "nopull:1");
        List<Exit> exits = new ArrayList<>();
        sim.until("failed", 60_000, () -> {
            exits.addAll(sim.last.exits());
            return sim.rollout("demo").state() == RolloutState.FAILED;
        });
        sim.exitAll("demo", 3);
        for (int i = 0; i < 30; i++) {
            exits.addAll(sim.step().exits());
        }

        List<Exit> crash = exits.stream().filter(e -> e.stage().equals("exit")).toList();
        assertEquals(1, crash.size(), exits::toString);
        assertEquals(3, crash.get(0).exitCode());
        assertEquals(exits.size(), exits.stream().map(Exit::instance).distinct().count(), "each once");
    }
}
