package io.dinp.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.e2e.bed.Await;
import io.dinp.e2e.bed.EchoImages;
import io.dinp.e2e.bed.Engine;
import io.dinp.e2e.bed.TestBed;
import io.dinp.e2e.load.Load;
import io.dinp.e2e.load.LoadReport;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** An image is on the nodes before anything moves, so one that cannot be had moves nothing. */
@ExtendWith(TestBedExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class D3PullIT {
    private static final String APP = "pulled";
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int PULL_FAILED = 2;

    private final TestBed bed;
    private final Platform dinp;
    private Load load;

    D3PullIT(TestBed bed) {
        this.bed = bed;
        this.dinp = new Platform(bed);
    }

    @BeforeAll
    void twoInstancesUnderLoad() {
        load = dinp.underLoad(APP, EchoImages.V1, 2);
    }

    @AfterAll
    void end() {
        load.stop();
        dinp.deleteAll();
    }

    @Test
    void withoutTheRegistryADeployFailsAndMovesNothing() {
        String tag = new FreshImages(bed).publish(EchoImages.V2, 0);
        Set<String> before = ids();
        bed.infrastructure().stop("registry");
        try {
            dinp.deploy(APP, tag);
            Duration failed =
                    Await.until(LIMIT, "given up", () -> dinp.status(APP) == PULL_FAILED, () -> dinp.explain(APP));
            String reason = dinp.server("/status/" + APP).path("reason").asText();
            assertTrue(reason.startsWith("pull failed on "), reason);
            assertEquals(before, ids());
            nothingFailed("registry dead at a deploy, given up after " + Figures.seconds(failed));
        } finally {
            bed.infrastructure().restart("registry");
        }
    }

    private Set<String> ids() {
        return dinp.containers(APP).stream().map(Engine.Container::id).collect(Collectors.toSet());
    }

    private void nothingFailed(String what) {
        LoadReport report = load.cut();
        Figures.print("D3", what + "; " + report);
        assertEquals(0, report.failed(), report::toString);
    }
}
