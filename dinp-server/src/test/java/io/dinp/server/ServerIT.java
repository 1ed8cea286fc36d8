package io.dinp.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.dinp.common.config.Dsn;
import io.dinp.common.config.Secret;
import io.dinp.common.config.Settings;
import io.dinp.common.daemon.Lifecycle;
import io.dinp.common.db.Database;
import io.dinp.common.http.JsonClient;
import io.dinp.common.json.Json;
import io.dinp.common.model.HostPort;
import io.dinp.common.rpc.RpcClient;
import io.dinp.common.rpc.RpcRefused;
import io.dinp.common.testing.Await;
import io.dinp.common.testing.Containers;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.RedisClient;

/** The whole server in this process, with a real MySQL and Redis, an agent's and a router's double. */
class ServerIT {

    private static final Logger log = LoggerFactory.getLogger(ServerIT.class);
    private static final Secret TOKEN = new Secret("it-token");
    private static final URI REDIS = Dsn.redis(Containers.redisAddress(), Containers.REDIS_PASSWORD);
    private static final String KEY = "/rs/demo.apps.io";
    private static final Duration SOON = Duration.ofSeconds(20);

    private final RedisClient redis = RedisClient.create(REDIS);
    private final Dsn dsn = Containers.emptyDatabase();
    private final Database database = Database.open(dsn, "it", 2);
    private final JsonClient client = new JsonClient("server", TOKEN, Duration.ofSeconds(5));
    private Lifecycle life;
    private Wiring.Ports ports;
    private TestAgent agent;
    private TestRouter router;

    @BeforeEach
    void start() throws Exception {
        redis.flushAll();
        startServer(0);
        router = new TestRouter(REDIS);
        router.start();
        agent = new TestAgent(ownAddress(), ports.rpc(), TOKEN);
        agent.start();
    }

    @AfterEach
    void stop() {
        agent.close();
        router.close();
        life.stop();
        database.close();
        redis.close();
    }

    /** An address of this machine that is not loopback: instances are never at a loopback address. */
    private static String ownAddress() throws Exception {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .map(InetAddress::getHostAddress)
                .findFirst()
                .orElseThrow();
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private void startServer(int rpcPort) throws Exception {
        String json = Json.write(Map.of(
                "token",
                TOKEN.value(),
                "db",
                Map.of("dsn", dsn.user() + ":" + dsn.password().value() + "@tcp(" + address() + ")/" + name()),
                "redis",
                Map.of("dsn", Containers.redisAddress(), "password", Containers.REDIS_PASSWORD.value()),
                "http",
                Map.of("addr", "127.0.0.1", "port", 0),
                "rpc",
                Map.of("addr", "127.0.0.1", "port", rpcPort == 0 ? freePort() : rpcPort)));
        Settings settings = Settings.parse("server", json, Map.of());
        ServerConfig config = ServerConfig.of(settings);
        settings.verify();
        life = new Lifecycle();
        ports = new Wiring(config, life).start();
    }

    private String address() {
        return dsn.jdbcUrl().replaceAll("jdbc:mysql://([^/]+)/.*", "$1");
    }

    private String name() {
        return dsn.jdbcUrl().replaceAll("jdbc:mysql://[^/]+/([^?]+).*", "$1");
    }

    private void sql(String text) throws SQLException {
        database.write(connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.executeUpdate(text);
            }
        });
    }

    private int status() {
        try {
            return database.read(connection -> {
                try (Statement statement = connection.createStatement();
                        ResultSet row = statement.executeQuery("select status from app where name = 'demo'")) {
                    row.next();
                    return row.getInt(1);
                }
            });
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> routed() {
        return redis.lrange(KEY, 0, -1);
    }

    private void deploy(int instances) throws SQLException {
        sql("insert into app(name,creator,image,memory,instance) values('demo',1,'demo:1',128," + instances + ")");
        Await.until(SOON, "routed", () -> routed().size() == instances);
        Await.until(
                SOON,
                "done",
                () -> "done".equals(get("/status/demo").path("state").asText()));
    }

    private JsonNode get(String path) {
        try {
            return client.get(URI.create("http://127.0.0.1:" + ports.http() + path), JsonNode.class);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private int statusOf(JsonClient from, String method, String path) throws Exception {
        return from.send(method, URI.create("http://127.0.0.1:" + ports.http() + path), null)
                .status();
    }

    @Test
    void fromRowToRouteToNothing() throws Exception {
        long begin = System.nanoTime();
        deploy(2);
        log.info("row to route took {} ms", (System.nanoTime() - begin) / 1_000_000);
        assertEquals("/rs/demo.apps.io", redis.keys("/rs/*").iterator().next());
        assertEquals(1, redis.hgetAll("/meta/apps").size());

        sql("update app set image = 'demo:2' where name = 'demo'");
        Await.until(
                SOON,
                "upgraded",
                () -> agent.images().equals(List.of("demo:2", "demo:2"))
                        && routed().size() == 2
                        && agent.instances().size() == 2);

        begin = System.nanoTime();
        String victim = routed().get(0);
        agent.kill(victim);
        Await.until(SOON, "out of the table", () -> !routed().contains(victim));
        log.info("killed instance out of the table after {} ms", (System.nanoTime() - begin) / 1_000_000);
        Await.until(SOON, "replaced", () -> routed().size() == 2);
        log.info("killed instance replaced and routed after {} ms", (System.nanoTime() - begin) / 1_000_000);
        Await.until(SOON, "remains removed", () -> agent.instances().size() == 2);
        assertEquals(0, status());

        sql("delete from app");
        Await.until(
                SOON,
                "gone",
                () -> agent.instances().isEmpty() && redis.keys("/rs/*").isEmpty());
        assertTrue(redis.hgetAll("/meta/apps").isEmpty());
    }

    @Test
    void aFailedDeployIsToldInTheRowAndNotTriedAgain() throws Exception {
        deploy(1);
        String endpoint = routed().get(0);
        sql("update app set image = 'nopull:1' where name = 'demo'");

        Await.until(SOON, "given up", () -> status() == 2);
        Await.until(SOON, "tidy", () -> agent.instances().size() == 1);
        assertEquals(List.of(endpoint), routed());
        assertTrue(get("/status/demo").path("reason").asText().contains("manifest unknown"));
        assertTrue(get("/events?app=demo").findValuesAsText("kind").contains("deploy-failed"));

        sql("update app set image = 'demo:3', status = 0 where name = 'demo'");
        Await.until(SOON, "mended", () -> agent.images().equals(List.of("demo:3")));
        Await.until(SOON, "status", () -> status() == 0);
    }

    @Test
    void redisThatLostItsDataIsFilledAgainUnderANewEpoch() throws Exception {
        deploy(2);
        String epoch = redis.get("/meta/epoch");
        List<String> before = routed();
        redis.flushAll();

        Await.until(Duration.ofSeconds(5), "routes are back", () -> routed().equals(before));
        assertFalse(redis.get("/meta/epoch").equals(epoch));
        assertEquals(2, agent.instances().size());
    }

    @Test
    void aRestartedServerGoesOnWhereTheOtherStopped() throws Exception {
        deploy(2);
        List<String> before = routed();
        int orders = agent.orders.get();
        int rpcPort = ports.rpc();
        life.stop();
        startServer(rpcPort);

        Await.until(SOON, "in order", () -> {
            try {
                return statusOf(client, "GET", "/status/demo") == 200
                        && "done".equals(get("/status/demo").path("state").asText())
                        && get("/status/demo").path("instances").size() == 2;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        sql("update app set instance = 3 where name = 'demo'");
        Await.until(SOON, "scaled", () -> routed().size() == 3);
        assertTrue(routed().containsAll(before));
        assertEquals(orders + 1, agent.orders.get());
    }

    @Test
    void theApiHasTheOriginalsFormAndWantsTheToken() throws Exception {
        deploy(1);
        String instance = agent.instances().get(0);
        JsonNode container = get("/real").path("M").path("demo").path("M").path(agent.ip + "-c" + instance);
        assertEquals("demo:1", container.path("Image").asText());
        assertTrue(container.path("Ports").path(0).path("PublicPort").asInt() >= 20_000);
        assertEquals(container, get("/app/demo").path(0));
        assertEquals(agent.ip, get("/nodes").path(agent.ip).path("Ip").asText());
        Await.until(
                SOON,
                "router is known",
                () -> "r1".equals(get("/routers").path(0).path("id").asText()));
        assertEquals(404, statusOf(client, "GET", "/app/unknown"));
        assertEquals(404, statusOf(client, "POST", "/instance/unknown/replace"));
        assertEquals(202, statusOf(client, "POST", "/signal"));

        JsonClient stranger = new JsonClient("server", Secret.NONE, Duration.ofSeconds(5));
        assertEquals(200, statusOf(stranger, "GET", "/health"));
        for (String path : List.of("/nodes", "/real", "/app/demo", "/status/demo", "/events", "/routers", "/metrics")) {
            assertEquals(401, statusOf(stranger, "GET", path), path);
        }
        assertEquals(401, statusOf(stranger, "POST", "/signal"));

        assertEquals(202, statusOf(client, "POST", "/instance/" + instance + "/replace"));
        Await.until(
                SOON,
                "replaced",
                () -> agent.instances().size() == 1 && !agent.instances().contains(instance) && routed().size() == 1);
    }

    @Test
    void heartbeatsWithoutTheTokenAreRefused() {
        try (RpcClient rpc = new RpcClient(new HostPort("127.0.0.1", ports.rpc()), Duration.ofSeconds(2))) {
            Map<String, Object> beat = Map.of("Ip", "10.9.9.9", "MemFree", 1, "Containers", List.of());
            assertThrows(RpcRefused.class, () -> rpc.call("NodeState.Push", beat));
            assertThrows(RpcRefused.class, () -> rpc.call("NodeState.NodeDown", agent.ip));
        }
        assertTrue(get("/nodes").path("10.9.9.9").isMissingNode());
    }
}
