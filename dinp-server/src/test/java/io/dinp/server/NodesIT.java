package io.dinp.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.dinp.common.config.Secret;
import io.dinp.common.http.JsonClient;
import io.dinp.common.metrics.Metrics;
import io.dinp.common.model.HostPort;
import io.dinp.common.rpc.RpcClient;
import io.dinp.common.testing.Await;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node that is gone for good is forgotten by command, with everything that waits for it. */
class NodesIT {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String DEAD = "10.255.255.1";

    private TestServer server;
    private TestAgent agent;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer(Map.of("interval", 1, "staleIntervals", 3, "drainSeconds", 1));
        server.sql("insert into node(ip, identity, agent_port, state, last_seen, labels)" + " values('" + DEAD
                + "', 'dead', 1971, 'lost', 1, '{}')");
        server.restart();
        agent = new TestAgent(TestServer.ownAddresses().get(0), server.rpcPort(), TestServer.TOKEN);
        agent.start();
        Await.until(SOON, "the living one beats", () -> server.get("/nodes").has(agent.ip));
    }

    @AfterEach
    void stop() {
        agent.close();
        server.close();
    }

    private int delete(JsonClient caller, String ip) {
        try {
            return server.statusOf(caller, "DELETE", "/nodes/" + ip, null);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private JsonNode node() {
        return server.get("/nodes").path(agent.ip);
    }

    private boolean isReady() {
        return "ready".equals(node().path("State").asText());
    }

    private int say(String path, Object body) throws IOException {
        return server.statusOf(server.client, "POST", "/nodes/" + path, body);
    }

    private String reason() {
        return server.statusField("demo", "reason");
    }

    private void insert(int instances) throws SQLException {
        server.sql(
                "insert into app(name,creator,image,memory,instance) values('demo',1,'demo:1',128," + instances + ")");
    }

    private void deployed(int instances) throws SQLException {
        insert(instances);
        Await.until(SOON, "done", () -> "done".equals(server.statusField("demo", "state")));
        assertEquals(instances, server.routed("demo").size());
    }

    @Test
    void aWishIsStoredAtOnceSurvivesARestartAndCanBeTakenBack() throws Exception {
        Await.until(SOON, "judged", this::isReady);
        JsonClient stranger = new JsonClient("server", Secret.NONE, SOON);
        assertEquals(401, server.statusOf(stranger, "POST", "/nodes/" + agent.ip + "/cordon", null));
        assertEquals(404, say("10.9.9.9/cordon", null));
        assertEquals(200, say(agent.ip + "/cordon", null));
        Await.until(SOON, "shown", () -> node().path("Cordoned").asBoolean());

        server.restart();
        Await.until(SOON, "still shown", () -> node().path("Cordoned").asBoolean() && isReady());
        insert(1);
        Await.until(SOON, "says where it would fit", () -> reason().contains(agent.ip + " is cordoned, it would fit"));
        assertEquals(200, say(agent.ip + "/uncordon", null));
        Await.until(SOON, "placed", () -> server.routed("demo").size() == 1);
        Await.until(SOON, "counted", () -> node().path("Instances").asInt() == 1);
        assertEquals(4096, node().path("Capacity").asInt());
        assertEquals("lost", server.get("/nodes").path(DEAD).path("State").asText());
        assertTrue(Metrics.text().contains("dinp_server_nodes{state=\"ready\"} 1.0"), Metrics::text);
    }

    @Test
    void aDrainByMysqlClientForcesNothingAndOneByApiEndsAtItsDeadline() throws Exception {
        deployed(2);
        Await.until(Duration.ofSeconds(30), "a new node is in MySQL", () -> rows(agent.ip) == 1);
        server.sql("update node set draining = 1 where ip = '" + agent.ip + "'");
        Await.until(SOON, "waits", () -> reason().contains(agent.ip + " is being drained"));
        Await.until(SOON, "shown", () -> node().path("Draining").asBoolean());
        assertEquals(0, node().path("DrainBy").asLong());
        assertEquals(2, server.routed("demo").size());

        assertEquals(400, say(agent.ip + "/drain", Map.of("deadlineSeconds", -1)));
        assertEquals(200, say(agent.ip + "/drain", Map.of("deadlineSeconds", 2)));
        Await.until(SOON, "empty", () -> node().path("Instances").asInt(-1) == 0);
        assertEquals(0, server.routed("demo").size());
        Await.until(
                SOON,
                "told",
                () -> server.get("/events").findValuesAsText("kind").contains("node-drained"));
        agent.close();
        Await.until(SOON, "removed", () -> delete(server.client, agent.ip) == 202);
        Await.until(SOON, "out of MySQL with its wish", () -> rows(agent.ip) == 0);
    }

    @Test
    void aSecondMachineUnderTheSameIdentityIsRefusedAndDisturbsNobody() throws Exception {
        deployed(1);
        List<String> before = server.routed("demo");
        Map<String, Object> beat = Map.of(
                "Ip", "10.9.9.9", "Node", "test-" + agent.ip, "Cluster", "dinp", "Token", TestServer.TOKEN.value());
        try (RpcClient clone = new RpcClient(new HostPort("127.0.0.1", server.rpcPort()), SOON)) {
            assertEquals(1, clone.call("NodeState.Push", beat).path("Code").asInt());
        }
        assertTrue(server.get("/nodes").path("10.9.9.9").isMissingNode());
        assertEquals(before, server.routed("demo"));
    }

    private long rows(String ip) {
        return server.number("select count(*) from node where ip = '" + ip + "'");
    }

    @Test
    void aDeadNodeIsForgottenAndALivingOneIsNot() {
        JsonClient stranger = new JsonClient("server", Secret.NONE, SOON);
        assertEquals(401, delete(stranger, DEAD));
        assertEquals(409, delete(server.client, DEAD), "silent for too short a time to call it dead");
        assertEquals(1, rows(DEAD));

        Await.until(SOON, "forgotten", () -> delete(server.client, DEAD) == 202);
        Await.until(
                SOON,
                "out of MySQL, and told",
                () -> rows(DEAD) == 0
                        && server.get("/events").findValuesAsText("kind").contains("node-forgotten"));
        assertEquals(404, delete(server.client, DEAD));
        assertEquals(409, delete(server.client, agent.ip));
        assertTrue(server.get("/nodes").has(agent.ip));
    }
}
