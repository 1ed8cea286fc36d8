package io.dinp.e2e.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.dinp.e2e.bed.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoadTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;
    private volatile int status = 200;

    @BeforeEach
    void serveAnEcho() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            byte[] answer = ("echo v1 here\n" + body).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void end() {
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void requestsAreDueEveryTenMilliseconds() {
        assertEquals(1_000_000_000L, Load.due(0, 100, 100));
        assertEquals(42, Load.due(42, 0, 100));
    }

    @Test
    void theFourKindsTakeTurns() {
        assertEquals(RequestKind.GET_KEPT, RequestKind.ofTurn(0));
        assertEquals(RequestKind.POST_CLOSED, RequestKind.ofTurn(7));
        assertEquals(RequestKind.BODY_BYTES, RequestKind.POST_KEPT.body(12345).length());
        assertEquals("", RequestKind.GET_CLOSED.body(1));
    }

    @Test
    void answersOfTheAppAreCountedByVersion() {
        try (Load load = Load.start(server.getAddress(), "echo", "apps.test")) {
            Await.until(
                    Duration.ofSeconds(10), "forty answers", () -> load.report().sent() >= 40);
            LoadReport report = load.stop();
            assertEquals(0, report.failed(), report::toString);
            assertEquals(report.sent(), report.versions().get("v1"));
        }
    }

    @Test
    void otherAnswersAreFailures() {
        status = 503;
        try (Load load = Load.start(server.getAddress(), "echo", "apps.test")) {
            Await.until(
                    Duration.ofSeconds(10), "eight answers", () -> load.report().sent() >= 8);
            LoadReport report = load.stop();
            assertEquals(report.sent(), report.failed());
            assertTrue(report.failures().get(0).contains("status 503"), report::toString);
            assertTrue(report.lastFailure().toMillis() >= 70, report::toString);
        }
    }

    @Test
    void aRefusingRouterFailsRequestsUnlessTheyAreBalanced() {
        List<InetSocketAddress> routers =
                List.of(new InetSocketAddress(server.getAddress().getAddress(), 1), server.getAddress());
        try (Load load = Load.start(routers, List.of("echo"), "apps.test")) {
            Await.until(
                    Duration.ofSeconds(10),
                    "sixteen answers",
                    () -> load.report().sent() >= 16);
            assertTrue(load.report().failed() > 0);
            load.balance();
            load.runFor(Duration.ofMillis(100));
            load.cut();
            Await.until(
                    Duration.ofSeconds(10), "sixteen more", () -> load.report().sent() >= 16);
            LoadReport report = load.stop();
            assertEquals(0, report.failed(), report::toString);
            assertTrue(report.again() > 0, report::toString);
        }
    }

    @Test
    void severalAppsTakeTurnsAndEachMustAnswerItself() {
        try (Load load = Load.start(List.of(server.getAddress()), List.of("echo", "other"), "apps.test")) {
            Await.until(
                    Duration.ofSeconds(10),
                    "sixteen answers",
                    () -> load.report().sent() >= 16);
            LoadReport report = load.stop();
            assertTrue(report.failures().get(0).contains("answer of another app"), report::toString);
            assertEquals(report.failed(), report.wrong());
            assertTrue(report.versions().get("v1") >= 8, report::toString);
        }
    }
}
