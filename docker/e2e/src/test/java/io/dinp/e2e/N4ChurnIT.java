package io.dinp.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.e2e.bed.Await;
import io.dinp.e2e.bed.EchoImages;
import io.dinp.e2e.bed.TestBed;
import io.dinp.e2e.load.Load;
import io.dinp.e2e.load.LoadReport;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Twenty apps start, stop and are redeployed on few host ports while one router is cut off Redis and serves by a table that gets
 * older and older. It may fail; it may never pass on the answer of another app. {@code -De2e.churnSeconds=180} is the issue's
 * length, {@code -De2e.seed=…} repeats a run.
 */
@Order(4)
@Machines
@ExtendWith(TestBedExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class N4ChurnIT {
    private static final Duration CHURN = Duration.ofSeconds(Long.getLong("e2e.churnSeconds", 40));
    private static final long SEED = Long.getLong("e2e.seed", System.nanoTime());
    private static final List<String> APPS =
            IntStream.range(0, 20).mapToObj(i -> "churn" + i).toList();
    private static final List<String> VERSIONS = List.of(EchoImages.V1, EchoImages.V2);

    /** So few that the ports freed during the churn would have to be used again, were they not kept from it: 24 for 40 s. */
    private static final int PORTS_PER_NODE = (int) CHURN.toSeconds() * 6 / 10;

    /** The place of the router that is cut off. */
    private static final int CUT = 2;

    private static final int EVERY_PORT = 10_000;
    private static final Duration PACE = Duration.ofMillis(300);
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final TestBed bed;
    private final Platform dinp;
    private final Random random = new Random(SEED);

    N4ChurnIT(TestBed bed) {
        this.bed = bed;
        this.dinp = new Platform(bed);
    }

    @BeforeAll
    void twentyAppsOnFewPorts() {
        bed.leasePorts(PORTS_PER_NODE);
        APPS.forEach(app -> dinp.insert(app, EchoImages.V1, 1));
        awaitOrder();
    }

    @AfterAll
    void end() {
        bed.joinToRedis(CUT);
        dinp.deleteAll();
        bed.leasePorts(EVERY_PORT);
    }

    @Test
    @Timeout(unit = TimeUnit.HOURS, value = 1)
    void noAnswerComesFromAnotherApp() {
        List<InetSocketAddress> routers = bed.routers();
        try (Load cut = Load.start(routers.subList(2, 3), APPS, bed.domain(), 50);
                Load live = Load.start(routers.subList(0, 2), APPS, bed.domain(), 50)) {
            cut.runFor(Duration.ofSeconds(1));
            bed.cutFromRedis(CUT);
            int before = dinp.events("start");
            int changes = churn();
            LoadReport throughCut = cut.cut();
            bed.joinToRedis(CUT);
            int starts = dinp.events("start") - before;
            int refused = dinp.refusedForPorts();
            APPS.forEach(app -> dinp.redeploy(app, EchoImages.V2, 1));
            Duration order = awaitEverythingAnew();
            Figures.print(
                    "N4",
                    "seed %d: %d changes, %d starts, %d refused for want of a port in %s; in order %s after the end; by the cut router %s"
                            .formatted(
                                    SEED,
                                    changes,
                                    starts,
                                    refused,
                                    Figures.seconds(CHURN),
                                    Figures.seconds(order),
                                    throughCut));
            cut.cut();
            cut.runFor(Duration.ofSeconds(3));
            LoadReport after = cut.stop();
            LoadReport throughLive = live.stop();
            Figures.print("N4", "by the other two " + throughLive + "; by the cut one afterwards " + after);
            assertTrue(throughCut.sent() > throughCut.failed(), "the cut router goes on serving what is still there");
            assertEquals(0, throughCut.wrong(), throughCut::toString);
            assertEquals(0, throughLive.wrong(), throughLive::toString);
            assertEquals(0, after.failed(), after::toString);
        }
    }

    /** All apps on one version; what had failed for want of ports is tried again, as an operator would. */
    private Duration awaitEverythingAnew() {
        return Await.until(
                PATIENCE,
                "all apps have the last version and are in order",
                () -> {
                    dinp.retryFailed();
                    return dinp.versions().equals(Collections.nCopies(APPS.size(), EchoImages.V2))
                            && dinp.disorder().isEmpty();
                },
                () -> dinp.disorder() + dinp.explain(""));
    }

    private int churn() {
        long end = System.nanoTime() + CHURN.toNanos();
        int changes = 0;
        for (long due = System.nanoTime(); due < end; due += PACE.toNanos()) {
            long next = due;
            Await.until(CHURN, "the next change is due", () -> System.nanoTime() >= next);
            change(APPS.get(random.nextInt(APPS.size())));
            changes++;
        }
        return changes;
    }

    /** At the end of it an app has 0 to 2 instances of one of two versions; sometimes it was away meanwhile. */
    private void change(String app) {
        switch (random.nextInt(4)) {
            case 0 -> dinp.scale(app, random.nextInt(3));
            case 1 -> {
                dinp.delete(app);
                dinp.insert(app, VERSIONS.get(random.nextInt(2)), 1);
            }
            default -> dinp.redeploy(app, VERSIONS.get(random.nextInt(2)), 1 + random.nextInt(2));
        }
    }

    private Duration awaitOrder() {
        return Await.until(
                PATIENCE, "in order", () -> dinp.disorder().isEmpty(), () -> dinp.disorder() + dinp.explain(""));
    }
}
