package io.dinp.router.netty;

import static io.dinp.router.netty.TestRouter.get;
import static io.dinp.router.netty.TestRouter.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.testing.Await;
import io.dinp.router.core.AddressRanges;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What an endpoint and a client see of each other through the router, byte for byte. */
class ForwardingTest {
    @ParameterizedTest
    @MethodSource("io.dinp.router.netty.TestRouter#transports")
    void keepsConnectionsOnBothSides(Transport transport) throws IOException {
        try (Upstream app = Upstream.saying("hello");
                TestRouter router =
                        TestRouter.start(options -> options, transport).to(app)) {
            Wire client = router.connect();
            for (int i = 0; i < 5; i++) {
                assertTrue(client.send(get("/" + i)).readMessage().endsWith("\r\n\r\nhello"));
            }
            assertEquals(1, app.connections());
            assertEquals(5, app.requests().size());
        }
    }

    @Test
    void tellsTheAppWhoAsks() throws IOException {
        try (Upstream app = Upstream.saying("x");
                TestRouter router = TestRouter.start().to(app)) {
            router.ask(
                    "GET /p?q=1 HTTP/1.1",
                    "X-Forwarded-For: 6.6.6.6",
                    "X-Forwarded-Proto: forged",
                    "X-Forwarded-Host: forged",
                    "X-Real-IP: 6.6.6.6",
                    "X-CF-InstanceID: forged",
                    "X-Vcap-Request-Id: forged",
                    "X-Custom: kept");
            String seen = app.requests().get(0);
            assertTrue(seen.startsWith("GET /p?q=1 HTTP/1.1\r\nHost: demo.apps.io\r\nX-Custom: kept\r\n"), seen);
            assertTrue(seen.contains("\r\nX-Forwarded-For: 127.0.0.1\r\n"), seen);
            assertTrue(seen.contains("\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Host: demo.apps.io\r\n"), seen);
            assertTrue(seen.contains("\r\nX-Real-IP: 127.0.0.1\r\n"), seen);
            assertTrue(seen.matches("(?s).*\r\nX-Request-Start: \\d{13}\r\n.*"), seen);
            assertTrue(seen.matches("(?s).*\r\nX-Vcap-Request-Id: [0-9a-f-]{36}\r\n.*"), seen);
            assertTrue(seen.contains("\r\nX-CF-ApplicationID: demo\r\n"), seen);
            assertTrue(seen.contains("\r\nX-CF-InstanceID: " + app.address() + "\r\n"), seen);
            assertFalse(seen.contains("6.6.6.6") || seen.contains("forged"), seen);
        }
    }

    @Test
    void makesRequestIdAndTraceWhereNobodyHas() throws IOException {
        String trace = "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        try (Upstream app = Upstream.saying("x");
                TestRouter router = TestRouter.start().to(app)) {
            router.ask("GET / HTTP/1.1");
            router.ask("GET / HTTP/1.1", "x-request-id: mine", trace);
            String made = app.requests().get(0);
            assertTrue(made.matches("(?s).*\r\nX-Request-Id: [0-9a-f-]{36}\r\n.*"), made);
            assertTrue(made.matches("(?s).*\r\ntraceparent: 00-[0-9a-f]{32}-[0-9a-f]{16}-00\r\n.*"), made);
            String passed = app.requests().get(1);
            assertTrue(passed.contains("\r\nx-request-id: mine\r\n" + trace + "\r\n"), passed);
            assertFalse(passed.contains("X-Request-Id")
                    || passed.indexOf("traceparent") != passed.lastIndexOf("traceparent"));
        }
    }

    @Test
    void believesATrustedProxyAndKeepsItsTimestamp() throws IOException {
        AddressRanges loopback = AddressRanges.parse(List.of("127.0.0.0/8"));
        try (Upstream app = Upstream.saying("x");
                TestRouter router = TestRouter.start(options -> options.withTrustedProxies(loopback))
                        .to(app)) {
            router.ask(
                    "GET / HTTP/1.1",
                    "X-Forwarded-For: 9.9.9.9",
                    "X-Forwarded-Proto: https",
                    "X-Forwarded-Host: www.example.org",
                    "X-Real-IP: 8.8.8.8",
                    "X-Request-Start: 77");
            String seen = app.requests().get(0);
            assertTrue(seen.contains("\r\nX-Forwarded-For: 9.9.9.9, 127.0.0.1\r\n"), seen);
            assertTrue(seen.contains("\r\nX-Forwarded-Proto: https\r\n"), seen);
            assertTrue(seen.contains("\r\nX-Forwarded-Host: www.example.org\r\n"), seen);
            assertTrue(seen.contains("\r\nX-Real-IP: 8.8.8.8\r\n"), seen);
            assertTrue(seen.contains("\r\nX-Request-Start: 77\r\n"), seen);
            assertEquals(1, seen.split("X-Real-IP", -1).length - 1, seen);
            assertEquals(1, seen.split("X-Request-Start", -1).length - 1, seen);
        }
    }

    @Test
    void removesWhatEndsAtEachHopInBothDirections() throws IOException {
        String answer = "HTTP/1.1 200 OK\r\nConnection: X-Secret\r\nX-Secret: a\r\nKeep-Alive: timeout=5\r\n"
                + "X-Open: b\r\nContent-Length: 1\r\n\r\nx";
        try (Upstream app = Upstream.answering(request -> answer);
                TestRouter router = TestRouter.start().to(app)) {
            String response = router.ask(
                    "GET / HTTP/1.1",
                    "Connection: keep-alive, X-Mine, Content-Length",
                    "X-Mine: 1",
                    "TE: trailers",
                    "Keep-Alive: 5",
                    "Proxy-Authorization: Basic eA==",
                    "Content-Length: 0",
                    "X-Yours: 2");
            assertEquals("HTTP/1.1 200 OK\r\nX-Open: b\r\nContent-Length: 1\r\n\r\nx", response);
            String seen = app.requests().get(0);
            assertTrue(seen.contains("\r\nX-Yours: 2\r\n") && seen.contains("\r\nContent-Length: 0\r\n"), seen);
            for (String gone : List.of("X-Mine", "TE:", "Keep-Alive", "Connection", "Proxy-Authorization")) {
                assertFalse(seen.contains("\r\n" + gone), seen);
            }
        }
    }

    @Test
    void passesChunkedBodiesAndTrailersOnAsTheyAre() throws IOException {
        String body = "5;ext=1\r\nhello\r\n0\r\nX-Sum: 42\r\n\r\n";
        try (Upstream app =
                        Upstream.answering(request -> "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
                TestRouter router = TestRouter.start().to(app)) {
            Wire client = router.connect();
            for (int i = 0; i < 2; i++) {
                client.send(request("POST / HTTP/1.1", "Transfer-Encoding: chunked") + body);
                assertTrue(client.readMessage().endsWith("\r\n\r\n" + body));
            }
            assertTrue(app.requests().get(1).endsWith("\r\n\r\n" + body));
            assertEquals(1, app.connections());
        }
    }

    @Test
    void answersPipelinedRequestsInOrder() throws IOException {
        try (Upstream app = Upstream.answering(request -> Upstream.ok(request.split(" ", 3)[1]));
                TestRouter router = TestRouter.start().to(app)) {
            Wire client = router.connect();
            client.send(get("/1") + request("POST /2 HTTP/1.1", "Content-Length: 3") + "abc" + get("/3"));
            for (int i = 1; i <= 3; i++) {
                assertTrue(client.readMessage().endsWith("\r\n\r\n/" + i));
            }
        }
    }

    @Test
    void answersASlowRequestBeforeTheFastOneBehindIt() throws IOException {
        CountDownLatch released = new CountDownLatch(1);
        Upstream.Answer slowly = request -> {
            String path = request.split(" ", 3)[1];
            return Upstream.ok(path.equals("/slow") && !isReleased(released) ? "late" : path);
        };
        try (Upstream one = Upstream.answering(slowly);
                Upstream two = Upstream.answering(slowly);
                TestRouter router = TestRouter.start().to(one.address(), two.address())) {
            Wire client = router.connect().send(get("/slow") + get("/fast"));
            Await.until(
                    Duration.ofSeconds(5),
                    "the slow one is under way",
                    () -> one.requests().size() + two.requests().size() > 0);
            assertTrue(router.ask("GET /other HTTP/1.1").endsWith("/other"), "nobody else waits for it");
            released.countDown();
            assertTrue(client.readMessage().endsWith("\r\n\r\n/slow"));
            assertTrue(client.readMessage().endsWith("\r\n\r\n/fast"));
        }
    }

    private static boolean isReleased(CountDownLatch latch) throws IOException {
        try {
            return latch.await(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void knowsResponsesWithoutABody() throws IOException {
        try (Upstream app = Upstream.answering(request -> switch (request.split(" ", 3)[1]) {
                    case "/head" -> "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n";
                    case "/204" -> "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n";
                    default -> "HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\nETag: \"a\"\r\n\r\n";
                });
                TestRouter router = TestRouter.start().to(app)) {
            Wire client = router.connect();
            client.send(request("HEAD /head HTTP/1.1") + get("/204") + get("/304"));
            assertEquals("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n", client.readHead());
            assertEquals("HTTP/1.1 204 No Content\r\n\r\n", client.readHead());
            assertTrue(client.readHead().startsWith("HTTP/1.1 304"));
            assertEquals(1, app.connections());
        }
    }

    @Test
    void speaksHttp10ToAnOldClient() throws IOException {
        String chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n";
        try (Upstream app = Upstream.answering(request -> request.contains("/c") ? chunked : Upstream.ok("x"));
                TestRouter router = TestRouter.start().to(app)) {
            Wire old = router.connect();
            old.send(request("GET / HTTP/1.0", "Connection: keep-alive"));
            assertTrue(old.readMessage().contains("\r\nConnection: keep-alive\r\n"));
            String decoded = old.send(request("GET /c HTTP/1.0", "Connection: keep-alive"))
                    .readToEnd();
            assertEquals("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabcdef", decoded);
            assertTrue(app.requests().get(0).startsWith("GET / HTTP/1.1\r\n"));
        }
    }

    @Test
    void passesABodyOnThatEndsWithItsConnection() throws IOException {
        try (Upstream app = Upstream.scripted(connection -> {
                    connection.readMessage();
                    connection.send("HTTP/1.0 200 OK\r\nServer: old\r\n\r\nuntil the end");
                });
                TestRouter router = TestRouter.start().to(app)) {
            String response = router.connect().send(get("/")).readToEnd();
            assertEquals("HTTP/1.1 200 OK\r\nServer: old\r\nConnection: close\r\n\r\nuntil the end", response);
        }
    }

    @Test
    void passesContinueOnAndThenTheBody() throws IOException {
        try (Upstream app = Upstream.scripted(connection -> {
                    connection.readHead();
                    connection.send("HTTP/1.1 100 Continue\r\n\r\n");
                    connection.send(Upstream.ok(connection.read(4)));
                });
                TestRouter router = TestRouter.start().to(app)) {
            Wire client = router.connect();
            client.send(request("POST / HTTP/1.1", "Content-Length: 4", "Expect: 100-continue"));
            assertEquals("HTTP/1.1 100 Continue\r\n\r\n", client.readHead());
            assertTrue(client.send("body").readMessage().endsWith("\r\n\r\nbody"));
        }
    }

    @Test
    void passesInterimResponsesOnAndThenTheFinalOne() throws IOException {
        String hints = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n";
        try (Upstream app = Upstream.answering(request -> hints + hints + Upstream.ok("page"));
                TestRouter router = TestRouter.start().to(app)) {
            Wire client = router.connect();
            for (int i = 0; i < 2; i++) {
                client.send(get("/"));
                assertEquals(hints, client.readHead());
                assertEquals(hints, client.readHead());
                assertTrue(client.readMessage().endsWith("\r\n\r\npage"));
            }
            assertEquals(1, app.connections());
        }
    }

    @Test
    void reducesAnAbsoluteTargetToItsPath() throws IOException {
        try (Upstream app = Upstream.saying("x");
                TestRouter router = TestRouter.start().to(app)) {
            router.ask("GET http://demo.apps.io/a?b HTTP/1.1");
            router.ask("GET http://demo.apps.io?b HTTP/1.1");
            assertTrue(app.requests().get(0).startsWith("GET /a?b HTTP/1.1\r\n"));
            assertTrue(app.requests().get(1).startsWith("GET /?b HTTP/1.1\r\n"));
        }
    }

    @Test
    void tracesWhenTheKeyIsGiven() throws IOException {
        try (Upstream app = Upstream.saying("x");
                TestRouter router =
                        TestRouter.start(options -> options.withTraceKey("k")).to(app)) {
            String traced = router.ask("GET / HTTP/1.1", "X-Vcap-Trace: k");
            assertTrue(traced.contains("\r\nX-Vcap-Router: router-1\r\n"), traced);
            assertTrue(traced.contains("\r\nX-Vcap-Backend: " + app.address() + "\r\n"), traced);
            assertTrue(traced.contains("\r\nX-Cf-RouteEndpoint: " + app.address() + "\r\n"), traced);
            assertFalse(router.ask("GET / HTTP/1.1", "X-Vcap-Trace: other").contains("X-Vcap-Backend"));
        }
    }

    @Test
    void balancesOverAllEndpoints() throws IOException {
        try (Upstream one = Upstream.saying("1");
                Upstream two = Upstream.saying("2");
                TestRouter router = TestRouter.start().to(one.address(), two.address())) {
            Wire client = router.connect();
            for (int i = 0; i < 10; i++) {
                client.send(get("/")).readMessage();
            }
            assertEquals(5, one.requests().size());
            assertEquals(5, two.requests().size());
        }
    }
}
