package io.dinp.hm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.dinp.common.config.Dsn;
import io.dinp.common.config.Secret;
import io.dinp.common.daemon.Health;
import io.dinp.common.db.Database;
import io.dinp.common.db.Migrations;
import io.dinp.common.testing.Containers;
import io.dinp.hm.core.Policy;
import io.dinp.hm.http.HealthProber;
import io.dinp.hm.http.ServerClient;
import io.dinp.hm.mysql.HealthPaths;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rounds against a real MySQL, real sockets for the apps, and a server that answers as the contract says. */
class HmLoopIT {
    private static final String TOKEN = "server-token";
    private static final Policy AT_ONCE = new Policy(Duration.ofSeconds(5), Duration.ZERO, 3, Duration.ZERO);

    private final Map<Integer, Integer> statusOf = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final Health health = new Health();
    private Database database;
    private HttpServer first;
    private HttpServer second;
    private HttpServer server;
    private HealthProber prober;
    private HmLoop loop;
    private volatile int replaceStatus = 202;

    @BeforeEach
    void start() throws Exception {
        Dsn dsn = Containers.emptyDatabase();
        database = Database.open(dsn, "hm-test", 2);
        Migrations.migrate(database);
        sql("insert into app(name, creator, image, memory, instance, health) values ('demo', 1, 'i', 64, 2, '/health'),"
                + " ('quiet', 1, 'i', 64, 1, '')");
        first = app();
        second = app();
        server = listen();
        server.createContext("/real", exchange -> {
            boolean known =
                    ("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"));
            send(exchange, known ? 200 : 401, real());
        });
        server.createContext("/instance/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
            send(exchange, replaceStatus, "{\"msg\":\"\"}");
        });
        prober = new HealthProber(Duration.ofSeconds(1), "ok", 4);
        loop = loop(database);
    }

    @AfterEach
    void stop() {
        prober.close();
        database.close();
        List.of(first, second, server).forEach(s -> s.stop(0));
    }

    @Test
    void asksForTheReplacementOfASickInstance() {
        loop.tick();
        statusOf.put(port(first), 500);
        loop.tick();
        loop.tick();
        assertEquals(List.of(), asked);
        loop.tick();
        assertEquals(1, asked.size());
        assertTrue(
                asked.get(0).startsWith("POST /instance/i1/replace {\"reason\":\"health check at 127.0.0.1:"),
                asked.get(0));
        assertTrue(asked.get(0).contains("failed 3 times") && asked.get(0).contains("status 500"), asked.get(0));
        loop.tick();
        assertEquals(2, asked.size());
        assertTrue(asked.get(1).startsWith("POST /instance/i1/replace"), "the wish is repeated while it holds");
        assertEquals("ok", health.text());
    }

    @Test
    void aRefusedWishIsRepeated() {
        replaceStatus = 409;
        statusOf.put(port(first), 500);
        for (int i = 0; i < 4; i++) {
            loop.tick();
        }
        assertEquals(2, asked.size());
    }

    @Test
    void withoutTheServerNothingIsJudged() {
        statusOf.put(port(first), 500);
        loop.tick();
        loop.tick();
        server.removeContext("/real");
        loop.tick();
        assertTrue(health.text().startsWith("server: "), health.text());
        assertEquals(List.of(), asked);
    }

    @Test
    void withoutMysqlNothingIsJudged() {
        statusOf.put(port(first), 500);
        try (Database away = Database.open(Dsn.mysql("root:x@tcp(127.0.0.1:1)/dinp"), "away", 1)) {
            HmLoop blind = loop(away);
            for (int i = 0; i < 4; i++) {
                blind.tick();
            }
        }
        assertTrue(health.text().startsWith("mysql: "), health.text());
        assertFalse(health.isOk());
        assertEquals(List.of(), asked);
    }

    private HmLoop loop(Database paths) {
        URI real = URI.create("http://127.0.0.1:" + port(server) + "/real");
        return new HmLoop(
                new HealthPaths(paths),
                new ServerClient(real, new Secret(TOKEN)),
                prober,
                AT_ONCE,
                health,
                Clock.systemUTC());
    }

    private String real() {
        return "{\"M\":{\"demo\":{\"M\":{" + container("i1", port(first)) + "," + container("i2", port(second))
                + ",\"n-3\":{\"Id\":\"c3\",\"Ip\":\"127.0.0.1\",\"AppName\":\"demo\",\"Ports\":[]}},\"ToUpdate\":false},"
                + "\"quiet\":{\"M\":{" + container("i4", 1) + "},\"ToUpdate\":false}}}";
    }

    private static String container(String instance, int port) {
        return "\"127.0.0.1-" + instance + "\":{\"Id\":\"c-" + instance + "\",\"Ip\":\"127.0.0.1\",\"Instance\":\""
                + instance + "\",\"AppName\":\"demo\",\"Ports\":[{\"PublicPort\":" + port
                + "}],\"Status\":\"Up\",\"UpdateAt\":1}";
    }

    private HttpServer app() throws IOException {
        HttpServer app = listen();
        app.createContext("/health", exchange -> send(exchange, statusOf.getOrDefault(port(app), 200), "ok"));
        return app;
    }

    private static HttpServer listen() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
        return server;
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static int port(HttpServer server) {
        return server.getAddress().getPort();
    }

    private void sql(String statement) throws SQLException {
        database.write(connection -> {
            try (Statement sql = connection.createStatement()) {
                return sql.executeUpdate(statement);
            }
        });
    }
}
