package io.dinp.router.netty;

import static io.dinp.router.netty.TestRouter.get;
import static io.dinp.router.netty.TestRouter.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.testing.Await;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** WebSocket and other protocols that take a connection over. */
class UpgradeTest {
    private static final String ASK = request(
            "GET /ws HTTP/1.1", "Connection: keep-alive, Upgrade", "Upgrade: websocket", "Sec-WebSocket-Key: k");
    private static final String SWITCH =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";

    private static Upstream echo() throws IOException {
        return Upstream.scripted(connection -> {
            connection.readMessage();
            connection.send(SWITCH + "hi");
            for (int b = connection.in().read(); b >= 0; b = connection.in().read()) {
                connection.send(new byte[] {(byte) b});
            }
            connection.send("bye");
        });
    }

    @Test
    void passesBytesBothWaysAfterTheSwitch() throws IOException {
        try (Upstream app = echo();
                TestRouter router = TestRouter.start().to(app)) {
            Wire client = router.connect().send(ASK + "early");
            String head = client.readHead();
            assertTrue(head.startsWith("HTTP/1.1 101 Switching Protocols\r\n"), head);
            assertTrue(
                    head.contains("\r\nUpgrade: websocket\r\n") && head.contains("\r\nConnection: Upgrade\r\n"), head);
            assertEquals("hiearly", client.read(7));
            assertEquals(
                    "GET / HTTP/1.1\r\n\r\n",
                    client.send("GET / HTTP/1.1\r\n\r\n").read(18));
            String seen = app.requests().get(0);
            assertTrue(seen.contains("\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"), seen);
            assertEquals(1, router.inFlight().get(app.address()), "a tunnel is in flight");
        }
    }

    @Test
    void passesAHalfCloseOn() throws IOException {
        try (Upstream app = echo();
                TestRouter router = TestRouter.start().to(app)) {
            Wire client = router.connect().send(ASK);
            client.readHead();
            client.send("ab");
            client.shutOutput();
            assertEquals("hiabbye", client.readToEnd());
            Await.until(
                    Duration.ofSeconds(5),
                    "the tunnel is over",
                    () -> router.inFlight().isEmpty());
        }
    }

    @Test
    void endsTheEndpointsSideWhenTheClientIsReset() throws IOException {
        try (Upstream app = echo();
                TestRouter router = TestRouter.start().to(app)) {
            Wire client = router.connect().send(ASK);
            client.readHead();
            client.reset();
            Await.until(Duration.ofSeconds(5), "the endpoint sees the end", () -> app.ended() == 1);
            Await.until(
                    Duration.ofSeconds(5),
                    "nothing in flight",
                    () -> router.inFlight().isEmpty());
        }
    }

    @Test
    void goesOnWithHttpWhenTheEndpointDeclines() throws IOException {
        try (Upstream app = Upstream.saying("no");
                TestRouter router = TestRouter.start().to(app)) {
            Wire client = router.connect();
            assertTrue(client.send(ASK).readMessage().endsWith("no"));
            assertTrue(client.send(get("/")).readMessage().endsWith("no"));
        }
    }

    @Test
    void doesNotOfferHttp2() throws IOException {
        try (Upstream app = Upstream.saying("x");
                TestRouter router = TestRouter.start().to(app)) {
            router.ask(
                    "GET / HTTP/1.1",
                    "Connection: Upgrade, HTTP2-Settings",
                    "Upgrade: h2c",
                    "HTTP2-Settings: AAMAAABk");
            assertFalse(app.requests().get(0).contains("h2c"), app.requests().get(0));
            assertFalse(
                    app.requests().get(0).contains("HTTP2-Settings"),
                    app.requests().get(0));
        }
    }
}
