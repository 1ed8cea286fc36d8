package io.dinp.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which routes the planner wants, and how it waits for the routers. */
class RoutingTest {

    private final Sim sim = new Sim().node("10.0.0.1").node("10.0.0.2").router("r1");

    @Test
    void aRequestUnderWayKeepsItsInstanceUntilTheDrainTimeIsOver() {
        sim.settled("demo", "demo:1", 1);
        String old = sim.routed("demo").get(0);
        sim.inflight.put(old, 1);

        sim.image("demo", "demo:2");
        sim.until("unrouted", 10_000, () -> !sim.routed("demo").contains(old));
        sim.run(20_000);
        assertEquals(1, sim.containers("demo", "demo:1"), "stopped with a request under way");
        sim.inflight.clear();
        sim.until("stopped", 2_000, () -> sim.inOrder("demo"));
    }

    @Test
    void withoutAnyRouterTheWholeDrainTimeIsWaited() {
        sim.routers.clear();
        sim.app("demo", "demo:1", 2);
        sim.until("up", 10_000, () -> sim.serving("demo") == 2);
        sim.scale("demo", 1);
        sim.until("unrouted", 60_000, () -> sim.routed("demo").size() == 1);
        long unrouted = sim.now;

        sim.until("stopped", 60_000, () -> sim.containers("demo") == 1);
        assertTrue(sim.now - unrouted >= 30_000);
    }

    @Test
    void whileRedisIsAwayNoRoutedInstanceIsStopped() {
        sim.settled("demo", "demo:1", 3);
        sim.redisUp = false;
        sim.scale("demo", 1);

        sim.run(120_000);
        assertEquals(3, sim.serving("demo"));
        sim.redisUp = true;
        sim.until("scaled", 40_000, () -> sim.inOrder("demo"));
    }

    @Test
    void customDomainsAreKeysOnlyWhileTheyAreBoundAndAllowed() {
        sim.domains.add(new DomainRow("WWW.Example.com", "demo"));
        sim.domains.add(new DomainRow("evil.apps.io", "demo"));
        sim.domains.add(new DomainRow("dash.example.com", "demo"));
        sim.domains.add(new DomainRow("other.example.com", "unknown"));
        sim.settled("demo", "demo:1", 1);

        assertEquals(Map.of("/cname/www.example.com", "/rs/demo.apps.io"), sim.redis.cnames());
        assertEquals(
                2,
                sim.events.stream()
                        .filter(e -> e.kind().equals("domain-refused"))
                        .count());
        sim.domains.clear();
        sim.step();
        assertTrue(sim.redis.cnames().isEmpty());
    }

    @Test
    void ofTwoAppsThatDifferInCaseTheFirstIsRouted() {
        sim.settled("Demo", "demo:1", 1);
        sim.app("demo", "demo:1", 1);
        sim.run(5_000);

        assertEquals(1, sim.routed("Demo").size());
        assertTrue(sim.eventKinds("demo").contains("name-taken"));
    }

    @Test
    void aKeyThatNobodyWantsIsDeletedOnceAllNodesHaveSpoken() {
        sim.redis.apps().put("/rs/ghost.apps.io", List.of("10.0.0.1:1"));
        sim.redis.cnames().put("/cname/ghost.example.com", "/rs/ghost.apps.io");
        sim.run(14_000);
        assertEquals(1, sim.redis.apps().size());

        sim.run(3_000);
        assertTrue(sim.redis.apps().isEmpty());
        assertTrue(sim.redis.cnames().isEmpty());
    }
}
