package io.dinp.router.netty;

import static io.dinp.router.netty.TestRouter.get;
import static io.dinp.router.netty.TestRouter.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.model.HostPort;
import io.dinp.common.testing.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which requests are saved when an endpoint fails, and which must not be sent twice. */
class RetryTest {
    /** Shorter than the first rest, so that it is not over. */
    private static final Duration REST = Duration.ofMillis(600);

    private static final String POST = request("POST / HTTP/1.1", "Content-Length: 4") + "body";

    @Test
    void goesToTheNextEndpointWhenOneRefuses() throws IOException {
        try (Upstream app = Upstream.saying("x");
                TestRouter router = TestRouter.start().to(Upstream.refusing(), Upstream.refusing(), app.address())) {
            for (int i = 0; i < 6; i++) {
                assertTrue(router.connect().send(POST).readMessage().endsWith("x"), "POST " + i);
            }
            assertTrue(router.number("endpoint_connect_failures") <= 3, "refusing endpoints rest");
        }
    }

    @Test
    void triesThreeEndpointsAndNoMore() throws IOException {
        HostPort[] refusing = new HostPort[6];
        for (int i = 0; i < refusing.length; i++) {
            refusing[i] = Upstream.refusing();
        }
        try (TestRouter router = TestRouter.start().to(refusing)) {
            assertTrue(router.ask("GET / HTTP/1.1").startsWith("HTTP/1.1 502"));
            assertEquals(3, router.number("endpoint_connect_failures"));
            assertEquals(2, router.number("retries"), "only what was tried again is one");
        }
    }

    @Test
    void goesToTheNextEndpointWhenAConnectTimesOut() throws IOException {
        try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Upstream app = Upstream.saying("x")) {
            List<Socket> queue = fill(deaf);
            try (TestRouter router =
                    TestRouter.start().to(new HostPort("127.0.0.1", deaf.getLocalPort()), app.address())) {
                long start = System.nanoTime();
                for (int i = 0; i < 2; i++) {
                    assertTrue(router.connect().send(POST).readMessage().endsWith("x"));
                }
                assertEquals(1, router.number("endpoint_connect_failures"));
                assertTrue(System.nanoTime() - start < Duration.ofSeconds(4).toNanos());
            } finally {
                for (Socket socket : queue) {
                    socket.close();
                }
            }
        }
    }

    @Test
    void saysThatEveryConnectTimedOut() throws IOException {
        try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<Socket> queue = fill(deaf);
            try (TestRouter router = TestRouter.start().to(new HostPort("127.0.0.1", deaf.getLocalPort()))) {
                long start = System.nanoTime();
                String answer = router.ask("GET / HTTP/1.1");
                assertTrue(answer.startsWith("HTTP/1.1 502 "), answer);
                assertTrue(answer.contains("\r\nX-Cf-RouterError: endpoint_failure\r\n"), answer);
                assertTrue(System.nanoTime() - start < Duration.ofSeconds(3).toNanos(), "after a second");
                assertEquals("connect_timeout", router.log(1).get(0).error());
            } finally {
                for (Socket socket : queue) {
                    socket.close();
                }
            }
        }
    }

    /** Fills the queue of a listener that accepts nothing, so that further connects get no answer. */
    private static List<Socket> fill(ServerSocket listener) {
        List<Socket> queue = new ArrayList<>();
        try {
            while (queue.size() < 20) {
                Socket socket = new Socket();
                queue.add(socket);
                socket.connect(listener.getLocalSocketAddress(), 200);
            }
        } catch (IOException full) {
            assertTrue(queue.size() > 1, full.getMessage());
        }
        return queue;
    }

    @Test
    void sendsAGetAgainWhenItsConnectionDiesUnanswered() throws IOException {
        try (Upstream dying = Upstream.scripted(Wire::readMessage);
                Upstream app = Upstream.saying("x");
                TestRouter router = TestRouter.start().to(dying.address(), app.address())) {
            for (int i = 0; i < 4; i++) {
                assertTrue(router.ask("GET / HTTP/1.1").endsWith("x"));
            }
            assertTrue(dying.connections() > 0);
        }
    }

    @Test
    void neverSendsAPostTwice() throws IOException {
        try (Upstream dying = Upstream.scripted(Wire::readMessage);
                Upstream alsoDying = Upstream.scripted(Wire::readMessage);
                TestRouter router = TestRouter.start().to(dying.address(), alsoDying.address())) {
            assertTrue(router.connect().send(POST).readMessage().startsWith("HTTP/1.1 502"));
            assertEquals(1, dying.requests().size() + alsoDying.requests().size());
        }
    }

    @Test
    void sendsNothingAgainOnceAResponseHasBegun() throws IOException {
        try (Upstream halfway = Upstream.scripted(connection -> {
                    connection.readMessage();
                    connection.send("HTTP/1.1 20");
                });
                TestRouter router = TestRouter.start().to(halfway.address(), halfway.address())) {
            assertTrue(router.ask("GET / HTTP/1.1").startsWith("HTTP/1.1 502"));
            assertEquals(1, halfway.requests().size());
        }
    }

    @Test
    void savesAGetFromAConnectionThatWasJustBeingClosed() throws IOException {
        try (Upstream once = Upstream.scripted(connection -> {
                    connection.readMessage();
                    connection.send(Upstream.ok("x"));
                    connection.readMessage(); // takes the second request, and dies
                });
                TestRouter router = TestRouter.start().to(once)) {
            Wire client = router.connect();
            for (int i = 0; i < 3; i++) {
                assertTrue(client.send(get("/")).readMessage().endsWith("x"), "request " + i);
            }
            assertEquals(2, router.number("retries"));
        }
    }

    @Test
    @Tag(TestRouter.INSIDE)
    void sendsAPostOnAFreshConnectionWhenThePooledOneHasBeenIdle() throws IOException {
        try (Upstream app = Upstream.saying("x");
                TestRouter router = TestRouter.start(options -> options.withUnsafeReuse(Duration.ZERO))
                        .to(app)) {
            Wire client = router.connect();
            client.send(get("/")).readMessage();
            client.send(POST).readMessage();
            assertEquals(2, app.connections());
            client.send(get("/")).readMessage();
            assertEquals(2, app.connections(), "a GET takes any");
        }
    }

    @Test
    @Tag(TestRouter.INSIDE)
    void neverSendsAPostTwiceWhenItsKeptConnectionDies() throws IOException {
        try (Upstream once = Upstream.scripted(connection -> {
                    connection.readMessage();
                    connection.send(Upstream.ok("x"));
                    connection.readMessage(); // takes the second request, and dies
                });
                TestRouter router = TestRouter.start(options -> options.withUnsafeReuse(Duration.ofSeconds(20)))
                        .to(once)) {
            Wire client = router.connect();
            assertTrue(client.send(get("/")).readMessage().endsWith("x"));
            assertTrue(client.send(POST).readMessage().startsWith("HTTP/1.1 502 "));
            assertEquals(2, once.requests().size(), "the POST was seen once");
            assertEquals(1, once.connections());
            assertEquals("endpoint_failure", router.log(2).get(1).error());
        }
    }

    @Test
    void usesNoConnectionThatTheEndpointHasClosed() throws IOException {
        try (Upstream once = Upstream.scripted(connection -> {
                    connection.readMessage();
                    connection.send(Upstream.ok("x"));
                });
                TestRouter router = TestRouter.start().to(once)) {
            Wire client = router.connect();
            for (int i = 1; i <= 5; i++) {
                assertTrue(client.send(POST).readMessage().endsWith("x"));
                int closed = i;
                Await.until(Duration.ofSeconds(5), "the endpoint closes", () -> once.ended() == closed);
                router.inFlight(); // the loop has seen the close once it has answered this
                router.inFlight();
            }
            assertEquals(5, once.connections());
        }
    }

    @Test
    void leavesAFailedEndpointAloneForASecondThenTriesItWithOneRequest() throws IOException {
        HostPort address = Upstream.refusing();
        try (Upstream app = Upstream.saying("x");
                TestRouter router = TestRouter.start().to(address, app.address())) {
            Wire client = router.connect();
            long start = System.nanoTime();
            while (System.nanoTime() - start < REST.toNanos()) {
                assertTrue(client.send(get("/")).readMessage().endsWith("x"));
            }
            assertEquals(1, router.number("endpoint_connect_failures"), "nobody asks it within the second");
            while (router.number("endpoint_connect_failures") < 2) {
                assertTrue(client.send(get("/")).readMessage().endsWith("x"));
                assertTrue(System.nanoTime() - start < Duration.ofSeconds(5).toNanos(), "it is tried again");
            }
            assertTrue(System.nanoTime() - start >= Duration.ofSeconds(1).toNanos(), "not before its second is over");
            for (int i = 0; i < 20; i++) {
                assertTrue(client.send(get("/")).readMessage().endsWith("x"));
            }
            assertEquals(2, router.number("endpoint_connect_failures"), "one request was the trial");
        }
    }

    @Test
    void comesBackToAnEndpointThatRestedOnceItAnswersAgain() throws IOException {
        HostPort address = Upstream.refusing();
        try (TestRouter router = TestRouter.start().to(address)) {
            assertTrue(router.ask("GET / HTTP/1.1").startsWith("HTTP/1.1 502"));
            Upstream.free(address);
            try (ServerSocket back = new ServerSocket(address.port(), 5, InetAddress.getLoopbackAddress())) {
                Wire client = router.connect().send(get("/"));
                try (Wire server = new Wire(back.accept(), new ArrayList<>())) {
                    server.readMessage();
                    server.send(Upstream.ok("back"));
                    assertTrue(client.readMessage().endsWith("back"), "the last chance is not refused");
                }
            }
        }
    }
}
