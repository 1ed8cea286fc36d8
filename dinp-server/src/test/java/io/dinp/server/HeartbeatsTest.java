package io.dinp.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import io.dinp.common.config.Secret;
import io.dinp.common.json.Json;
import io.dinp.common.model.HeartbeatReply;
import io.dinp.server.core.RouteView;
import io.dinp.server.rpc.Heartbeats;
import io.dinp.server.state.ClusterState;
import io.dinp.server.state.RouterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What a node may say wrongly: it is refused by name, told once, and changes nothing for the others. */
class HeartbeatsTest {

    private final ClusterState cluster = new ClusterState("dinp", 15_000, 0);
    private final AtomicInteger news = new AtomicInteger();
    private final Heartbeats heartbeats = new Heartbeats(
            cluster,
            new RouterRegistry(),
            RouteView::unknown,
            new Secret("token"),
            false,
            () -> 1_000,
            news::incrementAndGet);
    private final ListAppender<ILoggingEvent> told = new ListAppender<>();

    @BeforeEach
    void listen() {
        told.start();
        ((Logger) LoggerFactory.getLogger(Heartbeats.class)).addAppender(told);
    }

    @AfterEach
    void stopListening() {
        ((Logger) LoggerFactory.getLogger(Heartbeats.class)).detachAppender(told);
    }

    private static Map<String, Object> beat(String ip, String node) {
        return new HashMap<>(Map.of("Ip", ip, "Node", node, "Cluster", "dinp", "Token", "token", "CapacityMb", 1024));
    }

    private int push(Map<String, Object> beat) {
        return code("NodeState.Push", beat);
    }

    private int code(String method, Object param) {
        try {
            JsonNode params = Json.mapper().valueToTree(List.of(param));
            return ((HeartbeatReply) heartbeats.methods().get(method).call(params)).code();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private void assertRefusedOnce(Map<String, Object> beat, String words) {
        told.list.clear();
        int before = news.get();
        for (int i = 0; i < 5; i++) {
            assertEquals(1, push(beat));
        }
        assertEquals(1, told.list.size());
        assertTrue(told.list.get(0).getFormattedMessage().contains(words), () -> told.list.toString());
        assertEquals(before, news.get(), "nobody has to plan for it");
    }

    @Test
    void aSecondNodeUnderAnAddressOrAnIdentityIsToldOnce() {
        assertEquals(0, push(beat("10.0.0.1", "n1")));

        assertRefusedOnce(beat("10.0.0.1", "n2"), "address 10.0.0.1 is that of node n1");
        assertRefusedOnce(beat("10.0.0.2", "n1"), "node n1 beats from 10.0.0.1 already");
        assertEquals(1, cluster.snapshot(1_000).nodes().size());
        assertEquals(0, push(beat("10.0.0.1", "n1")), "the first one goes on");
    }

    @Test
    void aNodeOfAnotherClusterIsToldOnce() {
        Map<String, Object> beat = beat("10.0.0.3", "n3");
        beat.put("Cluster", "other");

        assertRefusedOnce(beat, "node belongs to cluster other, not to dinp");
        assertTrue(cluster.snapshot(1_000).nodes().isEmpty());
    }

    @Test
    void anUnknownNodeThatIsDownIsNoNews() {
        Map<String, Object> down = Map.of("Ip", "10.0.0.9", "Token", "token");

        assertEquals(0, code("NodeState.NodeDown", down));
        assertEquals(0, news.get());
        assertTrue(cluster.snapshot(1_000).nodes().isEmpty());
    }

    @Test
    void aBeatThatIsNoBeatIsRefusedByName() {
        for (String ip : List.of("", "127.0.0.1", "::1", "host")) {
            Exception refusal = assertThrows(IllegalArgumentException.class, () -> push(beat(ip, "n1")));
            assertTrue(refusal.getMessage().startsWith("Ip must be the node's own IPv4 address"), refusal.getMessage());
        }
        Map<String, Object> stranger = beat("10.0.0.1", "n1");
        stranger.put("Token", "guess");
        told.list.clear();
        for (int i = 0; i < 3; i++) {
            assertThrows(IllegalArgumentException.class, () -> push(stranger));
        }
        assertEquals(1, told.list.size());
        assertFalse(told.list.get(0).getFormattedMessage().contains("guess"));
        assertTrue(cluster.snapshot(1_000).nodes().isEmpty());
    }
}
