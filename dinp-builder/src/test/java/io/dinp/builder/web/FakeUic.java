package io.dinp.builder.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.dinp.common.sso.SsoUser;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A uic that speaks the contract's sign-on with tickets, for tests of the service's side. */
public final class FakeUic implements AutoCloseable {
    public static final String TOKEN = "uic-token";

    private final HttpServer server;
    private final AtomicInteger sigs = new AtomicInteger();
    private final Map<String, SsoUser> tickets = new ConcurrentHashMap<>();
    private final Map<String, SsoUser> attached = new ConcurrentHashMap<>();

    public FakeUic() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            String query = String.valueOf(exchange.getRequestURI().getQuery());
            String answer = query.contains("token=" + TOKEN) ? answer(path, query) : null;
            send(exchange, answer);
        });
        server.start();
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** What the user does at uic: signs in under a sig, and is sent back with this ticket. */
    public String signIn(String sig, SsoUser user) {
        String ticket = "ticket-of-" + sig;
        tickets.put(sig + " " + ticket, user);
        return ticket;
    }

    /** A session that is signed on already. */
    public String session(SsoUser user) {
        String sig = nextSig();
        attached.put(sig, user);
        return sig;
    }

    /** What happens at uic when the user is blocked, or signs out of another service. */
    public void end(String sig) {
        attached.remove(sig);
    }

    private String nextSig() {
        return String.format("%032d", sigs.incrementAndGet());
    }

    private String answer(String path, String query) {
        String last = path.substring(path.lastIndexOf('/') + 1);
        if (path.equals("/sso/sig")) {
            return nextSig();
        }
        if (path.startsWith("/sso/attach/")) {
            String ticket = query.replaceAll(".*ticket=([^&]*).*", "$1");
            SsoUser user = tickets.remove(last + " " + ticket);
            return user == null ? null : String.valueOf(attached.put(last, user));
        }
        if (path.startsWith("/sso/user/")) {
            SsoUser user = attached.get(last);
            return user == null
                    ? null
                    : "{\"user\":{\"id\":" + user.id() + ",\"name\":\"" + user.name() + "\",\"role\":" + user.role()
                            + "}}";
        }
        if (path.startsWith("/sso/logout/")) {
            return String.valueOf(attached.remove(last));
        }
        return null;
    }

    private static void send(HttpExchange exchange, String answer) throws IOException {
        byte[] body = (answer == null ? "" : answer).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer == null ? 404 : 200, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
