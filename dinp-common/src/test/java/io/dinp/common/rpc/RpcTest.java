package io.dinp.common.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.dinp.common.model.HeartbeatReply;
import io.dinp.common.model.HostPort;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RpcTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String PUSH = "{\"method\":\"NodeState.Push\",\"params\":[{\"Ip\":\"10.0.0.1\"}],\"id\":0}";

    private final CountDownLatch never = new CountDownLatch(1);
    private final List<AutoCloseable> open = new ArrayList<>();
    private RpcServer server;

    @BeforeEach
    void start() throws IOException {
        server = start(0, new RpcLimits(8, 4, 2000, Duration.ofMillis(500), Duration.ofMillis(500)));
    }

    @AfterEach
    void stop() throws Exception {
        never.countDown();
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    private RpcServer start(int port, RpcLimits limits) throws IOException {
        Map<String, RpcMethod> methods = Map.of(
                "NodeState.Push", params -> new HeartbeatReply(0, List.of()),
                "Echo", params -> params.path(0),
                "Refuse",
                        params -> {
                            throw new IllegalStateException("not with this token");
                        },
                "Hang",
                        params -> {
                            never.await();
                            return null;
                        });
        RpcServer started =
                RpcServer.bind("rpc", "127.0.0.1", port, methods, limits).start();
        open.add(started);
        return started;
    }

    @Test
    void aHeartbeatByHandIsAnsweredAsTheContractSays() throws IOException {
        Talk talk = talk();
        talk.send(PUSH);
        assertEquals("{\"id\":0,\"result\":{\"Code\":0,\"ReleasedPorts\":[]},\"error\":null}", talk.line());
    }

    @Test
    void oneConnectionCarriesManyCallsHoweverTheyAreCut() throws IOException {
        Talk talk = talk();
        talk.send(
                "{\"method\":\"Echo\",\"params\":[1],\"id\":1}{\"method\":\"Echo\",\"params\":[2],\"id\":\"b\"}\n\n  {\"method\":");
        assertEquals("{\"id\":1,\"result\":1,\"error\":null}", talk.line());
        assertEquals("{\"id\":\"b\",\"result\":2,\"error\":null}", talk.line());
        talk.send("\"Echo\",\"params\":[3],\"id\":3}");
        assertEquals("{\"id\":3,\"result\":3,\"error\":null}", talk.line());
    }

    @Test
    void errorsKeepTheConnection() throws IOException {
        Talk talk = talk();
        talk.send("{\"method\":\"No.Such\",\"params\":[],\"id\":2}");
        assertEquals("{\"id\":2,\"result\":null,\"error\":\"rpc: can't find method No.Such\"}", talk.line());
        talk.send("{\"method\":\"Refuse\",\"params\":[],\"id\":3}");
        assertEquals("{\"id\":3,\"result\":null,\"error\":\"rpc: not with this token\"}", talk.line());
        talk.send(PUSH);
        assertTrue(talk.line().contains("\"Code\":0"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\n\r\n", "}{}{", "{\"method\": nonsense}", "{\"a\":1]"})
    void senselessInputIsToldAndEndsTheConnection(String input) throws IOException {
        Talk talk = talk();
        talk.send(input);
        String answer = talk.line();
        assertTrue(answer.startsWith("{\"id\":null,\"result\":null,\"error\":\"rpc: not JSON"), answer);
        assertNull(talk.line());
        assertStillServes();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "[]", "\"text\"", "null", "{}"})
    void whatIsNoCallIsRefused(String input) throws IOException {
        Talk talk = talk();
        talk.send(input + "\n\n\n");
        String answer = talk.line();
        assertTrue(answer.contains("\"error\":\"rpc: "), answer);
    }

    @Test
    void aMessageTooLongTooDeepOrInTlsEndsTheConnection() throws IOException {
        for (String input :
                List.of("{\"method\":\"" + "x".repeat(3000), "[".repeat(1500), "\u0016\u0003\u0001\u0002")) {
            assertTimeoutPreemptively(LIMIT, () -> assertEnded(input));
        }
        assertStillServes();
    }

    @Test
    void aSilentClientAndOneThatNeverEndsItsMessageAreLetGo() throws IOException {
        for (String input : List.of("", "{", "   ")) {
            assertTimeoutPreemptively(LIMIT, () -> assertEnded(input));
        }
        assertStillServes();
    }

    @Test
    void oneAddressCannotTakeAllConnections() throws IOException {
        List<Talk> talks = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Talk talk = talk();
            talk.send(PUSH);
            assertNotEquals(null, talk.line());
            talks.add(talk);
        }
        assertTimeoutPreemptively(LIMIT, () -> assertEnded(""));
        talks.get(0).send(PUSH);
        assertNotEquals(null, talks.get(0).line());
    }

    @Test
    void theClientCallsAndIsRefused() throws IOException {
        RpcClient client = client(server.port());
        assertEquals(
                0,
                client.call("NodeState.Push", Map.of("Ip", "10.0.0.1"))
                        .path("Code")
                        .asInt(-1));
        JsonNode echo = client.call("Echo", "täxt");
        assertEquals("täxt", echo.asText());
        RpcRefused refused = assertThrows(RpcRefused.class, () -> client.call("Refuse"));
        assertTrue(refused.getMessage().contains("not with this token"), refused.getMessage());
        assertEquals("again", client.call("Echo", "again").asText());
    }

    @Test
    void theClientHasADeadline() {
        RpcClient client = client(server.port());
        IOException late =
                assertTimeoutPreemptively(LIMIT, () -> assertThrows(IOException.class, () -> client.call("Hang")));
        assertTrue(late.getMessage().contains("did not answer Hang within 300 ms"), late.getMessage());
    }

    @Test
    void aRestartedServerCostsNoCall() throws IOException {
        RpcClient client = client(server.port());
        client.call("Echo", 1);
        int port = server.port();
        server.close();
        RpcServer again = start(port, RpcLimits.standard());
        assertEquals(2, client.call("Echo", 2).asInt());
        again.close();
        assertThrows(IOException.class, () -> client.call("Echo", 3));
        start(port, RpcLimits.standard());
        assertEquals(4, client.call("Echo", 4).asInt());
    }

    @Test
    void aTakenPortIsNamed() throws IOException {
        try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            IOException taken =
                    assertThrows(IOException.class, () -> start(holder.getLocalPort(), RpcLimits.standard()));
            assertTrue(taken.getMessage().contains("127.0.0.1:" + holder.getLocalPort()), taken.getMessage());
        }
    }

    private RpcClient client(int port) {
        RpcClient client = new RpcClient(new HostPort("127.0.0.1", port), Duration.ofMillis(300));
        open.add(client);
        return client;
    }

    private void assertStillServes() throws IOException {
        assertEquals("x", client(server.port()).call("Echo", "x").asText());
    }

    /** The server has ended the connection when nothing more can be read. */
    private void assertEnded(String input) throws IOException {
        Talk talk = talk();
        talk.send(input);
        try {
            while (talk.line() != null) {
                assertTrue(true, "an answer may come before the end");
            }
        } catch (IOException e) {
            assertTrue(e.getMessage().contains("reset") || e.getMessage().contains("Broken"), e.getMessage());
        }
    }

    private Talk talk() throws IOException {
        Talk talk = new Talk(new Socket(InetAddress.getLoopbackAddress(), server.port()));
        open.add(talk);
        return talk;
    }

    private record Talk(Socket socket, BufferedReader answers) implements AutoCloseable {
        Talk(Socket socket) throws IOException {
            this(socket, new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8)));
        }

        void send(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        }

        String line() throws IOException {
            return answers.readLine();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
