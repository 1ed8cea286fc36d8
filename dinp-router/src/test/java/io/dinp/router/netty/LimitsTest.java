package io.dinp.router.netty;

import static io.dinp.router.netty.TestRouter.get;
import static io.dinp.router.netty.TestRouter.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.testing.Await;
import io.dinp.router.core.AddressRanges;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who asks for more than there is gets an answer that says so. */
class LimitsTest {
    /** The smallest limit of a body that can be configured. */
    private static final int MIB = 1024 * 1024;

    private static TestRouter limited(ClientLimits limits) throws IOException {
        return TestRouter.start(options -> options.withLimits(limits, 10));
    }

    @Test
    void says503AboveTheConnectionsInAll() throws IOException {
        try (Upstream app = Upstream.saying("x");
                TestRouter router =
                        limited(new ClientLimits(2, 100, 32_768, 128, 0, 100)).to(app)) {
            Wire first = router.connect();
            Wire second = router.connect();
            assertTrue(first.send(get("/")).readMessage().endsWith("x"));
            assertTrue(second.send(get("/")).readMessage().endsWith("x"));
            String answer = router.connect().send(get("/")).readMessage();
            assertTrue(answer.startsWith("HTTP/1.1 503 Service Unavailable\r\n"), answer);
            assertTrue(answer.contains("\r\nX-Cf-RouterError: too_many_connections\r\n"), answer);
            assertTrue(answer.contains("\r\nRetry-After: ") && answer.contains("\r\nConnection: close\r\n"), answer);
            assertTrue(first.send(get("/")).readMessage().endsWith("x"), "those inside are served");
            first.close();
            Await.until(Duration.ofSeconds(5), "there is room again", () -> isServed(router));
        }
    }

    private static boolean isServed(TestRouter router) {
        try (Wire client = router.connect()) {
            return client.send(get("/")).readMessage().endsWith("x");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void says429AboveTheConnectionsOfOneClientUnlessItIsATrustedProxy() throws IOException {
        ClientLimits one = new ClientLimits(100, 1, 32_768, 128, 0, 100);
        try (Upstream app = Upstream.saying("x");
                TestRouter router = limited(one).to(app)) {
            assertTrue(router.connect().send(get("/")).readMessage().endsWith("x"));
            String answer = router.connect().readMessage();
            assertTrue(answer.startsWith("HTTP/1.1 429 Too Many Requests\r\n"), answer);
        }
        try (Upstream app = Upstream.saying("x");
                TestRouter router = TestRouter.start(options -> options.withLimits(one, 10)
                                .withTrustedProxies(AddressRanges.parse(List.of("127.0.0.0/8"))))
                        .to(app)) {
            assertTrue(isServed(router));
            assertTrue(isServed(router));
            Wire first = router.connect();
            assertTrue(first.send(get("/")).readMessage().endsWith("x"));
            assertTrue(isServed(router));
        }
    }

    @Test
    void says431ForAHeadWithTooManyBytesOrLines() throws IOException {
        try (Upstream app = Upstream.saying("x");
                TestRouter router =
                        limited(new ClientLimits(100, 100, 2000, 10, 0, 100)).to(app)) {
            String long1 = "X-Long: " + "a".repeat(1900);
            assertTrue(router.ask("GET / HTTP/1.1", long1).endsWith("x"));
            assertTrue(router.ask("GET / HTTP/1.1", long1 + "a".repeat(100)).startsWith("HTTP/1.1 431 "));
            String[] lines = new String[9];
            for (int i = 0; i < lines.length; i++) {
                lines[i] = "X-" + i + ": a";
            }
            assertTrue(router.ask("GET / HTTP/1.1", lines).endsWith("x"), "nine and Host");
            lines[0] += "\r\nX-One-More: a";
            assertTrue(router.ask("GET / HTTP/1.1", lines).startsWith("HTTP/1.1 431 "));
        }
    }

    @Test
    void says413ForABodyThatIsAnnouncedOrComesTooLong() throws IOException {
        try (Upstream app = Upstream.saying("x");
                TestRouter router = limited(new ClientLimits(100, 100, 32_768, 128, MIB, 100))
                        .to(app)) {
            Wire fits = router.connect().send(request("POST / HTTP/1.1", "Content-Length: " + MIB) + "x".repeat(MIB));
            assertTrue(fits.readMessage().endsWith("x"));
            String announced = router.connect()
                    .send(request("POST / HTTP/1.1", "Content-Length: " + (MIB + 1)))
                    .readMessage();
            assertTrue(announced.startsWith("HTTP/1.1 413 Content Too Large\r\n"), announced);
            assertEquals(1, app.requests().size(), "the endpoint never heard of it");
            String chunked = router.connect()
                    .send(request("POST / HTTP/1.1", "Transfer-Encoding: chunked") + "100001\r\n" + "x".repeat(MIB + 1)
                            + "\r\n0\r\n\r\n")
                    .readMessage();
            assertTrue(chunked.startsWith("HTTP/1.1 413 "), chunked);
            assertTrue(chunked.contains("\r\nX-Cf-RouterError: body_too_long\r\n"), chunked);
        }
    }
}
