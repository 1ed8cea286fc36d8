package io.dinp.router.netty;

import static io.dinp.router.netty.TestRouter.get;
import static io.dinp.router.netty.TestRouter.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.model.HostPort;
import io.dinp.router.core.AccessLog;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The answers that the router gives itself. */
class RefusalTest {
    @Test
    void says404ForAnUnknownHostAsTheOriginalDid() throws IOException {
        try (TestRouter router = TestRouter.start()) {
            Wire client = router.connect();
            client.send("GET / HTTP/1.1\r\nHost: Nobody.apps.io:8888\r\nAccept: */*\r\n\r\n");
            String answer = client.readMessage();
            assertTrue(answer.startsWith("HTTP/1.1 404 Not Found\r\n"), answer);
            assertTrue(answer.contains("\r\nX-Cf-RouterError: unknown_route\r\n"), answer);
            assertTrue(
                    answer.endsWith("\r\n\r\n404 Not Found: Requested route ('Nobody.apps.io:8888') does not exist.\n"),
                    answer);
            assertTrue(client.send(get("/")).readMessage().startsWith("HTTP/1.1 404"), "kept alive");
            assertEquals(2, router.number("unknown_routes"));
        }
    }

    @Test
    void says503ForAKnownAppWithoutInstances() throws IOException {
        try (TestRouter router = TestRouter.start()) {
            router.knownApp(TestRouter.HOST);
            router.cname("www.example.org", TestRouter.HOST);
            for (String host : new String[] {TestRouter.HOST, "www.example.org"}) {
                Wire client = router.connect();
                String answer = client.send("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                        .readMessage();
                assertTrue(answer.startsWith("HTTP/1.1 503 Service Unavailable\r\n"), answer);
                assertTrue(answer.contains("\r\nRetry-After: 5\r\n"), answer);
                assertTrue(answer.contains("\r\nX-Cf-RouterError: no_endpoints\r\n"), answer);
            }
        }
    }

    @Test
    void says502WhenNoEndpointCanBeReached() throws IOException {
        try (TestRouter router = TestRouter.start().to(Upstream.refusing(), Upstream.refusing())) {
            String answer = router.ask("GET / HTTP/1.1");
            assertTrue(answer.startsWith("HTTP/1.1 502 Bad Gateway\r\n"), answer);
            assertTrue(answer.contains("\r\nX-Cf-RouterError: endpoint_failure\r\n"), answer);
            assertTrue(answer.endsWith("502 Bad Gateway: Registered endpoint failed to handle the request.\n"), answer);
            assertEquals(2, router.number("endpoint_connect_failures"));
        }
    }

    @Test
    void says502WhenTheEndpointSpeaksNoHttp() throws IOException {
        for (String nonsense : new String[] {
            "SSH-2.0-OpenSSH_9\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
            "HTTP/1.1 200 OK\r\nBad Name: 1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
        }) {
            try (Upstream app = Upstream.answering(request -> nonsense);
                    TestRouter router = TestRouter.start().to(app)) {
                assertTrue(router.ask("GET / HTTP/1.1").startsWith("HTTP/1.1 502 "), nonsense);
            }
        }
    }

    @Test
    void rendersHtmlAndJsonForThoseWhoAskForThem() throws IOException {
        try (TestRouter router = TestRouter.start()) {
            String html = router.ask("GET / HTTP/1.1", "Accept: text/html,application/xhtml+xml;q=0.9,*/*;q=0.8");
            assertTrue(html.contains("\r\nContent-Type: text/html; charset=utf-8\r\n"), html);
            assertTrue(html.contains("<h1>404 Not Found: Requested route ('demo.apps.io') does not exist.</h1>"), html);
            String json = router.ask("GET / HTTP/1.1", "Accept: application/json");
            assertTrue(json.contains("\"error\":\"unknown_route\""), json);
            String head = router.connect().send(request("HEAD / HTTP/1.1")).readHead();
            assertTrue(head.startsWith("HTTP/1.1 404"), head);
        }
    }

    @Test
    void answersTheMonitorItself() throws IOException {
        try (TestRouter router = TestRouter.start()) {
            String answer = router.connect()
                    .send("GET / HTTP/1.0\r\nUser-Agent: HTTP-Monitor/1.1\r\n\r\n")
                    .readToEnd();
            assertTrue(answer.startsWith("HTTP/1.1 200 OK\r\n") && answer.endsWith("\r\n\r\nok\n"), answer);
        }
    }

    @Test
    void takesCustomDomainsAndHostsInAnyCaseWithPortAndDot() throws IOException {
        try (Upstream app = Upstream.saying("x");
                Upstream other = Upstream.saying("y");
                TestRouter router = TestRouter.start().to(app)) {
            router.cname("www.example.org", TestRouter.HOST);
            router.route("own.example.org", other.address());
            router.cname("own.example.org", TestRouter.HOST);
            Wire client = router.connect();
            for (String host :
                    new String[] {"DEMO.apps.IO", "demo.apps.io:8888", "demo.apps.io.", "Www.Example.Org:1"}) {
                client.send("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
                assertTrue(client.readMessage().endsWith("\r\n\r\nx"), host);
            }
            client.send("GET / HTTP/1.1\r\nHost: own.example.org\r\n\r\n");
            assertTrue(client.readMessage().endsWith("\r\n\r\ny"), "a host with a key never goes by its cname");
        }
    }

    @Test
    void writesAnEntryForEachRequestIntoTheAccessLog() throws IOException {
        try (Upstream app = Upstream.saying("hello");
                TestRouter router = TestRouter.start()) {
            HostPort refusing = Upstream.refusing();
            router.to(refusing, app.address());
            Wire client = router.connect();
            client.send(request("GET /a HTTP/1.1", "User-Agent: me", "Referer: http://x/"))
                    .readMessage();
            client.send(request("GET /b HTTP/1.1", "User-Agent: me")).readMessage();
            List<AccessLog.Entry> log = router.log(2);
            assertEquals(2, log.size());
            assertEquals(3, log.get(0).tries() + log.get(1).tries());
            var entry = log.get(0);
            assertEquals("/a", entry.target());
            assertEquals(200, entry.status());
            assertEquals(5, entry.bytes());
            assertEquals("demo", entry.app());
            assertEquals("me", entry.userAgent());
            assertEquals(app.address().toString(), entry.endpoint());
            assertFalse(entry.client().isEmpty());
        }
    }
}
