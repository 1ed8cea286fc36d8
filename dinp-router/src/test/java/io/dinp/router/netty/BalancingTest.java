package io.dinp.router.netty;

import static io.dinp.router.netty.TestRouter.HOST;
import static io.dinp.router.netty.TestRouter.get;
import static io.dinp.router.netty.TestRouter.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.model.HostPort;
import io.dinp.common.testing.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What failing, slow and leaving endpoints cost the others. */
class BalancingTest {
    private static final Duration SOON = Duration.ofSeconds(5);

    private static Upstream holding(CountDownLatch latch, String body) throws IOException {
        return Upstream.answering(request -> {
            try {
                return latch.await(10, TimeUnit.SECONDS) ? Upstream.ok(body) : "";
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        });
    }

    @Test
    void startsTheRoundAnywhere() throws IOException {
        try (Upstream one = Upstream.saying("1");
                Upstream two = Upstream.saying("2")) {
            Set<String> firsts = new HashSet<>();
            for (int i = 0; i < 40 && firsts.size() < 2; i++) {
                try (TestRouter router = TestRouter.start().to(one.address(), two.address())) {
                    String answer = router.ask("GET / HTTP/1.1");
                    firsts.add(answer.substring(answer.length() - 1));
                }
            }
            assertEquals(Set.of("1", "2"), firsts);
        }
    }

    @Test
    void restsAnEndpointWhoseNewConnectionsEndWithoutAnAnswer() throws IOException {
        try (Upstream dying = Upstream.scripted(Wire::readMessage);
                Upstream app = Upstream.saying("x");
                TestRouter router = TestRouter.start().to(dying.address(), app.address())) {
            for (int i = 0; i < 10; i++) {
                assertTrue(router.ask("GET / HTTP/1.1").endsWith("x"));
            }
            assertEquals(1, dying.connections(), "it rests after the first");
        }
    }

    @Test
    void triesDistinctEndpointsOnly() throws IOException {
        HostPort refusing = Upstream.refusing();
        HostPort another = Upstream.refusing();
        try (TestRouter router = TestRouter.start().to(refusing, another)) {
            assertTrue(router.ask("GET / HTTP/1.1").startsWith("HTTP/1.1 502"));
            assertEquals(2, router.number("endpoint_connect_failures"));
        }
    }

    @Test
    void sendsAPostElsewhereWhenNothingOfItWasSent() throws IOException {
        try (Upstream app = Upstream.saying("x");
                TestRouter router = TestRouter.start().to(Upstream.refusing(), app.address())) {
            for (int i = 0; i < 2; i++) {
                String post = request("POST / HTTP/1.1", "Content-Length: 4") + "body";
                assertTrue(router.connect().send(post).readMessage().endsWith("x"));
            }
            assertEquals(2, app.requests().size());
        }
    }

    @Test
    @Tag(TestRouter.INSIDE)
    void dropsTheIdleConnectionsOfAnEndpointThatCannotBeReachedAnyMore() throws IOException {
        try (Upstream leaving = Upstream.saying("x");
                TestRouter router = TestRouter.start(options -> options.withUnsafeReuse(Duration.ZERO))
                        .to(leaving)) {
            router.ask("GET / HTTP/1.1");
            assertEquals(0, leaving.ended());
            leaving.stopListening();
            Await.until(SOON, "it listens no more", () -> leaving.ended() == 1);
            assertTrue(router.ask("POST / HTTP/1.1", "Content-Length: 0").startsWith("HTTP/1.1 502"), "it was dialled");
            Await.until(SOON, "the idle connection is dropped", () -> leaving.ended() == 2);
        }
    }

    @Test
    @Tag(TestRouter.INSIDE)
    void keepsNoMoreIdleConnectionsThanAllowed() throws IOException {
        CountDownLatch latch = new CountDownLatch(1);
        try (Upstream app = holding(latch, "x");
                TestRouter router =
                        TestRouter.start(options -> options.withMaxIdle(2)).to(app)) {
            List<Wire> clients = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                clients.add(router.connect().send(get("/")));
            }
            Await.until(SOON, "all are under way", () -> app.connections() == 5);
            latch.countDown();
            for (Wire client : clients) {
                assertTrue(client.readMessage().endsWith("x"));
            }
            Await.until(SOON, "three are closed", () -> app.ended() == 3);
            assertEquals(5, app.connections());
        }
    }

    @Test
    void leavesRoomForOthersBesideASlowApp() throws IOException {
        CountDownLatch latch = new CountDownLatch(1);
        ClientLimits three = new ClientLimits(1000, 1000, 32_768, 128, 0, 3);
        try (Upstream slow = holding(latch, "slow");
                Upstream quick = Upstream.saying("quick");
                TestRouter router = TestRouter.start(options -> options.withLimits(three, 10))
                        .to(slow)) {
            router.route("quick.apps.io", quick.address());
            List<Wire> waiting = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                waiting.add(router.connect().send(get("/")));
            }
            Await.until(SOON, "it is full", () -> router.inFlight().getOrDefault(slow.address(), 0) == 3);
            String refused = router.ask("GET / HTTP/1.1");
            assertTrue(refused.startsWith("HTTP/1.1 503 "), refused);
            assertTrue(refused.contains("\r\nX-Cf-RouterError: endpoints_full\r\n"), refused);
            assertTrue(refused.contains("\r\nRetry-After: "), refused);
            String other = router.connect()
                    .send("GET / HTTP/1.1\r\nHost: quick.apps.io\r\n\r\n")
                    .readMessage();
            assertTrue(other.endsWith("quick"), other);
            latch.countDown();
            for (Wire client : waiting) {
                assertTrue(client.readMessage().endsWith("slow"));
            }
            assertTrue(router.ask("GET / HTTP/1.1").endsWith("slow"), "there is room again at " + HOST);
        }
    }
}
