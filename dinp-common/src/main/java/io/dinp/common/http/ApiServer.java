package io.dinp.common.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.dinp.common.config.Secret;
import io.dinp.common.daemon.Health;
import io.dinp.common.http.Routes.Access;
import io.dinp.common.metrics.Metrics;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A daemon's own HTTP port, on the JDK's server: {@code /health} open to all, everything else by bearer token.
 *
 * <p>Bounded in threads, waiting connections, time to send a request, and body size.
 */
public final class ApiServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
    private static final int THREADS = 16;
    private static final int WAITING = 256;
    private static final int BODY_LIMIT = 4 << 20;
    private static final Duration STOP_LIMIT = Duration.ofSeconds(2);

    static {
        // The JDK's server has no limit on a slow request unless these are set before its first use; seconds.
        System.getProperties().putIfAbsent("sun.net.httpserver.maxReqTime", "30");
        System.getProperties().putIfAbsent("sun.net.httpserver.maxRspTime", "60");
        // Without it small answers wait 40 ms for the client's acknowledgement.
        System.getProperties().putIfAbsent("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final ThreadPoolExecutor threads;
    private final Routes routes = new Routes();
    private final Secret token;
    /** One party for this server, and one for each request under way. */
    private final Phaser underWay = new Phaser(1);

    private volatile boolean openReads;

    private ApiServer(HttpServer server, ThreadPoolExecutor threads, Secret token) {
        this.server = server;
        this.threads = threads;
        this.token = token;
    }

    /**
     * Binds, so that a taken port is told at once; {@link #start} begins to answer.
     *
     * @param addr address to listen on; empty for all
     * @param token what clients must bring; when empty, nothing but {@code /health} needs one
     * @throws IOException naming the address when it is taken
     */
    public static ApiServer bind(String name, String addr, int port, Health health, Secret token) throws IOException {
        InetSocketAddress address = addr.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(addr, port);
        HttpServer server;
        try {
            server = HttpServer.create(address, WAITING);
        } catch (BindException e) {
            throw new IOException("cannot listen on " + addr + ":" + port + ": " + e.getMessage(), e);
        }
        ThreadPoolExecutor threads = pool(name);
        server.setExecutor(threads);
        ApiServer api = new ApiServer(server, threads, token);
        api.open("/health", request -> Reply.text(health.isOk() ? 200 : 503, health.text()));
        api.get(
                "/metrics",
                request -> new Reply(
                        200,
                        "text/plain; version=0.0.4; charset=utf-8",
                        Metrics.text().getBytes(StandardCharsets.UTF_8)));
        server.createContext("/", api::serve);
        return api;
    }

    private static ThreadPoolExecutor pool(String name) {
        AtomicInteger count = new AtomicInteger();
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                THREADS, THREADS, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), work -> {
                    Thread thread = new Thread(work, name + "-http-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** Lets everybody read; writes still need the token. */
    public ApiServer openReads(boolean open) {
        openReads = open;
        return this;
    }

    /** A route that needs no token. */
    public ApiServer open(String path, Handler handler) {
        routes.add("GET", path, Access.OPEN, handler);
        return this;
    }

    /** A route that reads. */
    public ApiServer get(String path, Handler handler) {
        routes.add("GET", path, Access.READ, handler);
        return this;
    }

    /** A route that changes something. */
    public ApiServer post(String path, Handler handler) {
        routes.add("POST", path, Access.WRITE, handler);
        return this;
    }

    /** A route that changes something. */
    public ApiServer put(String path, Handler handler) {
        routes.add("PUT", path, Access.WRITE, handler);
        return this;
    }

    /** A route that changes something. */
    public ApiServer delete(String path, Handler handler) {
        routes.add("DELETE", path, Access.WRITE, handler);
        return this;
    }

    /** Begins to answer. */
    public ApiServer start() {
        server.start();
        return this;
    }

    /** The port in use, also when 0 was asked for. */
    public int port() {
        return server.getAddress().getPort();
    }

    private void serve(HttpExchange exchange) throws IOException {
        underWay.register();
        try (exchange) {
            send(exchange, answer(exchange));
        } finally {
            underWay.arriveAndDeregister();
        }
    }

    private Reply answer(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod().equals("HEAD") ? "GET" : exchange.getRequestMethod();
        String path = exchange.getRequestURI().getPath();
        Optional<Routes.Match> match = routes.find(method, path);
        boolean allowed = match.isPresent() && mayUse(match.get().access(), exchange);
        if (!allowed && !authorized(exchange)) {
            // Also for a path that does not exist: a stranger learns nothing.
            exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
            return Reply.error(401, "send the header 'Authorization: Bearer <token>' with the token of this daemon");
        }
        if (match.isEmpty()) {
            return routes.knows(path)
                    ? Reply.error(405, path + " does not take " + exchange.getRequestMethod())
                    : Reply.error(404, "there is no " + path + " here");
        }
        byte[] body = exchange.getRequestBody().readNBytes(BODY_LIMIT + 1);
        if (body.length > BODY_LIMIT) {
            return Reply.error(413, "the body is longer than " + BODY_LIMIT + " bytes");
        }
        return handle(match.get(), exchange, body);
    }

    private boolean mayUse(Access access, HttpExchange exchange) {
        return access == Access.OPEN || (access == Access.READ && openReads) || authorized(exchange);
    }

    private boolean authorized(HttpExchange exchange) {
        if (token.isEmpty()) {
            return true;
        }
        String header = exchange.getRequestHeaders().getFirst("Authorization");
        return header != null && header.startsWith("Bearer ") && token.matches(header.substring("Bearer ".length()));
    }

    private static Reply handle(Routes.Match match, HttpExchange exchange, byte[] body) {
        String path = exchange.getRequestURI().getPath();
        try {
            return match.handler()
                    .handle(new Request(
                            exchange.getRequestMethod(),
                            path,
                            match.pathVars(),
                            query(exchange.getRequestURI().getRawQuery()),
                            body,
                            headers(exchange)));
        } catch (IllegalArgumentException | BadRequest e) {
            return Reply.error(400, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Reply.error(503, "this daemon is stopping");
        } catch (Exception e) {
            LOG.error("{} {} failed", exchange.getRequestMethod(), path, e);
            return Reply.error(500, "an error inside; the log tells more");
        }
    }

    private static Map<String, String> query(String raw) {
        Map<String, String> query = new HashMap<>();
        for (String pair : raw == null ? new String[0] : raw.split("&")) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            query.put(decode(name), equals < 0 ? "" : decode(pair.substring(equals + 1)));
        }
        return query;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static Map<String, String> headers(HttpExchange exchange) {
        Map<String, String> headers = new HashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
        return headers;
    }

    private static void send(HttpExchange exchange, Reply reply) throws IOException {
        boolean head = exchange.getRequestMethod().equals("HEAD");
        if (!reply.contentType().isEmpty()) {
            exchange.getResponseHeaders().set("Content-Type", reply.contentType());
        }
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        boolean noBody = head || reply.body().length == 0;
        exchange.sendResponseHeaders(reply.status(), noBody ? -1 : reply.body().length);
        if (!noBody) {
            exchange.getResponseBody().write(reply.body());
        }
    }

    /** Stops; requests under way have two seconds to end. */
    @Override
    public void close() {
        try {
            underWay.awaitAdvanceInterruptibly(underWay.arrive(), STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warn("requests were still under way after {} s", STOP_LIMIT.toSeconds());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // The JDK's own wait takes its full time even when nothing is under way.
        server.stop(0);
        threads.shutdownNow();
    }
}
