package io.dinp.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.e2e.bed.Await;
import io.dinp.e2e.bed.DaemonProcess;
import io.dinp.e2e.bed.EchoImages;
import io.dinp.e2e.bed.Engine;
import io.dinp.e2e.bed.Engine.Container;
import io.dinp.e2e.bed.TestBed;
import io.dinp.e2e.load.Load;
import io.dinp.e2e.load.LoadReport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Ten apps with three instances each on three nodes behind three routers, all under load together, later four: whatever is changed or
 * falls silent for a while, no request is lost.
 */
@Order(2)
@Isolated("thirty instances of ten apps start at once on the machine's two cores")
@Machines
@ExtendWith(TestBedExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(unit = TimeUnit.MINUTES, value = 6)
class N1ChangeIT {
    private static final List<String> TEN =
            IntStream.range(0, 10).mapToObj(i -> "app" + i).toList();

    /** What goes on after the upgrades: a lost node's share of ten apps started on two cores would measure the cores. */
    private static final List<String> FOUR = TEN.subList(0, 4);

    private static final String APP = TEN.get(0);
    /** So long the load does without a router until it trusts no connection to it any more. */
    private static final Duration FORGOTTEN = Duration.ofSeconds(11);

    private static final Duration LIMIT = Duration.ofSeconds(150);

    /** Three intervals after the last beat; how soon a silent engine is noticed is not the subject here. */
    private static final Duration LOST = Duration.ofSeconds(60);

    private final TestBed bed;
    private final Platform dinp;
    private List<String> apps = TEN;
    private Load load;

    N1ChangeIT(TestBed bed) {
        this.bed = bed;
        this.dinp = new Platform(bed);
    }

    @BeforeAll
    void tenAppsUnderLoad() {
        apps.forEach(app -> dinp.insert(app, EchoImages.V1, 3));
        awaitAll("v1");
        apps.forEach(app -> dinp.awaitEveryRouter(app, LIMIT));
        load = Load.start(bed.routers(), apps, bed.domain());
        load.runFor(Duration.ofSeconds(2));
    }

    @AfterAll
    void end() {
        load.stop();
        dinp.deleteAll();
    }

    @Test
    @Order(1)
    void tenAppsAreUpgradedAtOnce() {
        Duration done = upgrade(EchoImages.V2);
        nothingFailed("ten apps of three instances upgraded at once in " + Figures.seconds(done));
    }

    /** Half of the twenty deploys come while the router's lease still lives, the others after it has run out. */
    @Test
    @Order(2)
    void oneOfThreeRoutersIsFrozenDuringTwentyDeploys() {
        List<InetSocketAddress> routers = bed.routers();
        DaemonProcess frozen = bed.routerProcess(2);
        load.through(routers.subList(0, 2));
        load.runFor(Duration.ofSeconds(1));
        frozen.pause();
        Duration first;
        Duration second;
        try {
            first = upgrade(EchoImages.V1);
            second = upgrade(EchoImages.V2);
        } finally {
            frozen.resume();
        }
        frozen.awaitHealthy();
        dinp.awaitOrder();
        load.through(routers);
        load.runFor(Duration.ofSeconds(5));
        nothingFailed("one of three routers frozen during twenty deploys (%s and %s)"
                .formatted(Figures.seconds(first), Figures.seconds(second)));
    }

    @Test
    @Order(3)
    void fourInstancesBecomeOne() {
        load.over(FOUR);
        load.runFor(Duration.ofSeconds(1));
        TEN.stream().filter(app -> !FOUR.contains(app)).forEach(dinp::delete);
        apps = FOUR;
        dinp.awaitOrder();
        dinp.scale(APP, 4);
        dinp.awaitOrder();
        dinp.scale(APP, 1);
        dinp.awaitOrder();
        load.runFor(Duration.ofSeconds(2));
        dinp.scale(APP, 3);
        nothingFailed("scaled 3 to 4 to 1 to 3");
    }

    @Test
    @Order(4)
    void redisIsFlushed() {
        bed.redis().text("FLUSHALL");
        Duration back = Await.until(
                Duration.ofSeconds(20),
                "every app is in Redis again",
                () -> dinp.routeKeys().size() == apps.size(),
                () -> dinp.explain(""));
        nothingFailed("Redis flushed, routes back after " + Figures.seconds(back));
        Figures.atMost(Duration.ofSeconds(5), back, "the return of the routes");
    }

    /** Nobody but the table on the router's disk knows then what has changed since the backup: the server is away too. */
    @Test
    @Order(5)
    void redisIsPutBackToABackupAndARouterStartsOnIt() {
        DaemonProcess server = bed.daemon("server");
        DaemonProcess router = bed.routerProcess(2);
        List<InetSocketAddress> routers = bed.routers();
        String epoch = bed.redis().text("GET", "/meta/epoch");
        bed.infrastructure().saveRedis();
        upgrade(EchoImages.V1);
        dinp.awaitOrder();
        upgrade(EchoImages.V2);
        dinp.awaitOrder();
        load.through(routers.subList(0, 2));
        load.runFor(FORGOTTEN);
        server.kill();
        try {
            router.kill();
            bed.infrastructure().putRedisBack();
            router.start();
            Await.until(
                    LIMIT, "the router says that Redis was put back", () -> says(router, "was put back"), router::tail);
            assertEquals("", bed.redis().text("GET", "/meta/version"), "nobody is to believe it");
            load.through(routers);
            load.runFor(Duration.ofSeconds(5));
        } finally {
            server.startAndWait();
        }
        Duration told = Await.until(
                LIMIT,
                "Redis has another epoch",
                () -> !bed.redis().text("GET", "/meta/epoch").equals(epoch),
                () -> dinp.explain(""));
        router.awaitHealthy();
        nothingFailed(
                "Redis put back to a backup of two upgrades before, a router started on it without a server; another epoch "
                        + Figures.seconds(told) + " after the server's return");
    }

    private static boolean says(DaemonProcess daemon, String words) {
        try {
            return daemon.health().body().contains(words);
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    @Order(6)
    void theServerIsKilledInMidDeploy() {
        DaemonProcess server = bed.daemon("server");
        apps.forEach(app -> dinp.deploy(app, EchoImages.V1));
        Await.until(LIMIT, "some have the new version, not all", () -> isMixed("v1", "v2"), () -> dinp.explain(""));
        server.kill();
        load.runFor(Duration.ofSeconds(3));
        server.startAndWait();
        Duration done = awaitAll("v1");
        nothingFailed("server killed in mid-deploy; done " + Figures.seconds(done) + " after its return");
    }

    @Test
    @Order(7)
    void anEngineIsPaused() {
        Engine engine = bed.engines().get(1);
        engine.pause();
        try {
            Duration lost = awaitNodeWithoutRoutes(engine);
            load.runFor(Duration.ofSeconds(1));
            engine.resume();
            Duration order =
                    Await.until(LIMIT, "in order", () -> dinp.disorder().isEmpty(), () -> dinp.explain(""));
            nothingFailed("engine paused until its node was lost (%s), in order %s after its return"
                    .formatted(Figures.seconds(lost), Figures.seconds(order)));
        } finally {
            engine.resume();
        }
    }

    /** The agent's absence is what the platform sees of an hour's absence: long enough to be lost, and the wishes have changed. */
    @Test
    @Order(8)
    void aNodeComesBackAfterALongAbsence() {
        Engine engine = bed.engines().get(2);
        Set<String> before = instancesOn(engine);
        bed.agent(engine).kill();
        Duration lost = awaitNodeWithoutRoutes(engine);
        String gone = FOUR.get(3);
        String changed = FOUR.get(2);
        apps = FOUR.subList(0, 3);
        load.over(apps);
        load.runFor(Duration.ofSeconds(1));
        dinp.delete(gone);
        dinp.deploy(changed, EchoImages.V2);
        Await.until(LIMIT, "the new version serves", () -> servesOnly(changed, "v2"), () -> dinp.explain(changed));
        assertEquals(before, instancesOn(engine), "nobody stops what runs on a node without an agent");
        bed.agent(engine).startAndWait();
        Duration order = Await.until(
                LIMIT, "in order", () -> dinp.disorder().isEmpty(), () -> dinp.disorder() + dinp.explain(""));
        nothingFailed(
                "node without its agent until it was lost (%s), one app deleted, one changed; in order %s after its return"
                        .formatted(Figures.seconds(lost), Figures.seconds(order)));
    }

    @Test
    @Order(9)
    void aNodeIsDrained() {
        Engine engine = bed.engines().get(0);
        int there = instancesOn(engine).size();
        String path = "/nodes/" + engine.address();
        assertEquals(200, dinp.tell(path + "/drain", "{\"deadlineSeconds\":3600}"));
        Duration empty = Await.until(
                LIMIT, "nothing is left there", () -> engine.containers().isEmpty(), () -> dinp.explain(""));
        awaitNodeWithoutRoutes(engine);
        assertTrue(dinp.server("/nodes").path(engine.address()).path("Draining").asBoolean(), "it stays closed");
        nothingFailed("node with %d instances drained in %s".formatted(there, Figures.seconds(empty)));
        assertEquals(200, dinp.tell(path + "/uncordon", ""));
    }

    private Duration upgrade(String version) {
        apps.forEach(app -> dinp.deploy(app, version));
        return awaitAll(version);
    }

    private Duration awaitAll(String version) {
        return Await.until(
                LIMIT,
                "three of each app of " + version + " and nothing else",
                () -> dinp.versions().equals(Collections.nCopies(3 * apps.size(), version)),
                () -> dinp.explain(""));
    }

    private boolean isMixed(String one, String other) {
        List<String> versions = dinp.versions();
        return versions.contains(one) && versions.contains(other);
    }

    private boolean servesOnly(String app, String version) {
        List<String> routed = dinp.routed(app);
        List<Container> serving = dinp.containers(app).stream()
                .filter(c -> c.running() && c.version().equals(version))
                .filter(c -> routed.contains(c.published()))
                .toList();
        return routed.size() == 3 && serving.size() == 3;
    }

    private Duration awaitNodeWithoutRoutes(Engine engine) {
        return Await.until(
                LOST,
                "every app has three routes and none to " + engine.name(),
                () -> apps.stream()
                        .map(dinp::routed)
                        .allMatch(all -> all.size() == 3
                                && all.stream().noneMatch(entry -> entry.startsWith(engine.address() + ":"))),
                () -> dinp.explain(""));
    }

    private static Set<String> instancesOn(Engine engine) {
        return engine.containers().stream()
                .filter(Container::running)
                .map(Container::instance)
                .collect(Collectors.toSet());
    }

    private void nothingFailed(String what) {
        dinp.awaitOrder();
        load.runFor(Duration.ofSeconds(2));
        LoadReport report = load.cut();
        Figures.print("N1", what + "; " + report);
        assertEquals(0, report.failed(), report::toString);
    }
}
