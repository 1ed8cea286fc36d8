package io.dinp.dash;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the dashboard sees of dinp-server: counts the signals, keeps what it is asked to do, and tells of every app what
 * the files {@code server/*.json} say, unless a test has it say something else.
 */
final class FakeServer implements AutoCloseable {
    static final String TOKEN = "server-token";

    private record Answer(int status, String body) {}

    private final HttpServer http;
    private final Map<String, Answer> said = new ConcurrentHashMap<>();
    final AtomicInteger signals = new AtomicInteger();

    /** Each POST but the signals: path, a space, body. */
    final List<String> orders = new CopyOnWriteArrayList<>();

    FakeServer() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", this::answer);
        http.start();
    }

    String url() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    /** Has it answer a path otherwise, until it is told to {@link #forget}. */
    void say(String path, int status, String body) {
        said.put(path, new Answer(status, body));
    }

    void forget() {
        said.clear();
        orders.clear();
    }

    private void answer(HttpExchange exchange) throws IOException {
        boolean trusted =
                ("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"));
        String path = exchange.getRequestURI().getPath();
        String sent = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (trusted && path.equals("/signal")) {
            signals.incrementAndGet();
        } else if (trusted && exchange.getRequestMethod().equals("POST")) {
            orders.add((path + " " + sent).strip());
        }
        Answer answer = said.getOrDefault(path, new Answer(200, body(path)));
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(trusted ? answer.status() : 401, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static String body(String path) throws IOException {
        if (path.startsWith("/status/")) {
            return file("status");
        }
        String last = path.substring(path.lastIndexOf('/') + 1);
        return List.of("nodes", "revisions", "exits", "why", "plan").contains(last) ? file(last) : "[{\"Id\":\"c1\"}]";
    }

    /** One of the files with what it says. */
    static String file(String name) throws IOException {
        try (InputStream in = FakeServer.class.getResourceAsStream("/server/" + name + ".json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
