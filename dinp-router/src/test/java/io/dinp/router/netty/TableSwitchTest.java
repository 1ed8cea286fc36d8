package io.dinp.router.netty;

import static io.dinp.router.netty.TestRouter.HOST;
import static io.dinp.router.netty.TestRouter.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.model.HostPort;
import io.dinp.common.testing.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the router may say of an endpoint that has left the table: on this the server stops instances. */
class TableSwitchTest {
    /** Holds each request until the latch opens. */
    private static Upstream holding(CountDownLatch latch) throws IOException {
        return Upstream.answering(request -> {
            try {
                return latch.await(10, TimeUnit.SECONDS) ? Upstream.ok("held") : "";
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        });
    }

    @Test
    @Tag(TestRouter.INSIDE)
    void finishesWhatIsInFlightAndSaysWhenItIsOver() throws IOException {
        CountDownLatch latch = new CountDownLatch(1);
        try (Upstream old = holding(latch);
                Upstream next = Upstream.saying("new");
                TestRouter router = TestRouter.start().to(old)) {
            Wire client = router.connect().send(get("/"));
            Await.until(
                    Duration.ofSeconds(5),
                    "the request arrives",
                    () -> old.requests().size() == 1);
            Map<HostPort, Integer> atSwitch = router.route(HOST, next.address());
            assertEquals(Map.of(old.address(), 1), atSwitch);
            assertTrue(router.ask("GET / HTTP/1.1").endsWith("new"));
            assertEquals(0, router.inside().drained());
            latch.countDown();
            assertTrue(client.readMessage().endsWith("held"));
            Await.until(
                    Duration.ofSeconds(5),
                    "the loop reports the end",
                    () -> router.inside().drained() == 1);
            assertTrue(router.inFlight().isEmpty());
            Await.until(Duration.ofSeconds(5), "its connection is not kept", () -> old.ended() == 1);
            assertTrue(client.send(get("/")).readMessage().endsWith("new"), "the same client goes on");
        }
    }

    @Test
    void closesIdleConnectionsToAnEndpointThatLeaves() throws IOException {
        try (Upstream app = Upstream.saying("x");
                TestRouter router = TestRouter.start().to(app)) {
            router.ask("GET / HTTP/1.1");
            assertEquals(0, app.ended());
            router.route(HOST);
            Await.until(Duration.ofSeconds(5), "the connection closes", () -> app.ended() == 1);
            assertTrue(router.ask("GET / HTTP/1.1").startsWith("HTTP/1.1 404"));
        }
    }

    @Test
    @Tag(TestRouter.INSIDE)
    void countsARequestWhoseConnectIsStillUnderWay() throws IOException {
        try (ServerSocket slow = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                TestRouter router = TestRouter.start()) {
            HostPort address = new HostPort("127.0.0.1", slow.getLocalPort());
            router.to(address);
            Wire client = router.connect().send(get("/"));
            Await.until(
                    Duration.ofSeconds(5),
                    "the endpoint is chosen",
                    () -> router.inFlight().getOrDefault(address, 0) == 1);
            assertEquals(Map.of(address, 1), router.route(HOST));
            try (Wire server = new Wire(slow.accept(), new ArrayList<>())) {
                server.readMessage();
                server.send(Upstream.ok("late"));
                assertTrue(client.readMessage().endsWith("late"));
            }
            Await.until(
                    Duration.ofSeconds(5),
                    "the loop reports the end",
                    () -> router.inside().drained() == 1);
        }
    }

    @Test
    void triesNoEndpointThatHasLeftMeanwhile() throws IOException {
        CountDownLatch latch = new CountDownLatch(1);
        try (Upstream dying = Upstream.scripted(connection -> {
                    connection.readMessage();
                    try {
                        latch.await(10, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                });
                Upstream leaving = Upstream.saying("left");
                Upstream next = Upstream.saying("new");
                TestRouter router = TestRouter.start().to(dying)) {
            Wire client = router.connect().send(get("/"));
            Await.until(
                    Duration.ofSeconds(5),
                    "the request arrives",
                    () -> dying.requests().size() == 1);
            router.route(HOST, dying.address(), leaving.address());
            router.route(HOST, next.address());
            latch.countDown();
            assertTrue(client.readMessage().endsWith("new"));
            assertEquals(0, leaving.connections());
        }
    }

    @Test
    void missesNoRequestWhileTheTableChangesUnderLoad() throws Exception {
        try (Upstream one = Upstream.saying("x");
                Upstream two = Upstream.saying("x");
                TestRouter router = TestRouter.start().to(one.address(), two.address())) {
            Wire client = router.connect();
            for (int i = 0; i < 500; i++) {
                client.send(get("/"));
                router.route(HOST, i % 2 == 0 ? one.address() : two.address());
                assertTrue(client.readMessage().endsWith("\r\n\r\nx"), "request " + i);
            }
        }
    }
}
