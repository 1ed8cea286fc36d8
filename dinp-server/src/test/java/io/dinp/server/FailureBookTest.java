package io.dinp.server;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.config.Secret;
import io.dinp.server.agents.AgentTransport;
import io.dinp.server.core.Failure;
import io.dinp.server.core.NodeView;
import io.dinp.server.core.RealState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FailureBookTest {
    private static final String LOOPBACK = "127.0.0.1";

    private final AtomicLong clock = new AtomicLong(1_000);

    @Test
    void anInstanceWaitsForItsOutputTenSecondsAtMost() throws IOException {
        // Connections are taken and never answered.
        try (ServerSocket mute = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                AgentTransport agents = new AgentTransport(new Secret("token"))) {
            FailureBook book = new FailureBook(agents, clock::get, Map.of());
            book.take(failure("demo"), real(mute.getLocalPort()), (kept, event) -> {});

            assertTrue(book.needs("i1"));
            clock.addAndGet(10_000);
            assertFalse(book.needs("i1"));
        }
    }

    @Test
    void nothingIsKeptOfAnAppThatIsGone() {
        try (AgentTransport agents = new AgentTransport(new Secret("token"))) {
            FailureBook book = new FailureBook(agents, clock::get, Map.of());
            book.take(failure("demo"), new RealState(0, 0, new TreeMap<>()), (kept, event) -> {});
            book.take(failure("other"), new RealState(0, 0, new TreeMap<>()), (kept, event) -> {});

            assertTrue(book.of("demo", "r1").isPresent());
            book.forget("demo");
            assertTrue(book.of("demo", "r1").isEmpty());
            assertTrue(book.of("other", "r1").isPresent());
        }
    }

    private static Failure failure(String app) {
        return new Failure(app, "r1", 1_000, "exit", "exited with code 3", LOOPBACK, "i1", 3, false);
    }

    private static RealState real(int agentPort) {
        NodeView node = new NodeView(LOOPBACK, agentPort, true, 0, 0, 1024, 0, 1024, Set.of(), Map.of(), 0, List.of());
        return new RealState(0, 1, new TreeMap<>(Map.of(LOOPBACK, node)));
    }
}
