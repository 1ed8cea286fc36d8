package io.dinp.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.config.Secret;
import io.dinp.common.http.JsonClient;
import io.dinp.common.testing.Await;
import java.io.IOException;
import java.time.Duration;
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
        server = new TestServer(Map.of("interval", 1, "staleIntervals", 3));
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

    private long rows() {
        return server.number("select count(*) from node where ip = '" + DEAD + "'");
    }

    @Test
    void aDeadNodeIsForgottenAndALivingOneIsNot() {
        JsonClient stranger = new JsonClient("server", Secret.NONE, SOON);
        assertEquals(401, delete(stranger, DEAD));
        assertEquals(409, delete(server.client, DEAD), "silent for too short a time to call it dead");
        assertEquals(1, rows());

        Await.until(SOON, "forgotten", () -> delete(server.client, DEAD) == 202);
        Await.until(
                SOON,
                "out of MySQL, and told",
                () -> rows() == 0
                        && server.get("/events").findValuesAsText("kind").contains("node-forgotten"));
        assertEquals(404, delete(server.client, DEAD));
        assertEquals(409, delete(server.client, agent.ip));
        assertTrue(server.get("/nodes").has(agent.ip));
    }
}
