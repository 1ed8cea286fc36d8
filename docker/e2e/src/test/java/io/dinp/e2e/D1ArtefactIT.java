package io.dinp.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.e2e.bed.Await;
import io.dinp.e2e.bed.TestBed;
import io.dinp.e2e.client.Builder;
import io.dinp.e2e.client.Builder.Built;
import io.dinp.e2e.client.Dashboard;
import io.dinp.e2e.client.Person;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** From an archive to a 200 through the router, by the dashboard's and the builder's HTTP alone. */
@ExtendWith(TestBedExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class D1ArtefactIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final TestBed bed;
    private final Platform dinp;
    private Dashboard dash;
    private Builder builder;

    D1ArtefactIT(TestBed bed) {
        this.bed = bed;
        this.dinp = new Platform(bed);
    }

    @BeforeAll
    void signIn() {
        Person root = new Person();
        dash = Dashboard.signIn(root, bed.dash(), TestBed.ROOT, TestBed.ROOT_PASSWORD);
        builder = Builder.signIn(root, bed.builder(), TestBed.ROOT, TestBed.ROOT_PASSWORD);
    }

    @AfterAll
    void tidy() {
        dinp.deleteAll();
    }

    @Test
    void aPythonTree() throws IOException {
        walk("python", "gunicorn", Samples.python("1.0"), Samples.python("1.1"));
    }

    @Test
    void aStaticBinary() throws IOException {
        walk("binary", "binary", Samples.binary("1.0"), Samples.binary("1.1"));
    }

    /** Two versions, then back to the first by its row in the history, then gone. */
    private void walk(String app, String base, byte[] first, byte[] second) throws IOException {
        long start = System.nanoTime();
        Built built = build(app, "1.0", base, first);
        int id = dash.createApp(app);
        dash.deploy(id, built.image(), 2);
        awaitVersion(app, "1.0");
        Figures.print("D1", app + ": archive to 200 in " + Figures.seconds(Await.since(start)));
        dinp.awaitOrder();
        assertEquals(2, dash.read("/api/instances/" + id).json().size());

        dash.deploy(id, build(app, "1.1", base, second).image(), 2);
        awaitVersion(app, "1.1");
        assertTrue(dash.open("/app/history/" + id).body().contains(":1.0"), "the history has the first version");
        rollBack(id, app);
        dash.deleteApp(id);
        Await.until(PATIENCE, app + " is gone", () -> dinp.containers(app).isEmpty(), () -> dinp.explain(app));
        dinp.awaitOrder();
    }

    private Built build(String app, String version, String base, byte[] archive) {
        Built built = builder.build(app, version, base, archive);
        assertTrue(built.succeeded(), built::toString);
        assertEquals(bed.infrastructure().registry() + "/root/" + app + ":" + version, built.image());
        assertFalse(built.log().isBlank());
        return built;
    }

    private void rollBack(int id, String app) {
        String row = bed.mysql().value("select min(id) from history where app_id = ? and image like '%:1.0'", id);
        String image = bed.mysql().value("select image from history where id = ?", row);
        dash.changed(
                "/app/deploy/" + id,
                Map.of("history", row, "image", image, "memory", "128", "instance", "2", "resume", "back"));
        awaitVersion(app, "1.0");
    }

    private void awaitVersion(String app, String version) {
        String answer = "Hello from " + app + " " + version + " on ";
        Await.until(
                PATIENCE,
                app + " " + version + " answers and nothing else does",
                () -> dinp.get(app, "/").body().startsWith(answer)
                        && dinp.disorder().isEmpty(),
                () -> dinp.explain(app));
    }
}
