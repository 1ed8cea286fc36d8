package io.dinp.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.dinp.e2e.bed.Await;
import io.dinp.e2e.bed.EchoImages;
import io.dinp.e2e.bed.Engine;
import io.dinp.e2e.bed.Engine.Container;
import io.dinp.e2e.bed.TestBed;
import io.dinp.e2e.load.Load;
import io.dinp.e2e.load.LoadReport;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * One of three nodes dies under load, in every way that leaves no time to say so: for a second its requests may fail, then never
 * again, and its instances are replaced in time.
 */
@Order(3)
@Machines(routers = 1)
@ExtendWith(TestBedExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class N2DeadNodeIT {
    private static final String APP = "durable";
    private static final String PAIR = "pair";

    /** A dial waits so long before another endpoint is tried. */
    private static final Duration FAILING = Duration.ofSeconds(1);

    /** Three intervals and 3 s. */
    private static final Duration REPLACED = Duration.ofSeconds(18);

    private static final Duration ELSEWHERE = Duration.ofSeconds(15);
    private static final Duration POWERED = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TestBed bed;
    private final Platform dinp;
    private Load load;

    N2DeadNodeIT(TestBed bed) {
        this.bed = bed;
        this.dinp = new Platform(bed);
    }

    @BeforeAll
    void oneInstanceOnEachNode() {
        dinp.insert(PAIR, EchoImages.V1, 2);
        dinp.awaitAnswer(PAIR, PATIENCE);
        load = dinp.underLoad(APP, EchoImages.V1, 3);
        load.runFor(Duration.ofSeconds(2));
    }

    @AfterAll
    void end() {
        load.stop();
        dinp.deleteAll();
    }

    @Test
    @Order(1)
    void unplugged() {
        Engine node = nodeOf(APP);
        dies("node unplugged", node, () -> bed.unplug(node), () -> bed.plug(node));
    }

    @Test
    @Order(2)
    void engineAndContainersKilled() {
        Engine node = nodeOf(APP);
        dies("engine and containers killed", node, node::powerOff, () -> bed.restart(node));
    }

    /** Just after a beat nothing is known yet, and nothing will be for the longest possible time. */
    @Test
    @Order(3)
    void anInstanceIsOrderedOnANodeThatHasJustDied() {
        load.over(List.of(PAIR));
        load.runFor(Duration.ofSeconds(1));
        Engine dead = bed.engines().stream()
                .filter(node -> on(node, PAIR).isEmpty())
                .findFirst()
                .orElseThrow();
        awaitBeat(dead);
        load.cut();
        bed.unplug(dead);
        try {
            dinp.scale(PAIR, 3);
            Duration elsewhere = awaitRoutes(PAIR, 3, dead, PATIENCE);
            LoadReport report = load.cut();
            bed.plug(dead);
            Figures.print(
                    "N3", "ordered on a node just dead, elsewhere after " + Figures.seconds(elsewhere) + "; " + report);
            assertEquals(0, report.failed(), report::toString);
            Figures.atMost(ELSEWHERE, elsewhere, "the instance's start elsewhere");
            awaitOrderAfter("its return");
        } finally {
            bed.plug(dead);
            load.over(List.of(APP));
        }
    }

    /** The power comes back to a node while everything is dead that could tell it what to do. */
    @Test
    @Order(4)
    void aNodeWithoutPowerComesBackWithoutServerMysqlAndRedis() {
        Engine node = nodeOf(APP);
        List<String> endpoints =
                node.containers().stream().map(Container::published).sorted().toList();
        bed.daemon("server").kill();
        bed.infrastructure().kill("mysql");
        bed.infrastructure().kill("redis");
        Duration died = load.elapsed();
        load.cut();
        bed.powerOff(node);
        Duration dead = load.elapsed();
        load.runFor(Duration.ofSeconds(5));
        LoadReport meanwhile = load.cut();
        long on = System.nanoTime();
        bed.powerOn(node);
        Await.until(
                PATIENCE,
                "its instances answer at " + endpoints,
                () -> endpoints.stream().allMatch(dinp::answersAt));
        Duration back = Await.since(on);
        load.runFor(Duration.ofSeconds(2));
        Figures.print(
                "N2",
                "node without power back without server, MySQL and Redis: its apps answer after "
                        + Figures.seconds(back) + "; " + meanwhile);
        bed.infrastructure().restart("mysql");
        bed.infrastructure().restart("redis");
        Await.until(PATIENCE, "MySQL answers", bed.mysql()::answers);
        bed.daemon("server").startAndWait();
        awaitOrderAfter("the return of server, MySQL and Redis");
        Figures.atMost(POWERED, back, "the return of its apps");
        onlyFailedWithin(meanwhile, dead, died);
    }

    private void dies(String what, Engine node, Runnable death, Runnable revival) {
        dinp.awaitOrder();
        load.runFor(Duration.ofSeconds(1));
        load.cut();
        Duration before = load.elapsed();
        death.run();
        Duration died = load.elapsed();
        Duration replaced;
        try {
            replaced = awaitRoutes(APP, 3, node, PATIENCE);
            load.runFor(Duration.ofSeconds(2));
        } finally {
            revival.run();
        }
        LoadReport report = load.cut();
        Figures.print("N2", what + ", replaced after " + Figures.seconds(replaced) + "; " + report);
        onlyFailedWithin(report, died, before);
        Figures.atMost(REPLACED, replaced, "the replacement");
        awaitOrderAfter("its return");
    }

    private void onlyFailedWithin(LoadReport report, Duration died, Duration from) {
        Duration until = died.plus(FAILING);
        assertFalse(
                report.lastFailure().compareTo(until) > 0,
                () -> "a request due at " + report.lastFailure() + " failed, the node died between " + from + " and "
                        + died + ": " + report);
    }

    private void awaitOrderAfter(String what) {
        Duration order = Await.until(
                PATIENCE, "in order", () -> dinp.disorder().isEmpty(), () -> dinp.disorder() + dinp.explain(APP));
        load.runFor(Duration.ofSeconds(2));
        LoadReport report = load.cut();
        Figures.print("N2", "in order " + Figures.seconds(order) + " after " + what + "; " + report);
        assertEquals(0, report.failed(), report::toString);
    }

    private Duration awaitRoutes(String app, int count, Engine without, Duration limit) {
        return Await.until(
                limit,
                count + " routes of " + app + " and none to " + without.name(),
                () -> dinp.routed(app).size() == count
                        && dinp.routed(app).stream().noneMatch(entry -> entry.startsWith(without.address() + ":")),
                () -> dinp.routed(app) + dinp.explain(app));
    }

    private void awaitBeat(Engine node) {
        long last = beat(node);
        Await.until(PATIENCE, node.name() + " beats", () -> beat(node) > last, () -> dinp.explain(""));
    }

    private long beat(Engine node) {
        return dinp.server("/nodes").path(node.address()).path("UpdateAt").asLong();
    }

    private Engine nodeOf(String app) {
        return bed.engines().stream()
                .filter(node -> !on(node, app).isEmpty())
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    private static List<Container> on(Engine node, String app) {
        return node.containers().stream()
                .filter(c -> c.app().equals(app) && c.running())
                .toList();
    }
}
