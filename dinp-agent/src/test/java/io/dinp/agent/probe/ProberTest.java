package io.dinp.agent.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProberTest {
    /** The port is fixed by the contract; an address of loopback that nobody else uses stands for a container. */
    private static final String CONTAINER = "127.71.80.80";

    private final Prober prober = new Prober(Duration.ofSeconds(5), Duration.ofSeconds(5));

    @Test
    void httpAndTcp() throws Exception {
        HttpServer app = HttpServer.create(new InetSocketAddress(CONTAINER, 8080), 8);
        app.createContext("/", exchange -> {
            boolean moved = exchange.getRequestURI().getPath().equals("/moved");
            byte[] body = "all well".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Location", "/sick");
            exchange.sendResponseHeaders(moved ? 302 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        app.createContext("/sick", exchange -> {
            exchange.sendResponseHeaders(500, -1);
            exchange.close();
        });
        app.createContext("/silent", exchange -> {});
        app.start();
        try {
            assertEquals(Optional.empty(), prober.probe(CONTAINER, "", ""));
            assertEquals(Optional.empty(), prober.probe(CONTAINER, "/health", "well"));
            assertEquals(Optional.empty(), prober.probe(CONTAINER, "health", ""));
            assertEquals(Optional.empty(), prober.probe(CONTAINER, "/moved", ""), "a redirection is not followed");
            String target = "GET http://" + CONTAINER + ":8080";
            assertEquals(Optional.of(target + "/sick: HTTP 500"), prober.probe(CONTAINER, "/sick", "ok"));
            assertEquals(
                    Optional.of(target + "/: HTTP 200 without \"ok\" in the body"), prober.probe(CONTAINER, "/", "ok"));
            Prober hasty = new Prober(Duration.ofSeconds(5), Duration.ofMillis(100));
            assertEquals(Optional.of(target + "/silent: Read timed out"), hasty.probe(CONTAINER, "/silent", ""));
        } finally {
            app.stop(0);
        }
    }

    /** An app that sends a byte now and then must not hold up the one who is to stop it. */
    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK\r\nX-Long: ", "HTTP/1.1 200 OK\r\n\r\n"})
    void anAnswerThatNeverEndsIsNone(String beginning) throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (ServerSocket app = new ServerSocket(8080, 8, InetAddress.getByName("127.71.80.82"))) {
            Thread server = new Thread(() -> trickle(app, beginning, over), "trickle");
            server.start();
            Prober hasty = new Prober(Duration.ofMillis(300), Duration.ofMillis(300));
            assertEquals(
                    Optional.of("GET http://127.71.80.82:8080/: no whole answer within 600 ms"),
                    assertTimeoutPreemptively(Duration.ofSeconds(5), () -> hasty.probe("127.71.80.82", "/", "ok")));
            over.countDown();
            server.join(5000);
        }
    }

    private static void trickle(ServerSocket app, String beginning, CountDownLatch over) {
        try (Socket client = app.accept()) {
            client.getOutputStream().write(beginning.getBytes(StandardCharsets.US_ASCII));
            while (!over.await(20, TimeUnit.MILLISECONDS)) {
                client.getOutputStream().write('x');
            }
        } catch (IOException | InterruptedException e) {
            over.countDown(); // the prober has hung up
        }
    }

    @Test
    void nobodyListens() {
        String fault = prober.probe("127.71.80.81", "", "").orElseThrow();
        assertTrue(fault.startsWith("TCP 127.71.80.81:8080: Connection refused"), fault);
        assertTrue(prober.probe("", "", "").isPresent());
        assertTrue(prober.probe("127.71.80.81", "/a b", "").isPresent(), "a path that is no path is a fault too");
    }
}
