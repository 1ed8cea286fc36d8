package io.dinp.router.netty;

import static io.dinp.router.netty.TestRouter.get;
import static io.dinp.router.netty.TestRouter.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.testing.Await;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A machine that dies says nothing: no refusal, no reset. A request that was sent to it must not wait for its whole time-out. */
class DeadPeerIT {
    private static final Duration SOON = Duration.ofMillis(2500);

    private FarMachine far;

    @BeforeEach
    void boot() throws Exception {
        far = new FarMachine();
    }

    @AfterEach
    void shutDown() throws Exception {
        far.close();
    }

    @Test
    void aRequestOnAKeptConnectionGoesToAnotherEndpoint() throws Exception {
        try (Upstream near = Upstream.saying("near");
                TestRouter router = TestRouter.start().to(far.address(), near.address())) {
            Wire client = router.connect();
            String first = ask(client) + ask(client);
            assertTrue(first.contains("far") && first.contains("near"), first);
            far.die();
            for (int i = 0; i < 4; i++) {
                long start = System.nanoTime();
                assertEquals("near", ask(client));
                assertTrue(System.nanoTime() - start < SOON.toNanos(), "request " + i);
            }
            assertEquals(1, router.number("retries"), "it rests after the first");
        }
    }

    @Test
    @Tag(TestRouter.INSIDE)
    void aRequestThatMayHaveBeenDoneIsAnsweredSoonAndNotSentTwice() throws Exception {
        try (TestRouter router = TestRouter.start(options -> options.withUnsafeReuse(Duration.ofMinutes(1)))
                .to(far.address())) {
            Wire client = router.connect();
            assertEquals("far", ask(client));
            far.die();
            long start = System.nanoTime();
            String answer = client.send(request("POST / HTTP/1.1", "Content-Length: 4") + "body")
                    .readMessage();
            assertTrue(
                    answer.startsWith("HTTP/1.1 502 ") && answer.contains("\r\nX-Cf-RouterError: endpoint_silent\r\n"),
                    answer);
            assertTrue(System.nanoTime() - start < SOON.toNanos());
            Await.until(
                    Duration.ofSeconds(5),
                    "its line in the log",
                    () -> router.log().stream().anyMatch(line -> "endpoint_silent".equals(line.error())));
        }
    }

    @Test
    void aBodyThatIsReadSlowlyIsNoSilence() throws Exception {
        try (TestRouter router = TestRouter.start().to(far.address())) {
            Wire client = router.connect();
            assertEquals("far", ask(client));
            byte[] body = new byte[8 << 20];
            client.send(request("POST /slow HTTP/1.1", "Content-Length: " + body.length))
                    .send(body);
            assertTrue(client.readMessage().endsWith("far"));
            assertEquals("far", ask(client), "the connection may be used again");
        }
    }

    @Test
    void aTunnelIsCutWhenItsClientSendsIntoTheVoid() throws Exception {
        try (TestRouter router = TestRouter.start(options -> options.withEndpointTimeout(Duration.ofSeconds(2)))
                .to(far.address())) {
            Wire client =
                    router.connect().send(request("GET /ws HTTP/1.1", "Connection: Upgrade", "Upgrade: websocket"));
            client.readHead();
            assertEquals("a", client.send("a").read(1));
            far.die();
            client.send("b");
            assertTrue(client.ends());
            Await.until(
                    Duration.ofSeconds(5),
                    "its line in the log",
                    () -> router.log().stream().anyMatch(line -> "endpoint_cut".equals(line.error())));
        }
    }

    private static String ask(Wire client) throws Exception {
        String answer = client.send(get("/")).readMessage();
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }
}
