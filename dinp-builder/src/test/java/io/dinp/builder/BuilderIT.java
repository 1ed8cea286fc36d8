package io.dinp.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.dinp.builder.archive.Archives;
import io.dinp.builder.core.Build;
import io.dinp.builder.core.BuildRequest;
import io.dinp.builder.core.BuildStatus;
import io.dinp.builder.docker.TestRegistry;
import io.dinp.builder.web.Browser;
import io.dinp.builder.web.FakeUic;
import io.dinp.builder.web.TestBuilder;
import io.dinp.common.daemon.Lifecycle;
import io.dinp.common.json.Json;
import io.dinp.common.model.ImageRef;
import io.dinp.common.sso.SsoUser;
import io.dinp.common.testing.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From the form to the registry and back, with a real engine, registry and MySQL. */
class BuilderIT {
    private static final SsoUser ULRIC = new SsoUser(7, "Ulric", "", "", 0);
    private static final SsoUser OTHER = new SsoUser(8, "other", "", "", 0);
    private static final SsoUser ADMIN = new SsoUser(1, "admin", "", "", 1);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private static Path directory;

    private static final Lifecycle LIFE = new Lifecycle();

    private static FakeUic uic;
    private static TestRegistry registry;
    private static TestBuilder builder;
    private static byte[] archive;

    private Browser ulric;

    @BeforeAll
    static void start() throws Exception {
        LIFE.stopDeadline(PATIENCE);
        uic = LIFE.own("uic", new FakeUic());
        registry = LIFE.own("registry", TestRegistry.start());
        Map<String, String> templates = Map.of(
                "binary",
                        "FROM {{.Registry}}/dinp/binary:1\nADD {{.Tarball}} {{.AppDir}}/\nRUN test -x {{.AppDir}}/control\n",
                "failing", "FROM {{.Registry}}/dinp/binary:1\nRUN echo this is broken; exit 3\n",
                "missing", "FROM {{.Registry}}/dinp/nothing:1\n");
        builder = LIFE.own("builder", TestBuilder.withDatabase(directory, uic, registry.address(), templates));
        Path file = directory.resolve("demo.tar.gz");
        try (Archives tar = Archives.create(file)) {
            tar.file("control", "#!/bin/sh\n").file("data", "<b>hello</b>");
        }
        archive = Files.readAllBytes(file);
    }

    @AfterAll
    static void stop() {
        LIFE.stop();
    }

    @BeforeEach
    void signIn() {
        ulric = new Browser(builder.uri()).as(uic.session(ULRIC));
    }

    @Test
    void anUploadBecomesAnImageInTheRegistry() throws Exception {
        String id = build(Map.of("version", "1.0"), archive);
        JsonNode data = finished(id);
        assertEquals(
                "successfully",
                data.path("build").path("status").asText(),
                data.path("log").asText());
        assertEquals(
                registry.address() + "/ulric/demo:1.0",
                data.path("build").path("image").asText());
        assertEquals(7, data.path("build").path("user_id").asInt());
        assertTrue(
                data.path("log").asText().contains("RUN test -x /opt/app/control<br>"),
                data.path("log").asText());
        assertTrue(registry.has("ulric/demo", "1.0"));
        HttpResponse<String> page = ulric.get("/progress/" + id);
        assertTrue(page.body().contains("tag good\">successfully"), page.body());
    }

    @Test
    void anArchiveIsFetchedByAddress() throws Exception {
        HttpServer files = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        files.createContext("/demo.tar.gz", exchange -> {
            exchange.sendResponseHeaders(200, archive.length);
            exchange.getResponseBody().write(archive);
            exchange.close();
        });
        files.start();
        String url = "http://127.0.0.1:" + files.getAddress().getPort() + "/demo.tar.gz";
        Map<String, String> form = form(Map.of("version", "2.0", "tarball", url));
        JsonNode data = finished(idOf(ulric.post("/build", form)));
        files.stop(0);
        assertEquals(
                "successfully",
                data.path("build").path("status").asText(),
                data.path("log").asText());
        assertEquals(url, data.path("build").path("tarball").asText());
        assertTrue(registry.has("ulric/demo", "2.0"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "failing | 3.0 | failed: the build failed: The command '/bin/sh -c echo this is broken; exit 3' returned a non-zero code: 3",
                "missing | 3.1 | failed: the build failed: manifest for .*/dinp/nothing:1 not found.*",
            })
    void aFailingStepFailsTheBuild(String base, String version, String status) throws Exception {
        JsonNode data = finished(build(Map.of("base", base, "version", version), archive));
        String told = data.path("build").path("status").asText();
        assertTrue(told.replace('"', '\'').matches(status.replace("(", "\\(")), told);
        assertFalse(registry.has("ulric/demo", version));
        assertTrue(data.path("log").asText().contains("==&gt; failed: "));
    }

    @Test
    void aBrokenArchiveFailsTheBuild() throws Exception {
        byte[] text = "I am no archive".getBytes(StandardCharsets.UTF_8);
        JsonNode data = finished(build(Map.of("version", "4.0"), text));
        String status = data.path("build").path("status").asText();
        assertTrue(status.startsWith("failed: the file is no .tar.gz archive or is damaged"), status);
    }

    @Test
    void anArchiveWithoutControlFailsTheBuild() throws Exception {
        Path file = directory.resolve("folder.tar.gz");
        try (Archives tar = Archives.create(file)) {
            tar.file("demo/control", "");
        }
        JsonNode data = finished(build(Map.of("version", "4.1"), Files.readAllBytes(file)));
        String status = data.path("build").path("status").asText();
        assertTrue(status.startsWith("failed: the archive has no file 'control' at its root"), status);
    }

    @Test
    void aRefusedPushFailsTheBuild() throws Exception {
        String image = "127.0.0.1:1/ulric/demo:5.0";
        String template = "FROM " + registry.address() + "/dinp/binary:1\n";
        Path upload = Files.write(directory.resolve("upload-push"), archive);
        BuildRequest request = new BuildRequest("demo", "5.0", "", "binary", new BuildRequest.Upload("demo.tar.gz"));
        try (BuildQueue queue = builder.queueFor("127.0.0.1:1", Map.of("binary", template))) {
            long id = queue.submit(request, ImageRef.parse(image), Optional.of(upload), ULRIC)
                    .orElseThrow();
            JsonNode data = finished(Long.toString(id));
            String status = data.path("build").path("status").asText();
            assertTrue(status.startsWith("failed: the push to 127.0.0.1:1 failed: "), status);
        } finally {
            TestRegistry.forget("127.0.0.1:1/ulric");
        }
        assertFalse(Files.exists(upload));
    }

    @Test
    void buildsOfOthersAreNotThere() throws Exception {
        String id = build(Map.of("version", "6.0", "resume", "secret plan"), archive);
        finished(id);
        Browser other = new Browser(builder.uri()).as(uic.session(OTHER));
        for (String path : new String[] {"/progress/" + id, "/log/" + id}) {
            assertEquals(404, other.get(path).statusCode(), path);
        }
        assertFalse(other.get("/history").body().contains("secret plan"));
        Map<String, String> delete = Map.of("csrf", other.csrf(), "id", id);
        assertEquals(404, other.post("/history", delete).statusCode());
        assertEquals(200, ulric.get("/progress/" + id).statusCode());
        Browser admin = new Browser(builder.uri()).as(uic.session(ADMIN));
        assertEquals(200, admin.get("/progress/" + id).statusCode());
        assertTrue(admin.get("/history").body().contains("secret plan"));
    }

    @Test
    void theOwnerDeletesABuild() throws Exception {
        String id = build(Map.of("version", "7.0"), archive);
        finished(id);
        assertTrue(ulric.get("/history").body().contains("/progress/" + id));
        HttpResponse<String> gone = ulric.post("/history", Map.of("csrf", ulric.csrf(), "id", id));
        assertEquals(302, gone.statusCode());
        assertEquals(404, ulric.get("/log/" + id).statusCode());
        assertFalse(ulric.get("/history").body().contains("/progress/" + id));
    }

    @Test
    void historyHasPages() throws Exception {
        for (int i = 0; i < 3; i++) {
            insert("paged" + i);
        }
        HttpResponse<String> second = ulric.get("/history?limit=1&page=2");
        assertTrue(second.body().contains("paged1") && !second.body().contains("paged2"), second.body());
        assertTrue(second.body().contains("page=1\">Newer") && second.body().contains("page=3\">Older"));
    }

    @Test
    void anUnfinishedBuildOfAnEarlierRunIsFailed() throws Exception {
        long id = insert("interrupted");
        builder.store().update(id, BuildStatus.PUSHING, 0, "");
        try (BuildQueue queue = builder.queueFor(registry.address(), Map.of())) {
            queue.recover();
        }
        Build build = builder.store().find(id).orElseThrow();
        assertEquals("failed: builder was stopped", build.status());
        assertTrue(build.finishedAt() > 0);
    }

    @Test
    void aRunningBuildIsFailedWhenTheBuilderStops() throws Exception {
        Path upload = Files.write(directory.resolve("upload-stop"), archive);
        BuildRequest request = new BuildRequest("demo", "8.0", "", "slow", new BuildRequest.Upload("demo.tar.gz"));
        String template = "FROM " + registry.address() + "/dinp/binary:1\nRUN sleep 300\n";
        long id;
        try (BuildQueue queue = builder.queueFor(registry.address(), Map.of("slow", template))) {
            id = queue.submit(request, ImageRef.parse(registry.address() + "/u/d:8"), Optional.of(upload), ULRIC)
                    .orElseThrow();
            Await.until(PATIENCE, "the build sleeps", () -> logOf(id).contains("Running in"));
        }
        assertEquals(
                "failed: builder was stopped",
                builder.store().find(id).orElseThrow().status());
    }

    private static long insert(String app) throws SQLException {
        BuildRequest request = new BuildRequest(app, "1", "", "binary", new BuildRequest.Upload("x.tar.gz"));
        long id = builder.store().insert(request, "r/u/" + app + ":1", ULRIC.id(), ULRIC.name());
        builder.store().update(id, BuildStatus.SUCCESSFUL, System.currentTimeMillis(), "");
        return id;
    }

    private String build(Map<String, String> changes, byte[] content) throws IOException, InterruptedException {
        return idOf(ulric.upload("/build", form(changes), "demo.tar.gz", content));
    }

    private Map<String, String> form(Map<String, String> changes) throws IOException, InterruptedException {
        Map<String, String> form =
                new HashMap<>(Map.of("csrf", ulric.csrf(), "app", "demo", "resume", "<new>", "base", "binary"));
        form.putAll(changes);
        return form;
    }

    private static String idOf(HttpResponse<String> answer) {
        assertEquals(302, answer.statusCode(), answer.body());
        String location = answer.headers().firstValue("Location").orElseThrow();
        assertTrue(location.contains("/progress/"), location);
        return location.substring(location.lastIndexOf('/') + 1);
    }

    private JsonNode finished(String id) {
        Await.until(
                PATIENCE,
                "build " + id + " ends",
                () -> BuildStatus.isFinal(log(id).path("build").path("status").asText()));
        return log(id);
    }

    private String logOf(long id) {
        return log(Long.toString(id)).path("log").asText();
    }

    private JsonNode log(String id) {
        try {
            JsonNode answer = Json.read(ulric.get("/log/" + id).body(), JsonNode.class);
            assertEquals("", answer.path("msg").asText());
            return answer.path("data");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
