package io.dinp.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.dinp.e2e.bed.Await;
import io.dinp.e2e.bed.EchoImages;
import io.dinp.e2e.bed.TestBed;
import io.dinp.e2e.load.Load;
import io.dinp.e2e.load.LoadReport;
import java.time.Duration;
import java.util.Collections;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Every change of a running app under load: none may cost a request. One load runs through the class; the ten seconds after one
 * change are the seconds before the next.
 */
@ExtendWith(TestBedExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class D3ChangeIT {
    private static final String APP = "rolling";
    private static final Duration BEFORE = Duration.ofSeconds(5);
    private static final Duration AFTER = Duration.ofSeconds(10);
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final TestBed bed;
    private final Platform dinp;
    private Load load;

    D3ChangeIT(TestBed bed) {
        this.bed = bed;
        this.dinp = new Platform(bed);
    }

    @BeforeAll
    void twoInstancesUnderLoad() {
        load = dinp.underLoad(APP, EchoImages.V1, 2);
        load.runFor(BEFORE);
    }

    @AfterAll
    void end() {
        load.stop();
        dinp.deleteAll();
    }

    @Test
    @Order(1)
    void aNewVersion() {
        dinp.deploy(APP, EchoImages.V2);
        Duration done = awaitVersion("v2", 2);
        assertNothingFailed("new version rolled in " + Figures.seconds(done));
    }

    @Test
    @Order(2)
    void aVersionThatStartsSlowly() {
        dinp.deploy(APP, EchoImages.SLOW);
        Duration done = awaitVersion("slow", 2);
        assertNothingFailed("slow version rolled in " + Figures.seconds(done));
    }

    @Test
    @Order(3)
    void aVersionThatExitsAtOnce() {
        failsAndLeavesTheOldOne(EchoImages.EXITS, 3);
    }

    @Test
    @Order(4)
    void aVersionThatNeverListens() {
        failsAndLeavesTheOldOne(EchoImages.DEAF, 3);
    }

    @Test
    @Order(5)
    void aMissingTag() {
        failsAndLeavesTheOldOne(EchoImages.MISSING, 2);
    }

    @Test
    @Order(6)
    void scale() {
        dinp.deploy(APP, EchoImages.V1);
        awaitVersion("v1", 2);
        dinp.scale(APP, 1);
        awaitVersion("v1", 1);
        dinp.scale(APP, 3);
        Duration up = awaitVersion("v1", 3);
        dinp.scale(APP, 1);
        Duration down = awaitVersion("v1", 1);
        assertNothingFailed("scaled 1 to 3 in %s, 3 to 1 in %s".formatted(Figures.seconds(up), Figures.seconds(down)));
    }

    @Test
    @Order(7)
    void anotherEnvironment() {
        bed.mysql()
                .update(
                        "insert into env(k,v,app_id,app_name) select 'COLOUR','blue',id,name from app where name=?",
                        APP);
        Duration done = Await.until(
                LIMIT,
                "COLOUR in every container",
                () -> dinp.containers(APP).stream()
                                .allMatch(c -> "blue".equals(c.env().get("COLOUR")))
                        && dinp.disorder().isEmpty(),
                () -> dinp.explain(APP));
        assertNothingFailed("environment changed in " + Figures.seconds(done));
    }

    /** The old version must be the only one that answers, from the row's change until the failure has been recorded and after. */
    private void failsAndLeavesTheOldOne(String version, int status) {
        Set<String> before = Set.copyOf(dinp.versions(APP));
        load.cut();
        dinp.deploy(APP, version);
        Duration failed =
                Await.until(LIMIT, version + " has failed", () -> dinp.status(APP) == status, () -> dinp.explain(APP));
        String reason = dinp.server("/status/" + APP).path("reason").asText();
        assertFalse(reason.isBlank(), "the reason is shown");
        LoadReport report = assertNothingFailed(
                "%s given up after %s, reason \"%s\"".formatted(version, Figures.seconds(failed), reason));
        assertEquals(before, report.versions().keySet(), "the old version serves throughout");
    }

    private Duration awaitVersion(String version, int count) {
        return Await.until(
                LIMIT,
                count + " of " + version + " in order",
                () -> dinp.versions(APP).equals(Collections.nCopies(count, version))
                        && dinp.disorder().isEmpty(),
                () -> dinp.versions(APP) + " " + dinp.disorder() + dinp.explain(APP));
    }

    private LoadReport assertNothingFailed(String what) {
        Duration order = dinp.awaitOrder();
        load.runFor(AFTER);
        LoadReport report = load.cut();
        Figures.print("D3", what + ", in order " + Figures.seconds(order) + " later; " + report);
        assertEquals(0, report.failed(), report::toString);
        return report;
    }
}
