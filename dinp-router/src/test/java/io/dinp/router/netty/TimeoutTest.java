package io.dinp.router.netty;

import static io.dinp.router.netty.TestRouter.get;
import static io.dinp.router.netty.TestRouter.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.testing.Await;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Nobody waits for ever, and each wait ends with its own status. */
class TimeoutTest {
    private final Duration brief = TestRouter.shortest();

    private TestRouter impatient() throws IOException {
        return TestRouter.start(options -> options.withEndpointTimeout(brief).withClientLimits(brief, brief));
    }

    @Test
    void says504WhenTheEndpointDoesNotAnswer() throws IOException {
        try (Upstream silent = Upstream.scripted(Wire::readToEnd);
                TestRouter router = impatient().to(silent)) {
            Wire client = router.connect();
            String answer = client.send(get("/")).readMessage();
            assertTrue(answer.startsWith("HTTP/1.1 504 Gateway Timeout\r\n"), answer);
            assertTrue(answer.contains("\r\nX-Cf-RouterError: endpoint_timeout\r\n"), answer);
            Await.until(Duration.ofSeconds(5), "the endpoint's request is cancelled", () -> silent.ended() == 1);
            assertEquals(1, silent.connections(), "a request that timed out is not sent again");
            logged(router, 504, "endpoint_timeout");
        }
    }

    @Test
    void says408WhenAHeadDribbles() throws IOException {
        try (TestRouter router = impatient()) {
            String answer =
                    router.connect().send("GET / HTTP/1.1\r\nHost: a\r\n").readToEnd();
            assertTrue(answer.startsWith("HTTP/1.1 408 Request Timeout\r\n"), answer);
            logged(router, 408, "request_timeout");
        }
    }

    @Test
    void says408WhenABodyDoesNotCome() throws IOException {
        try (Upstream app = Upstream.scripted(Wire::readToEnd);
                TestRouter router = impatient().to(app)) {
            String answer = router.connect()
                    .send(request("POST / HTTP/1.1", "Content-Length: 10") + "half")
                    .readToEnd();
            assertTrue(answer.startsWith("HTTP/1.1 408 Request Timeout\r\n"), answer);
            logged(router, 408, "request_timeout");
        }
    }

    private static void logged(TestRouter router, int status, String error) {
        Await.until(
                Duration.ofSeconds(5),
                "it is in the access log",
                () -> router.log().size() == 1);
        assertEquals(status, router.log().get(0).status());
        assertEquals(error, router.log().get(0).error());
    }

    @Test
    void leavesASilentTunnelOpenUntilItsOwnTimeIsOver() throws IOException {
        try (Upstream app = Upstream.scripted(connection -> {
                    connection.readMessage();
                    connection.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n");
                    connection.readToEnd();
                });
                TestRouter router = TestRouter.start(options -> options.withEndpointTimeout(brief)
                                .withClientLimits(brief, brief)
                                .withStreamIdle(brief.multipliedBy(5)))
                        .to(app)) {
            Wire client = router.connect().send(request("GET / HTTP/1.1", "Connection: Upgrade", "Upgrade: x"));
            client.readHead();
            long start = System.nanoTime();
            assertTrue(client.ends());
            assertTrue(System.nanoTime() - start > brief.multipliedBy(4).toNanos(), "the other limits do not count");
            logged(router, 101, "idle");
        }
    }

    @Test
    void closesAnIdleClientWithoutAWord() throws IOException {
        try (Upstream app = Upstream.saying("x");
                TestRouter router = impatient().to(app)) {
            Wire client = router.connect();
            client.send(get("/")).readMessage();
            assertEquals("", client.readToEnd());
        }
    }

    @Test
    void leavesAStartedResponseAllTheTimeItNeeds() throws IOException {
        try (Upstream events = Upstream.scripted(connection -> {
                    connection.readMessage();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab");
                    connection.read(1); // ends when the test closes the upstream
                });
                TestRouter router = impatient().to(events)) {
            Wire client = router.connect().send(get("/"));
            client.readHead();
            assertEquals("ab", client.read(2));
            long start = System.nanoTime();
            Await.until(
                    Duration.ofSeconds(5),
                    "several time-outs pass",
                    () -> System.nanoTime() - start > 3 * brief.toNanos());
            assertEquals(1, router.inFlight().get(events.address()));
        }
    }
}
