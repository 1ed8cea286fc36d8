package io.dinp.common.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.config.Secret;
import io.dinp.common.daemon.Health;
import io.dinp.common.metrics.Metrics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpTest {
    private static final Secret TOKEN = new Secret("geheim");
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Health health = new Health();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);
    private ApiServer server;

    @BeforeEach
    void start() throws IOException {
        server = ApiServer.bind("test", "127.0.0.1", 0, health, TOKEN)
                .get("/nodes", request -> Reply.json(200, Map.of("n", 1)))
                .get("/app/{name}", request -> Reply.text(200, request.pathVar("name") + request.query("q", "-")))
                .get("/limit", request -> Reply.text(200, "" + request.query("limit", 10, 1, 100)))
                .get("/broken", request -> {
                    throw new IllegalStateException("inside geheim");
                })
                .get("/slow", request -> {
                    entered.countDown();
                    go.await();
                    return Reply.text(200, "slow");
                })
                .post("/echo", request -> new Reply(202, "text/plain", request.body()))
                .put("/bad", request -> {
                    throw new IllegalArgumentException("name 'x': use another");
                })
                .delete("/gone", request -> Reply.empty(204))
                .start();
    }

    @AfterEach
    void stop() {
        go.countDown();
        server.close();
    }

    @Test
    void healthIsOpenAndTellsTheReason() throws Exception {
        assertEquals("200 ok", told(ask("GET", "/health", null, null)));
        health.problem("mysql", "refused");
        assertEquals("503 mysql: refused", told(ask("GET", "/health", null, null)));
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/nodes,geheim,200",
        "HEAD,/nodes,geheim,200",
        "GET,/nodes,,401",
        "GET,/nodes,wrong,401",
        "GET,/nodes,geheimer,401",
        "GET,/metrics,,401",
        "GET,/metrics,geheim,200",
        "POST,/echo,,401",
        "GET,/none,geheim,404",
        "GET,/none,,401",
        "GET,/nodes/,geheim,404",
        "GET,/app/,geheim,404",
        "GET,/app/a/b,geheim,404",
        "POST,/nodes,geheim,405",
        "DELETE,/gone,geheim,204",
        "GET,/limit?limit=100,geheim,200",
        "GET,/limit?limit=101,geheim,400",
        "GET,/limit?limit=x,geheim,400"
    })
    void routesAndTokens(String method, String path, String token, int status) throws Exception {
        HttpResponse<String> answer = ask(method, path, token, null);
        assertEquals(status, answer.statusCode());
        if (status >= 400) {
            assertTrue(answer.body().matches("\\{\"msg\":\".+\"}"), answer.body());
        }
        assertEquals(
                "nosniff", answer.headers().firstValue("X-Content-Type-Options").orElse(""));
    }

    @Test
    void openReadsOpenReadsOnly() throws Exception {
        server.openReads(true);
        assertEquals(200, ask("GET", "/nodes", null, null).statusCode());
        assertEquals(401, ask("POST", "/echo", null, "x").statusCode());
        assertEquals(401, ask("DELETE", "/gone", null, null).statusCode());
    }

    @Test
    void pathAndQueryAreDecoded() throws Exception {
        assertEquals("200 demoa b", told(ask("GET", "/app/demo?q=a+b", "geheim", null)));
        assertEquals("200 dé-", told(ask("GET", "/app/d%C3%A9", "geheim", null)));
    }

    @Test
    void aHandlersFaultsAreTold() throws Exception {
        assertEquals("400 {\"msg\":\"name 'x': use another\"}", told(ask("PUT", "/bad", "geheim", "x")));
        HttpResponse<String> broken = ask("GET", "/broken", "geheim", null);
        assertEquals(500, broken.statusCode());
        assertFalse(broken.body().contains("geheim"), broken.body());
    }

    @Test
    void bodiesAreBounded() throws Exception {
        assertEquals("202 täxt", told(ask("POST", "/echo", "geheim", "täxt")));
        assertEquals(
                413, ask("POST", "/echo", "geheim", "x".repeat((4 << 20) + 1)).statusCode());
    }

    @Test
    void metricsAreText() throws Exception {
        Metrics.counter("http_test_total", "Of this test.", "kind")
                .labelValues("a")
                .inc();
        String body = ask("GET", "/metrics", "geheim", null).body();
        assertTrue(body.contains("http_test_total{kind=\"a\"} 1.0"), body);
    }

    @Test
    void aTakenPortIsNamed() throws IOException {
        try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = holder.getLocalPort();
            IOException taken =
                    assertThrows(IOException.class, () -> ApiServer.bind("test", "127.0.0.1", port, health, TOKEN));
            assertTrue(taken.getMessage().contains("127.0.0.1:" + port), taken.getMessage());
        }
    }

    @Test
    void stoppingWaitsForRequestsUnderWay() throws Exception {
        CompletableFuture<JsonClient.Response> slow = CompletableFuture.supplyAsync(this::slow);
        assertTrue(entered.await(5, TimeUnit.SECONDS));
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(server::close);
        go.countDown();
        stopped.get(5, TimeUnit.SECONDS);
        assertEquals("slow", slow.get(5, TimeUnit.SECONDS).text());
    }

    private JsonClient.Response slow() {
        try {
            return client(TOKEN).send("GET", uri("/slow"), null);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theClientReadsValuesAndFailures() throws IOException {
        assertEquals(Map.of("n", 1), client(TOKEN).get(uri("/nodes"), Map.class));
        HttpFailure failure =
                assertThrows(HttpFailure.class, () -> client(Secret.NONE).get(uri("/nodes"), Map.class));
        assertEquals(401, failure.status());
        assertTrue(failure.getMessage().contains("Authorization"), failure.getMessage());
        assertFalse(failure.getMessage().contains("geheim"), failure.getMessage());
        JsonClient.Response echoed = client(TOKEN).send("POST", uri("/echo"), List.of("a"));
        assertEquals("202 [\"a\"]", echoed.status() + " " + echoed.text());
        assertEquals(
                "name 'x': use another",
                client(TOKEN).send("PUT", uri("/bad"), 1).message());
    }

    @Test
    void theClientHasADeadlineOverAllOfTheAnswer() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 4, InetAddress.getLoopbackAddress())) {
            URI uri = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/");
            IOException late = assertTimeoutPreemptively(
                    LIMIT,
                    () -> assertThrows(IOException.class, () -> client(TOKEN).send("GET", uri, null)));
            assertTrue(late.getMessage().startsWith("peer "), late.getMessage());
        }
    }

    @Test
    void anAbsentServerIsTold() throws IOException {
        URI uri = uri("/nodes");
        server.close();
        assertThrows(IOException.class, () -> client(TOKEN).get(uri, Map.class));
    }

    private static JsonClient client(Secret token) {
        return new JsonClient("peer", token, Duration.ofSeconds(2));
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    private static String told(HttpResponse<String> answer) {
        return answer.statusCode() + " " + answer.body();
    }

    private HttpResponse<String> ask(String method, String path, String token, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .timeout(LIMIT)
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
