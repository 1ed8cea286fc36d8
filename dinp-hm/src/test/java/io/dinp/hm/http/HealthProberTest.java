package io.dinp.hm.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.hm.core.Probe;
import io.dinp.hm.core.Target;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthProberTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    @ParameterizedTest
    @CsvSource({
        "200, ok, true, status 200",
        "204, '', false, status 204 but the body lacks",
        "302, all is ok, true, status 302",
        "200, sorry, false, status 200 but the body lacks",
        "404, ok, false, status 404",
        "500, ok, false, status 500",
    })
    void judgesStatusAndSign(int status, String body, boolean healthy, String finding) throws Exception {
        Probe probe = probe("ok", "HTTP/1.1 " + status + " Whatever\r\nX: y\r\n\r\n" + body);
        assertEquals(healthy, probe.healthy());
        assertTrue(probe.finding().startsWith(finding), probe.finding());
    }

    @Test
    void withoutASignTheStatusAloneCounts() throws Exception {
        assertTrue(probe("", "HTTP/1.0 204 No Content\r\n\r\n").healthy());
    }

    @Test
    void whatIsNotHttpIsNotHealthy() throws Exception {
        assertEquals("no HTTP answer", probe("ok", "ok\n").finding());
    }

    @Test
    void aSignInTheHeadersDoesNotCount() throws Exception {
        assertFalse(probe("ok", "HTTP/1.1 200 ok\r\nX: ok\r\n\r\nno").healthy());
    }

    @Test
    void aSilentInstanceFailsAtTheDeadline() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                HealthProber prober = new HealthProber(Duration.ofMillis(200), "ok", 4)) {
            Probe probe = prober.probe(List.of(target(server.getLocalPort()))).get(0);
            assertFalse(probe.healthy());
            assertTrue(probe.finding().toLowerCase(Locale.ROOT).contains("time"), probe.finding());
        }
    }

    @Test
    void aClosedPortFails() throws Exception {
        int port;
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            port = server.getLocalPort();
        }
        try (HealthProber prober = new HealthProber(TIMEOUT, "ok", 4)) {
            Probe probe = prober.probe(List.of(target(port))).get(0);
            assertFalse(probe.healthy());
            assertEquals("Connection refused", probe.finding());
        }
    }

    @ParameterizedTest
    @CsvSource({"/health, true", "/a?b=c, true", "health, false", "'/a b', false", "'', false"})
    void knowsWhatCanBeAskedFor(String path, boolean right) {
        assertEquals(right, HealthProber.isPath(path));
    }

    private static Probe probe(String sign, String answer) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                HealthProber prober = new HealthProber(TIMEOUT, sign, 4)) {
            Thread app = new Thread(() -> answerOnce(server, answer), "app");
            app.start();
            Probe probe = prober.probe(List.of(target(server.getLocalPort()))).get(0);
            app.join();
            return probe;
        }
    }

    private static void answerOnce(ServerSocket server, String answer) {
        try (Socket socket = server.accept()) {
            InputStream in = socket.getInputStream();
            StringBuilder request = new StringBuilder();
            while (request.indexOf("\r\n\r\n") < 0) {
                request.append((char) in.read());
            }
            assertTrue(request.toString().startsWith("GET /health HTTP/1.0\r\n"));
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Target target(int port) {
        return new Target("demo", "i1", "127.0.0.1", port, "/health");
    }
}
