package io.dinp.dash;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** What the dashboard sees of dinp-server: counts the signals, knows one instance of every app. */
final class FakeServer implements AutoCloseable {
    static final String TOKEN = "server-token";

    private final HttpServer http;
    final AtomicInteger signals = new AtomicInteger();

    FakeServer() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", this::answer);
        http.start();
    }

    String url() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        boolean trusted =
                ("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"));
        String path = exchange.getRequestURI().getPath();
        if (trusted && path.equals("/signal")) {
            signals.incrementAndGet();
        }
        byte[] body = body(path).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(trusted ? 200 : 401, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static String body(String path) {
        if (path.startsWith("/status/")) {
            return "{\"state\":\"rolling\",\"desired\":1,\"reason\":\"no room\",\"crashes\":4,\"nextStart\":4102444800000,\"instances\":[{\"instance\":\"i1\",\"node\":"
                    + "\"10.0.0.1\",\"address\":\"10.0.0.1:20000\",\"image\":\"r/a:1\",\"state\":\"failed\","
                    + "\"reason\":\"exit code 1 <b>\",\"startedAt\":1}]}";
        }
        return path.equals("/nodes") ? "{\"10.0.0.1\":{\"Ip\":\"10.0.0.1\",\"MemFree\":9}}" : "[{\"Id\":\"c1\"}]";
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
