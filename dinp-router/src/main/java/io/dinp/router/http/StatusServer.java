package io.dinp.router.http;

import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.dinp.common.config.Secret;
import io.dinp.common.daemon.Health;
import io.dinp.common.http.Reply;
import io.dinp.common.metrics.Metrics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * The status port: {@code /healthz} for load balancers and {@code /health} for operators, open to all; {@code /varz}, {@code /routes} and
 * {@code /metrics} behind the original's basic authentication, which is why this is not the other daemons' server with its bearer token.
 */
public final class StatusServer implements AutoCloseable {
    private static final int THREADS = 4;
    private static final int WAITING = 64;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final Access access;
    private final Health health;
    private final RouterStatus status;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, work -> {
        Thread thread = new Thread(work, "status");
        thread.setDaemon(true);
        return thread;
    });
    private HttpServer server;
    private boolean answering;

    /**
     * Where and for whom.
     *
     * @param user empty: everything is open
     */
    public record Access(String addr, int port, String user, Secret pass) {}

    /** A server that does not listen yet. */
    public StatusServer(Access access, Health health, RouterStatus status) {
        this.access = access;
        this.health = health;
        this.status = status;
    }

    /**
     * Takes the port. Who asks now waits until {@link #answer}.
     *
     * @throws IOException when the port cannot be had
     */
    public synchronized void bind() throws IOException {
        try {
            server = HttpServer.create(new InetSocketAddress(access.addr(), access.port()), WAITING);
        } catch (IOException e) {
            throw new IOException("cannot listen on status port " + access.port() + ": " + e.getMessage(), e);
        }
        server.setExecutor(threads);
        open("/", () -> Reply.text(404, "there is nothing here; see /healthz /health /varz /routes /metrics\n"));
        open("/healthz", () -> healthz(status));
        open("/health", () -> Reply.text(health.isOk() ? 200 : 503, health.text()));
        guarded("/varz", () -> Reply.json(200, status.varz()));
        guarded("/routes", () -> Reply.json(200, status.routes()));
        guarded("/metrics", () -> {
            status.measure();
            return new Reply(
                    200, METRICS_TYPE, (Metrics.text() + status.appMetrics()).getBytes(StandardCharsets.UTF_8));
        });
    }

    /** Answers from now on, when the port is taken. */
    public synchronized void answer() {
        if (server != null && !answering) {
            server.start();
            answering = true;
        }
    }

    /**
     * Takes the port as soon as a predecessor has closed it.
     *
     * @throws IOException when that takes longer than the patience
     */
    public void bindWhenFree(Duration patience) throws IOException {
        long end = System.nanoTime() + patience.toNanos();
        boolean bound = false;
        while (!bound) {
            try {
                bind();
                bound = true;
            } catch (IOException e) {
                if (System.nanoTime() - end > 0 || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private static Reply healthz(RouterStatus status) {
        return status.unreadiness()
                .map(reason -> Reply.text(503, reason + "\n"))
                .orElseGet(() -> Reply.text(200, "ok\n"));
    }

    private void guarded(String path, Supplier<Reply> answer) {
        var context = server.createContext(path, exchange -> answer(exchange, path, answer));
        if (!access.user().isEmpty()) {
            context.setAuthenticator(new BasicAuthenticator("dinp-router") {
                @Override
                public boolean checkCredentials(String user, String password) {
                    return access.user().equals(user) && access.pass().matches(password);
                }
            });
        }
    }

    private void open(String path, Supplier<Reply> answer) {
        server.createContext(path, exchange -> answer(exchange, path, answer));
    }

    private static void answer(HttpExchange exchange, String path, Supplier<Reply> answer) throws IOException {
        try (exchange) {
            boolean known =
                    path.equals("/") || exchange.getRequestURI().getPath().equals(path);
            String method = exchange.getRequestMethod();
            Reply reply = !known
                    ? Reply.text(404, "not found\n")
                    : method.equals("GET") || method.equals("HEAD") ? answer.get() : Reply.text(405, "read only\n");
            exchange.getResponseHeaders().set("Content-Type", reply.contentType());
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            boolean bodyless = method.equals("HEAD");
            exchange.sendResponseHeaders(reply.status(), bodyless ? -1 : reply.body().length);
            if (!bodyless) {
                exchange.getResponseBody().write(reply.body());
            }
        }
    }

    @Override
    public synchronized void close() {
        if (server != null) {
            server.stop(0);
            server = null;
        }
        threads.shutdownNow();
        try {
            threads.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
