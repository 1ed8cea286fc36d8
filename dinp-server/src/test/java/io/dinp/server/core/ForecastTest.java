package io.dinp.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.server.core.Forecast.Outcome;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ForecastTest {

    private final Sim sim = new Sim().router("r1");

    private Forecast ifDown(String ip) {
        return Forecast.of(sim.situation(), new Change.NodeDown(ip), () -> false);
    }

    private Forecast ifDeployed(String image, Integer memoryMb, Integer instances) {
        return Forecast.of(sim.situation(), new Change.Deploy("demo", image, memoryMb, instances), () -> false);
    }

    private static Forecast forecast(Situation situation, Change change) {
        return Forecast.of(situation, change, () -> false);
    }

    private static List<String> kinds(Forecast forecast) {
        return forecast.steps().stream().map(Forecast.Step::kind).toList();
    }

    @Test
    void aNodesInstancesGoElsewhere() {
        sim.node("10.0.0.1").node("10.0.0.2").settled("demo", "a:1", 2);

        Forecast forecast = ifDown("10.0.0.1");

        assertTrue(forecast.complete(), forecast.summary());
        assertEquals(List.of("node-lost", "start"), kinds(forecast));
        assertEquals("10.0.0.2", forecast.steps().get(1).node());
        assertEquals(List.of(new Outcome("demo", 2, 2, 1, 2, "")), forecast.apps());
        assertEquals(
                "If 10.0.0.1 died, 1 instances of 1 app would be gone and 1 would be started elsewhere."
                        + " In the end demo would serve with 2 of 2.",
                forecast.summary());
    }

    @Test
    void whereThereIsNoRoomItSaysWhatIsMissing() {
        sim.node("10.0.0.1", 600, Map.of()).node("10.0.0.2", 600, Map.of()).settled("demo", "a:1", 4);

        Forecast forecast = ifDown("10.0.0.1");

        assertFalse(forecast.complete());
        Outcome outcome = forecast.apps().get(0);
        assertEquals(2, outcome.after());
        assertTrue(outcome.waiting().contains("needs 256 MB"), outcome.waiting());
        assertTrue(forecast.summary().contains("demo would serve with 2 of 4: needs 256 MB"), forecast.summary());
    }

    @Test
    void anAppThatHasNoOtherInstanceWouldBeAway() {
        sim.node("10.0.0.1").node("10.0.0.2").settled("demo", "a:1", 1);
        String node = sim.situation().real().nodes().values().stream()
                .filter(n -> !n.instances().isEmpty())
                .findFirst()
                .orElseThrow()
                .ip();

        Forecast forecast = ifDown(node);

        assertTrue(forecast.complete());
        assertEquals(0, forecast.apps().get(0).lowest());
        assertTrue(forecast.summary().contains("demo would not be served until another instance is ready"));
        String other = node.equals("10.0.0.1") ? "10.0.0.2" : "10.0.0.1";
        assertEquals(
                "No app has an instance on " + other + ": none would notice if it died.",
                ifDown(other).summary());
    }

    @Test
    void theServerTakesItselfToBeCutOffInItToo() {
        sim.node("10.0.0.1").node("10.0.0.2").node("10.0.0.3").settled("demo", "a:1", 3);
        sim.nodes.get("10.0.0.3").agentUp = false;
        sim.run(18_000);

        Forecast forecast = ifDown("10.0.0.1");

        assertFalse(forecast.complete());
        assertTrue(kinds(forecast).contains("cut-off"), forecast::summary);
        assertTrue(forecast.apps().get(0).waiting().contains("fell silent together"), forecast.summary());
    }

    @Test
    void aDeployRollsToItsEnd() {
        sim.node("10.0.0.1").node("10.0.0.2").settled("demo", "a:1", 2);

        Forecast forecast = ifDeployed("a:2", null, null);

        assertTrue(forecast.complete(), forecast.summary());
        assertEquals("deploy", kinds(forecast).get(0));
        assertEquals("deployed", kinds(forecast).get(kinds(forecast).indexOf("deployed")));
        assertEquals(2, kinds(forecast).stream().filter("start"::equals).count());
        assertEquals(2, kinds(forecast).stream().filter("stop"::equals).count());
        assertTrue(
                forecast.summary().startsWith("demo would have 2 instances of 256 MB of a:2: 2 started, 2 stopped."),
                forecast.summary());
    }

    @Test
    void aDeployWithoutRoomFailsAtItsDeadline() {
        sim.node("10.0.0.1", 600, Map.of()).settled("demo", "a:1", 2);

        Forecast forecast = ifDeployed("a:2", null, null);

        assertFalse(forecast.complete());
        assertTrue(kinds(forecast).contains("deploy-failed"), forecast.summary());
        assertEquals(2, forecast.apps().get(0).after(), "what ran goes on");
        assertTrue(forecast.summary().contains("needs 256 MB"), forecast.summary());
    }

    @Test
    void scalingUpAndDown() {
        sim.node("10.0.0.1").node("10.0.0.2").settled("demo", "a:1", 2);

        Forecast up = ifDeployed(null, null, 5);
        assertTrue(up.complete(), up.summary());
        assertEquals(List.of(new Outcome("demo", 5, 2, 2, 5, "")), up.apps());
        Forecast down = ifDeployed(null, null, 0);
        assertTrue(down.complete(), down.summary());
        assertEquals(List.of(new Outcome("demo", 0, 2, 2, 0, "")), down.apps());
        Forecast same = ifDeployed(null, null, null);
        assertTrue(same.complete());
        assertEquals(List.of(), same.steps());
        assertEquals("Nothing would happen: demo is as wanted already.", same.summary());
    }

    @Test
    void anotherAppIsToldOnlyWhenItsEndIsAnother() {
        sim.node("10.0.0.1", 1024, Map.of()).node("10.0.0.2", 1024, Map.of());
        sim.settled("demo", "a:1", 2);
        sim.settled("idle", "a:1", 1);
        sim.app("hungry", "a:1", 2);
        sim.step();

        Forecast small = ifDeployed(null, null, 3);
        assertEquals(List.of("demo"), small.apps().stream().map(Outcome::app).toList());

        Forecast large = ifDeployed(null, null, 6);
        assertFalse(large.complete());
        assertTrue(large.apps().stream().noneMatch(o -> o.app().equals("idle")));
    }

    @Test
    void whileRedisIsAwayNothingIsForeseen() {
        sim.node("10.0.0.1").settled("demo", "a:1", 1);
        sim.redisUp = false;
        sim.step();

        Forecast forecast = ifDeployed("a:2", null, null);

        assertFalse(forecast.complete());
        assertTrue(kinds(forecast).stream().noneMatch("stop"::equals));
    }

    @Test
    void whatTakesTooLongIsLeftOpen() {
        sim.node("10.0.0.1").node("10.0.0.2").settled("demo", "a:1", 2);
        AtomicInteger plans = new AtomicInteger();

        Forecast forecast = Forecast.of(
                sim.situation(), new Change.Deploy("demo", "a:2", null, 5), () -> plans.incrementAndGet() > 3);

        assertFalse(forecast.complete());
        assertTrue(forecast.apps().get(0).waiting().contains("more steps than can be foreseen"), forecast.summary());
        assertEquals(4, plans.get());
    }

    @Test
    void itChangesNothingAndSaysTheSameAgain() {
        sim.node("10.0.0.1").node("10.0.0.2").settled("demo", "a:1", 3);
        Situation situation = sim.situation();
        Situation copy = new Situation(
                situation.desired(),
                new TreeMap<>(situation.revisions()),
                new RealState(
                        situation.real().since(),
                        situation.real().stored(),
                        new TreeMap<>(situation.real().nodes())),
                situation.routes(),
                situation.progress(),
                Map.copyOf(situation.verdicts()),
                situation.commands(),
                situation.policy(),
                situation.naming(),
                situation.now());
        String before = copy.toString();

        Change change = new Change.Deploy("demo", "a:2", 512, 4);
        assertEquals(forecast(situation, change), forecast(situation, change));
        assertEquals(copy, situation);
        assertEquals(before, copy.toString(), "nothing that it shares was written to");
        assertEquals(forecast(situation, new Change.NodeDown("10.0.0.1")), ifDown("10.0.0.1"));
    }
}
