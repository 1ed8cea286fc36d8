package io.dinp.agent.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dinp.common.config.Secret;
import io.dinp.common.model.HeartbeatReply;
import io.dinp.common.model.HostPort;
import io.dinp.common.model.NodeReport;
import io.dinp.common.rpc.RpcLimits;
import io.dinp.common.rpc.RpcMethod;
import io.dinp.common.rpc.RpcServer;
import io.dinp.common.testing.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class HeartbeatsTest {
    private static final Duration SOON = Duration.ofSeconds(5);

    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final List<Collection<Integer>> released = new CopyOnWriteArrayList<>();

    @Test
    void aServerThatHangsDelaysNoOther() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
                RpcServer server = server(0);
                Heartbeats beats = beats(silent.getLocalPort(), server.port())) {
            beats.start();
            beats.beat(report(1));
            Await.until(SOON, "the first beat", () -> heard.contains("1"));
            beats.beat(report(2));
            Await.until(SOON, "the second beat", () -> heard.contains("2"));
            Await.until(SOON, "the ports of the answer", () -> released.size() == 2);
            assertEquals(List.of(20001), released.get(0));
        }
    }

    @Test
    void aServerThatComesBackIsToldAgain() throws Exception {
        RpcServer first = server(0);
        int port = first.port();
        try (Heartbeats beats = beats(port)) {
            beats.start();
            beats.beat(report(1));
            Await.until(SOON, "the first beat", () -> heard.contains("1"));
            first.close();
            try (RpcServer second = restarted(port)) {
                assertEquals(port, second.port());
                beats.beat(report(2));
                Await.until(SOON, "the beat over a new connection", () -> heard.contains("2"));
            }
        }
    }

    @Test
    void nodeDownCarriesAddressAndToken() throws Exception {
        try (RpcServer server = server(0);
                Heartbeats beats = beats(server.port())) {
            beats.start();
            beats.nodeDown("10.0.0.1");
            Await.until(SOON, "NodeDown", () -> heard.contains("[\"10.0.0.1\",\"secret\"]"));
        }
    }

    /** The port is free again only when the kernel has ended the old connections. */
    private RpcServer restarted(int port) {
        AtomicReference<RpcServer> server = new AtomicReference<>();
        Await.until(SOON, "the port is free", () -> {
            try {
                server.set(server(port));
                return true;
            } catch (IOException e) {
                return false;
            }
        });
        return server.get();
    }

    private Heartbeats beats(int... ports) {
        List<HostPort> servers = Arrays.stream(ports)
                .mapToObj(port -> new HostPort("127.0.0.1", port))
                .toList();
        return new Heartbeats(servers, Duration.ofSeconds(2), new Secret("secret"), released::add);
    }

    private RpcServer server(int port) throws IOException {
        RpcMethod push = params -> {
            heard.add(params.get(0).get("Seq").asText());
            return new HeartbeatReply(0, List.of(20001));
        };
        RpcMethod down = params -> {
            heard.add(params.toString());
            return new HeartbeatReply(0, List.of());
        };
        return RpcServer.bind(
                        "test",
                        "127.0.0.1",
                        port,
                        Map.of("NodeState.Push", push, "NodeState.NodeDown", down),
                        RpcLimits.standard())
                .start();
    }

    private static NodeReport report(long seq) {
        return new NodeReport(
                "10.0.0.1", 1, List.of(), "n", "dinp", seq, "b", 1, 0, 1971, List.of(), Map.of(), List.of(), "t", "v");
    }
}
