package io.dinp.builder.web;

import io.dinp.builder.BuildQueue;
import io.dinp.builder.BuildRun;
import io.dinp.builder.BuilderConfig;
import io.dinp.builder.core.ImageNaming;
import io.dinp.builder.docker.ImageBuilder;
import io.dinp.builder.docker.ImageBuilder.Registry;
import io.dinp.builder.docker.TestRegistry;
import io.dinp.builder.files.BuildLogs;
import io.dinp.builder.files.Templates;
import io.dinp.builder.mysql.BuildStore;
import io.dinp.common.config.Dsn;
import io.dinp.common.config.Secret;
import io.dinp.common.daemon.Health;
import io.dinp.common.db.Database;
import io.dinp.common.db.Migrations;
import io.dinp.common.sso.CsrfTokens;
import io.dinp.common.sso.SsoClient;
import io.dinp.common.testing.Containers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.servlet.ServletException;

/** The builder of one test JVM, as {@code BuilderMain} wires it; JFinal allows no second one. */
public final class TestBuilder implements AutoCloseable {
    private static final Map<String, String> BASES = Map.of("binary", "FROM x\n", "gunicorn", "FROM x\n");

    private final AtomicBoolean ready = new AtomicBoolean(true);
    private final Health health = new Health();
    private final BuilderConfig config;
    private final Database database;
    private final BuildStore store;
    private final BuildQueue queue;
    private final BuilderWeb web;

    private TestBuilder(BuilderConfig config) throws IOException {
        this.config = config;
        this.database = Database.open(config.database(), "builder-test", 4);
        this.store = new BuildStore(database);
        this.queue = queueFor(config.registry().address(), config.templates());
        this.web = new BuilderWeb(new WebParts(
                config,
                Templates.of(config.templates()),
                new ImageNaming(config.registry().address()),
                store,
                new BuildLogs(config.logdir()),
                queue,
                new SsoClient(config.uicInternal(), config.uicExternal(), config.token()),
                new CsrfTokens("builder", config.token()),
                health,
                ready::get));
        web.open();
    }

    /** A builder whose MySQL never answers. */
    static TestBuilder withoutDatabase(Path directory, FakeUic uic) throws IOException {
        Dsn nowhere = Dsn.mysql("root:x@tcp(127.0.0.1:1)/dinp");
        return new TestBuilder(config(directory, uic, nowhere, "127.0.0.1:1", BASES));
    }

    /** A builder on the containers' MySQL. */
    public static TestBuilder withDatabase(Path directory, FakeUic uic, String registry, Map<String, String> templates)
            throws IOException, SQLException {
        Dsn dsn = Containers.emptyDatabase();
        TestBuilder builder = new TestBuilder(config(directory, uic, dsn, registry, templates));
        Migrations.migrate(builder.database);
        return builder;
    }

    /** Another queue on the same table and logs, which pushes to another registry. */
    public BuildQueue queueFor(String registry, Map<String, String> templates) {
        Registry target = new Registry(registry, "", Secret.NONE);
        BuildRun run = new BuildRun(
                config, Templates.of(templates), new ImageBuilder(config.docker(), target, config.buildMemoryMb()));
        return new BuildQueue(config, run, store, new BuildLogs(config.logdir()), health);
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + config.httpport());
    }

    public BuildStore store() {
        return store;
    }

    Health health() {
        return health;
    }

    void ready(boolean value) {
        ready.set(value);
    }

    HttpResponse<String> metrics(String token) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri().resolve("/metrics"))
                .header("Authorization", "Bearer " + token)
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    }

    @Override
    public void close() throws ServletException {
        web.close();
        queue.close();
        database.close();
    }

    private static BuilderConfig config(
            Path directory, FakeUic uic, Dsn dsn, String registry, Map<String, String> templates) throws IOException {
        return new BuilderConfig(
                "127.0.0.1",
                freePort(),
                "",
                dsn,
                4,
                directory.resolve("tmp"),
                directory.resolve("log"),
                Duration.ofMinutes(5),
                256,
                2,
                10,
                1,
                true,
                TestRegistry.ENGINE,
                new Registry(registry, "", Secret.NONE),
                templates,
                uic.uri(),
                uic.uri(),
                new Secret(FakeUic.TOKEN));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
