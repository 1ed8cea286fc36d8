package io.dinp.router.netty;

import static io.dinp.router.netty.TestRouter.HOST;
import static io.dinp.router.netty.TestRouter.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.testing.Await;
import io.dinp.router.core.AppNumbers;
import io.dinp.router.core.AppRoster;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the metrics of an app are made from. */
@Tag(TestRouter.INSIDE)
class AppNumbersTest {
    private static final Duration SOON = Duration.ofSeconds(5);

    private static AppNumbers of(TestRouter router, String host) {
        return router.inside().appNumbers().getOrDefault(host, new AppNumbers());
    }

    @Test
    void countsRequestsBytesAndRetriesOfAnApp() throws IOException {
        try (Upstream app = Upstream.saying("hello");
                TestRouter router = TestRouter.start().to(Upstream.refusing(), app.address())) {
            router.cname("www.example.org", HOST);
            for (int i = 0; i < 2; i++) {
                router.connect()
                        .send(request("POST / HTTP/1.1", "Content-Length: 4") + "body")
                        .readMessage();
            }
            router.connect()
                    .send("GET / HTTP/1.1\r\nHost: www.example.org\r\n\r\n")
                    .readMessage();
            AppNumbers numbers = of(router, HOST);
            assertEquals(3, numbers.requests(2));
            assertEquals(8, numbers.bytesIn());
            assertEquals(15, numbers.bytesOut());
            assertEquals(1, numbers.retries());
            assertEquals(0, numbers.inFlight());
            assertTrue(numbers.micros() > 0);
        }
    }

    @Test
    void knowsWhatIsUnderWay() throws IOException {
        CountDownLatch latch = new CountDownLatch(1);
        try (Upstream app = Upstream.answering(request -> {
                    try {
                        return latch.await(10, TimeUnit.SECONDS) ? Upstream.ok("x") : "";
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                });
                TestRouter router = TestRouter.start().to(app)) {
            Wire client = router.connect().send(TestRouter.get("/"));
            Await.until(SOON, "one is under way", () -> of(router, HOST).inFlight() == 1);
            latch.countDown();
            client.readMessage();
            assertEquals(0, of(router, HOST).inFlight());
        }
    }

    @Test
    void countsAnswersOfItsOwnForAKnownAppButNothingForAnUnknownHost() throws IOException {
        try (TestRouter router = TestRouter.start()) {
            router.ask("GET / HTTP/1.1");
            assertEquals(Map.of(), router.inside().appNumbers());
            router.knownApp(HOST);
            router.ask("GET / HTTP/1.1");
            assertEquals(1, of(router, HOST).requests(5));
        }
    }

    @Test
    void dropsAnAppThatLeavesTheTableAndCountsTooManyTogether() throws IOException {
        try (Upstream app = Upstream.saying("x");
                TestRouter router = TestRouter.start(options -> options.withLimits(ClientLimits.DEFAULT, 1))
                        .to(app)) {
            router.route("second.apps.io", app.address());
            router.ask("GET / HTTP/1.1");
            String second = "GET / HTTP/1.1\r\nHost: second.apps.io\r\n\r\n";
            router.connect().send(second).readMessage();
            assertEquals(1, of(router, AppRoster.OTHER).requests(2));
            router.route(HOST);
            assertEquals(0, of(router, HOST).requests(2));
            router.connect().send(second).readMessage();
            assertEquals(1, of(router, "second.apps.io").requests(2), "it has got the room");
        }
    }
}
