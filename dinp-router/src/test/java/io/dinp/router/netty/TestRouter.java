package io.dinp.router.netty;

import io.dinp.common.model.HostPort;
import io.dinp.router.core.AccessLog;
import io.dinp.router.core.RouteTable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The real data plane on a free port, with a table that the test writes. */
final class TestRouter implements AutoCloseable {
    static final String HOST = "demo.apps.io";
    /** Longer than what any test drains. */
    private static final Duration TUNNEL_DRAIN = Duration.ofSeconds(10);
    /** Another one for all tests by {@code -Ddinp.transport=io_uring}. */
    static final Transport TRANSPORT = Transport.named(System.getProperty("dinp.transport", "auto"));

    private final RouterServer server;
    private final Traffic traffic = new Traffic();
    private final List<AccessLog.Entry> log = new CopyOnWriteArrayList<>();
    private final AtomicInteger drained = new AtomicInteger();
    private final List<Wire> clients = new ArrayList<>();
    private RouteTable table = RouteTable.EMPTY;

    private TestRouter(ProxyOptions options, Transport transport, Duration drain) throws IOException {
        server = new RouterServer(
                new RouterServer.Setup(transport, 1, "127.0.0.1", 0, Duration.ZERO, drain, TUNNEL_DRAIN),
                options,
                traffic,
                log::add,
                drained::incrementAndGet);
        server.listen();
    }

    static TestRouter start() throws IOException {
        return start(options -> options);
    }

    static TestRouter start(UnaryOperator<ProxyOptions> change) throws IOException {
        return start(change, TRANSPORT);
    }

    static TestRouter start(UnaryOperator<ProxyOptions> change, Transport transport) throws IOException {
        return new TestRouter(change.apply(ProxyOptions.of("router-1")), transport, Duration.ofSeconds(5));
    }

    /** The transports of this machine; io_uring when it is asked for, since Netty may close a wrong file of this process when it ends a ring. */
    static Stream<Transport> transports() {
        return Arrays.stream(Transport.values())
                .filter(Transport::isAvailable)
                .filter(transport -> transport != Transport.IO_URING || TRANSPORT == Transport.IO_URING);
    }

    /** With another time for what still runs when it stops. */
    static TestRouter start(Duration drain) throws IOException {
        return new TestRouter(ProxyOptions.of("router-1"), TRANSPORT, drain);
    }

    /** Routes {@link #HOST} to these endpoints. */
    TestRouter to(HostPort... endpoints) {
        route(HOST, endpoints);
        return this;
    }

    TestRouter to(Upstream upstream) {
        return to(upstream.address());
    }

    Map<HostPort, Integer> route(String host, HostPort... endpoints) {
        return install(table.edit().endpoints(host, List.of(endpoints)).build());
    }

    Map<HostPort, Integer> install(RouteTable next) {
        table = next;
        return server.install(next);
    }

    void knownApp(String host) {
        install(table.edit().apps(Set.of(host)).build());
    }

    void cname(String domain, String host) {
        install(table.edit().cname(domain, Optional.of(host)).build());
    }

    Wire connect() throws IOException {
        Wire client = new Wire(new Socket(InetAddress.getLoopbackAddress(), server.port()), new ArrayList<>());
        clients.add(client);
        return client;
    }

    /** Sends the head lines with Host and the empty line on a new connection, and reads one response. */
    String ask(String requestLine, String... headers) throws IOException {
        return connect().send(request(requestLine, headers)).readMessage();
    }

    static String request(String requestLine, String... headers) {
        StringBuilder text =
                new StringBuilder(requestLine).append("\r\nHost: ").append(HOST).append("\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        return text.append("\r\n").toString();
    }

    static String get(String path) {
        return request("GET " + path + " HTTP/1.1");
    }

    RouterServer server() {
        return server;
    }

    long number(String name) {
        return traffic.numbers().get(name);
    }

    List<AccessLog.Entry> log() {
        return log;
    }

    int drained() {
        return drained.get();
    }

    @Override
    public void close() throws IOException {
        for (Wire client : clients) {
            client.close();
        }
        server.close();
    }
}
