package io.dinp.router.netty;

import io.dinp.common.model.HostPort;
import io.dinp.common.testing.Await;
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
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A router on a free port, with a table that the test writes: the real data plane within this process, or, when {@link ConformanceIT} runs
 * the tests once more, the daemon that was started from its archive.
 */
abstract class TestRouter implements AutoCloseable {
    static final String HOST = "demo.apps.io";
    /** On what only a router of this process can do or tell: the tests with it are not run against the started daemon. */
    static final String INSIDE = "inside";
    /** Another one for all tests by {@code -Ddinp.transport=io_uring}. */
    static final Transport TRANSPORT = Transport.named(System.getProperty("dinp.transport", "auto"));

    private static final Duration SOON = Duration.ofSeconds(5);

    private static volatile boolean started;

    private final List<Wire> clients = new ArrayList<>();
    private RouteTable table = RouteTable.EMPTY;

    /** How a router is to be. */
    record Wish(ProxyOptions options, Transport transport, Duration drain) {}

    /** From now on tests get the started daemon, or no more. */
    static void useStartedDaemon(boolean use) {
        started = use;
    }

    /** The shortest limit that can be configured. */
    static Duration shortest() {
        return started ? Duration.ofSeconds(1) : Duration.ofMillis(300);
    }

    static TestRouter start() throws IOException {
        return start(options -> options);
    }

    static TestRouter start(UnaryOperator<ProxyOptions> change) throws IOException {
        return start(change, TRANSPORT);
    }

    static TestRouter start(UnaryOperator<ProxyOptions> change, Transport transport) throws IOException {
        return start(new Wish(change.apply(ProxyOptions.of("router-1")), transport, Duration.ofSeconds(5)));
    }

    /** With another time for what still runs when it stops. */
    static TestRouter start(Duration drain) throws IOException {
        return start(new Wish(ProxyOptions.of("router-1"), TRANSPORT, drain));
    }

    private static TestRouter start(Wish wish) throws IOException {
        return started ? StartedRouter.of(wish) : new InsideRouter(wish);
    }

    /** The transports of this machine; io_uring when it is asked for, since Netty may close a wrong file of this process when it ends a ring. */
    static Stream<Transport> transports() {
        return Arrays.stream(Transport.values())
                .filter(Transport::isAvailable)
                .filter(transport -> transport != Transport.IO_URING || TRANSPORT == Transport.IO_URING);
    }

    // ---- what it is to do

    abstract int port();

    /** Serves by this table when it returns; what was under way at the switch. */
    abstract Map<HostPort, Integer> serve(RouteTable next);

    /** Stops it as operators do, and returns when it has ended. */
    abstract void stop();

    // ---- what it says

    /** Requests under way by endpoint. */
    abstract Map<HostPort, Integer> inFlight();

    /** One of its counters since it was started for this test; 0 when it runs no more. */
    abstract long number(String name);

    /** The access log since it was started for this test, as far as it is written. */
    abstract List<AccessLog.Entry> log();

    abstract boolean isDraining();

    // ---- the same in other words

    /** Routes {@link #HOST} to these endpoints. */
    TestRouter to(HostPort... endpoints) {
        route(HOST, endpoints);
        return this;
    }

    TestRouter to(Upstream upstream) {
        return to(upstream.address());
    }

    /** Returns what is under way then. */
    Map<HostPort, Integer> route(String host, HostPort... endpoints) {
        return install(table.edit().endpoints(host, List.of(endpoints)).build());
    }

    private Map<HostPort, Integer> install(RouteTable next) {
        table = next;
        return serve(next);
    }

    void knownApp(String host) {
        install(table.edit().apps(Set.of(host)).build());
    }

    void cname(String domain, String host) {
        install(table.edit().cname(domain, Optional.of(host)).build());
    }

    /** The access log when it has so many lines. */
    List<AccessLog.Entry> log(int lines) {
        Await.until(SOON, lines + " lines in the access log", () -> log().size() >= lines);
        return log();
    }

    Wire connect() throws IOException {
        Wire client = new Wire(new Socket(InetAddress.getLoopbackAddress(), port()), new ArrayList<>());
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

    /** What only a router of this process has; its tests are tagged {@link #INSIDE}. */
    InsideRouter inside() {
        return (InsideRouter) this;
    }

    /** Gives the router up, when all clients are gone. */
    abstract void end();

    @Override
    public void close() throws IOException {
        for (Wire client : clients) {
            client.close();
        }
        end();
    }
}
