package io.dinp.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dinp.common.config.Secret;
import io.dinp.common.http.JsonClient;
import io.dinp.common.model.HostPort;
import io.dinp.common.rpc.RpcClient;
import io.dinp.common.rpc.RpcRefused;
import io.dinp.common.testing.Await;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The whole server in this process, with a real MySQL and Redis, an agent's and a router's double. */
class ServerIT {

    private static final Logger log = LoggerFactory.getLogger(ServerIT.class);
    private static final Duration SOON = Duration.ofSeconds(20);

    private TestServer server;
    private TestAgent agent;
    private TestRouter router;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer();
        router = new TestRouter(TestServer.REDIS);
        router.start();
        agent = new TestAgent(TestServer.ownAddresses().get(0), server.rpcPort(), TestServer.TOKEN);
        agent.start();
    }

    @AfterEach
    void stop() {
        agent.close();
        router.close();
        server.close();
    }

    private int status() {
        return (int) server.number("select status from app where name = 'demo'");
    }

    private List<String> routed() {
        return server.routed("demo");
    }

    private int statusOf(JsonClient from, String method, String path) throws IOException {
        return server.statusOf(from, method, path, null);
    }

    private void deploy(int instances) throws SQLException {
        server.sql(
                "insert into app(name,creator,image,memory,instance) values('demo',1,'demo:1',128," + instances + ")");
        Await.until(SOON, "routed", () -> routed().size() == instances);
        Await.until(
                SOON,
                "done",
                () -> "done".equals(server.get("/status/demo").path("state").asText()));
    }

    @Test
    void fromRowToRouteToNothing() throws Exception {
        long begin = System.nanoTime();
        deploy(2);
        log.info("row to route took {} ms", (System.nanoTime() - begin) / 1_000_000);
        assertEquals("/rs/demo.apps.io", server.redis.keys("/rs/*").iterator().next());
        assertEquals(1, server.redis.hgetAll("/meta/apps").size());

        server.sql("update app set image = 'demo:2' where name = 'demo'");
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

        server.sql("delete from app");
        Await.until(
                SOON,
                "gone",
                () -> agent.instances().isEmpty() && server.redis.keys("/rs/*").isEmpty());
        assertTrue(server.redis.hgetAll("/meta/apps").isEmpty());
    }

    @Test
    void aFailedDeployIsToldInTheRowAndNotTriedAgain() throws Exception {
        deploy(1);
        String endpoint = routed().get(0);
        server.sql("update app set image = 'nopull:1' where name = 'demo'");

        Await.until(SOON, "given up", () -> status() == 2);
        Await.until(SOON, "tidy", () -> agent.instances().size() == 1);
        assertEquals(List.of(endpoint), routed());
        assertTrue(server.get("/status/demo").path("reason").asText().contains("manifest unknown"));
        assertTrue(server.get("/events?app=demo").findValuesAsText("kind").contains("deploy-failed"));
        Await.until(
                SOON,
                "its output is told",
                () -> server.get("/events?app=demo").findValuesAsText("kind").contains("last-output"));
        assertWhy(server.get("/status/demo").path("failure"));
        server.restart();
        Await.until(SOON, "planned", () -> !server.statusField("demo", "state").isEmpty());
        assertWhy(server.get("/status/demo").path("failure"));

        server.sql("update app set image = 'demo:3', status = 0 where name = 'demo'");
        Await.until(SOON, "mended", () -> agent.images().equals(List.of("demo:3")));
        Await.until(SOON, "status", () -> status() == 0);
    }

    private void assertWhy(JsonNode failure) {
        assertEquals("pull", failure.path("stage").asText());
        assertEquals(agent.ip, failure.path("node").asText());
        assertFalse(failure.hasNonNull("exitCode"), "nothing has exited");
        assertEquals("starting", failure.path("log").path(0).asText());
        assertEquals("out of luck", failure.path("log").path(1).asText());
    }

    @Test
    void redisThatLostItsDataIsFilledAgainUnderANewEpoch() throws Exception {
        deploy(2);
        String epoch = server.redis.get("/meta/epoch");
        List<String> before = routed();
        server.redis.flushAll();

        Await.until(Duration.ofSeconds(5), "routes are back", () -> routed().equals(before));
        assertFalse(server.redis.get("/meta/epoch").equals(epoch));
        assertEquals(2, agent.instances().size());
    }

    @Test
    void aRestartedServerGoesOnWhereTheOtherStopped() throws Exception {
        deploy(2);
        List<String> before = routed();
        int orders = agent.orders.get();
        server.restart();

        Await.until(SOON, "in order", () -> {
            try {
                return statusOf(server.client, "GET", "/status/demo") == 200
                        && "done"
                                .equals(server.get("/status/demo").path("state").asText())
                        && server.get("/status/demo").path("instances").size() == 2;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        server.sql("update app set instance = 3 where name = 'demo'");
        Await.until(SOON, "scaled", () -> routed().size() == 3);
        assertTrue(routed().containsAll(before));
        assertEquals(orders + 1, agent.orders.get());
    }

    /** A beat may come between two looks: without what it renews. */
    private static JsonNode timeless(JsonNode container) {
        ObjectNode copy = container.deepCopy();
        copy.remove(List.of("UpdateAt", "Status"));
        return copy;
    }

    @Test
    void theApiHasTheOriginalsFormAndWantsTheToken() throws Exception {
        deploy(1);
        String instance = agent.instances().get(0);
        JsonNode container =
                server.get("/real").path("M").path("demo").path("M").path(agent.ip + "-c" + instance);
        assertEquals("demo:1", container.path("Image").asText());
        assertTrue(container.path("Ports").path(0).path("PublicPort").asInt() >= 20_000);
        assertEquals(timeless(container), timeless(server.get("/app/demo").path(0)));
        assertEquals(agent.ip, server.get("/nodes").path(agent.ip).path("Ip").asText());
        Await.until(
                SOON,
                "router is known",
                () -> "r1".equals(server.get("/routers").path(0).path("id").asText()));
        assertEquals(404, statusOf(server.client, "GET", "/app/unknown"));
        assertEquals(404, statusOf(server.client, "POST", "/instance/unknown/replace"));
        assertEquals(202, statusOf(server.client, "POST", "/signal"));

        JsonClient stranger = new JsonClient("server", Secret.NONE, Duration.ofSeconds(5));
        assertEquals(200, statusOf(stranger, "GET", "/health"));
        for (String path : List.of("/nodes", "/real", "/app/demo", "/status/demo", "/events", "/routers", "/metrics")) {
            assertEquals(401, statusOf(stranger, "GET", path), path);
        }
        assertEquals(401, statusOf(stranger, "POST", "/signal"));

        assertEquals(
                400, server.statusOf(server.client, "POST", "/instance/" + instance + "/replace", List.of("restart")));
        assertEquals(
                202,
                server.statusOf(
                        server.client,
                        "POST",
                        "/instance/" + instance + "/replace",
                        Map.of("reason", "restart asked for by ann", "restart", true)));
        Await.until(
                SOON,
                "replaced",
                () -> agent.instances().size() == 1 && !agent.instances().contains(instance) && routed().size() == 1);
    }

    @Test
    void heartbeatsWithoutTheTokenAreRefused() {
        try (RpcClient rpc = new RpcClient(new HostPort("127.0.0.1", server.rpcPort()), Duration.ofSeconds(2))) {
            Map<String, Object> beat = Map.of("Ip", "10.9.9.9", "MemFree", 1, "Containers", List.of());
            assertThrows(RpcRefused.class, () -> rpc.call("NodeState.Push", beat));
            assertThrows(RpcRefused.class, () -> rpc.call("NodeState.NodeDown", agent.ip));
        }
        assertTrue(server.get("/nodes").path("10.9.9.9").isMissingNode());
    }
}
