package io.dinp.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.dinp.e2e.bed.Await;
import io.dinp.e2e.bed.EchoImages;
import io.dinp.e2e.bed.Engine.Container;
import io.dinp.e2e.bed.TestBed;
import io.dinp.e2e.load.Load;
import io.dinp.e2e.load.LoadReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** A deploy that bakes is stopped by a crash or by a person, held, let go on and taken back, under load: no request is lost. */
@ExtendWith(TestBedExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class N6BakeIT {
    private static final String APP = "baked";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final TestBed bed;
    private final Platform dinp;
    private Load load;

    N6BakeIT(TestBed bed) {
        this.bed = bed;
        this.dinp = new Platform(bed);
    }

    @BeforeAll
    void twoInstancesUnderLoad() {
        load = dinp.underLoad(APP, EchoImages.V1, 2);
        bakeSeconds(60);
        load.runFor(Duration.ofSeconds(2));
    }

    @AfterAll
    void end() {
        load.stop();
        dinp.deleteAll();
    }

    @Test
    @Order(1)
    void aCrashInTheBakeTimeFailsTheDeploy() {
        Set<String> before = instances();
        dinp.deploy(APP, EchoImages.BRIEF);
        Duration failed = awaitFailure();
        JsonNode failure = dinp.server("/status/" + APP).path("failure");
        assertEquals("exit", failure.path("stage").asText(), failure::toString);
        assertEquals(3, failure.path("exitCode").asInt(), failure::toString);
        LoadReport report = nothingFailed("crashed while baking, given up after " + Figures.seconds(failed));
        assertTrue(report.versions().getOrDefault("brief", 0) > 0, "the new version has served for a while");
        assertEquals(before, instances(), "the old instances are still the same");
    }

    @Test
    @Order(2)
    void aCancelledDeployLeavesTheOldOne() {
        bakeSeconds(60);
        Set<String> before = instances();
        dinp.deploy(APP, EchoImages.V2);
        awaitReason("baking");
        tell("cancel", "");
        awaitFailure();
        assertEquals("cancelled by command", reason());
        nothingFailed("cancelled while baking");
        assertEquals(before, instances(), "the old instances are still the same");
    }

    @Test
    @Order(3)
    void aPausedDeployHoldsUntilItIsResumed() {
        bakeSeconds(2);
        dinp.deploy(APP, EchoImages.V2);
        Await.until(LIMIT, "a new instance", () -> dinp.versions(APP).contains("v2"), () -> dinp.explain(APP));
        tell("pause", "");
        awaitReason("paused by command");
        Set<String> held = instances();
        Await.holds(
                Duration.ofSeconds(5),
                "nothing starts or goes while it is paused",
                () -> instances().equals(held));
        assertTrue(dinp.versions(APP).contains("v1"), "an old one serves on");
        tell("resume", "");
        Duration done = awaitVersion("v2");
        nothingFailed("paused for 5 s, done " + Figures.seconds(done) + " after it was resumed");
    }

    @Test
    @Order(4)
    void anEarlierRevisionComesBack() {
        List<String> first = new ArrayList<>();
        for (JsonNode revision : dinp.server("/app/" + APP + "/revisions")) {
            if (revision.path("image").asText().endsWith(":v1")) {
                first.add(revision.path("revision").asText());
            }
        }
        tell("rollback", "{\"revision\":\"" + first.get(0) + "\"}");
        Duration done = awaitVersion("v1");
        nothingFailed("rolled back in " + Figures.seconds(done));
    }

    private void bakeSeconds(int seconds) {
        bed.mysql().update("update app set bake_seconds = ? where name = ?", seconds, APP);
    }

    private void tell(String what, String body) {
        int status = dinp.tell("/app/" + APP + "/" + what, body);
        assertEquals(2, status / 100, () -> what + " is answered by " + status);
    }

    private Duration awaitFailure() {
        return Await.until(LIMIT, "the deploy has failed", () -> dinp.status(APP) == 3, () -> dinp.explain(APP));
    }

    private void awaitReason(String begin) {
        Await.until(LIMIT, "the deploy says " + begin, () -> reason().startsWith(begin), () -> dinp.explain(APP));
    }

    private String reason() {
        return dinp.server("/status/" + APP).path("reason").asText();
    }

    private Duration awaitVersion(String version) {
        return Await.until(
                LIMIT,
                "two of " + version + " in order",
                () -> dinp.versions(APP).equals(Collections.nCopies(2, version))
                        && dinp.disorder().isEmpty(),
                () -> dinp.disorder() + dinp.explain(APP));
    }

    private Set<String> instances() {
        return dinp.containers(APP).stream().map(Container::instance).collect(Collectors.toSet());
    }

    private LoadReport nothingFailed(String what) {
        dinp.awaitOrder();
        load.runFor(Duration.ofSeconds(2));
        LoadReport report = load.cut();
        Figures.print("N6", what + "; " + report);
        assertEquals(0, report.failed(), report::toString);
        return report;
    }
}
