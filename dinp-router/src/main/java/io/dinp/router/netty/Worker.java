package io.dinp.router.netty;

import io.dinp.common.model.HostPort;
import io.dinp.router.core.AccessLog;
import io.dinp.router.core.AppNumbers;
import io.dinp.router.core.BackendPicker;
import io.dinp.router.core.Route;
import io.dinp.router.core.RouteTable;
import io.dinp.router.core.TableDiff;
import io.dinp.router.wire.ByteSink;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one event loop owns: its table, its endpoints with their connections and counts, its clients. Used on that loop only.
 *
 * <p>Because table and counts change on one thread, a request that finds an endpoint in the table is counted before the table can change:
 * once {@link #install} has returned, the counts say all that a removed endpoint will ever get.
 */
final class Worker {
    private static final Logger log = LoggerFactory.getLogger(Worker.class);
    private static final long SWEEP_MILLIS = 250;
    private static final int HEAD_SPACE = 4096;

    private final EventLoop loop;
    private final Shared shared;
    private final ProxyOptions options;
    private final Traffic traffic;
    private final Bootstrap bootstrap;
    private final ByteSink sink = new ByteSink(HEAD_SPACE);
    private final SplittableRandom random = new SplittableRandom();
    private final Map<HostPort, PooledBackend> backends = new HashMap<>();
    private final Map<String, RoutePicker> pickers = new HashMap<>();
    private final Map<String, AppNumbers> apps = new HashMap<>();
    private final Set<ClientConnection> clients = new HashSet<>();
    private RouteTable table = RouteTable.EMPTY;
    private long generation;
    private boolean draining;

    private record RoutePicker(Route route, BackendPicker<PooledBackend> picker) {}

    Worker(EventLoop loop, Shared shared) {
        this.loop = loop;
        this.shared = shared;
        this.options = shared.options();
        this.traffic = shared.traffic();
        this.bootstrap = new Bootstrap()
                .group(loop)
                .channel(shared.transport().socket())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                // A refused write must not throw away the response that explains it.
                .option(ChannelOption.AUTO_CLOSE, false)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        options.connectTimeout().toMillis());
        shared.transport().probeSilent(bootstrap);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // ends with the loop
    void start() {
        loop.scheduleWithFixedDelay(this::sweepAlways, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    EventLoop loop() {
        return loop;
    }

    ProxyOptions options() {
        return options;
    }

    Traffic traffic() {
        return traffic;
    }

    AccessLog accessLog() {
        return shared.accessLog();
    }

    /** A client got that answer to what was no request, or none yet, or none that is counted. */
    void refused(ClientAddress client, Refusal refusal) {
        traffic.response(refusal.status(), 0);
        if (accessLog().isOn()) {
            accessLog().add(RequestRecord.refused(client, refusal, randomBits(), randomBits()));
        }
    }

    ConnectionCount connections() {
        return shared.connections();
    }

    RouteTable table() {
        return table;
    }

    /** Counts the tables, so that what was found in one is not used with the next. */
    long generation() {
        return generation;
    }

    boolean isDraining() {
        return draining;
    }

    /** The loop's space for writing a head; empty. */
    ByteSink sink() {
        return sink.clear();
    }

    /** What was written into {@link #sink}, as a buffer for a channel. */
    ByteBuf sunk() {
        return ByteBufAllocator.DEFAULT.directBuffer(sink.size()).writeBytes(sink.array(), 0, sink.size());
    }

    /** The same, with the next bytes of a body behind it: one buffer to be sent where two would cost more than the copy. */
    ByteBuf sunkWith(ByteBuf body, int length) {
        return ByteBufAllocator.DEFAULT
                .directBuffer(sink.size() + length)
                .writeBytes(sink.array(), 0, sink.size())
                .writeBytes(body, length);
    }

    long randomBits() {
        return random.nextLong();
    }

    /** Opens a connection for the exchange, which learns of the outcome. */
    @SuppressWarnings("FutureReturnValueIgnored") // the listener takes the outcome
    void dial(PooledBackend backend, Exchange exchange) {
        UpstreamConnection connection = new UpstreamConnection(backend, shared.transport(), options);
        bootstrap.clone().handler(connection).connect(backend.socketAddress()).addListener(future -> {
            traffic.connect(future.isSuccess());
            exchange.dialled(connection, future.cause());
        });
    }

    /** The balance of a route that has endpoints. */
    BackendPicker<PooledBackend> picker(Route route) {
        RoutePicker known = pickers.get(route.host());
        if (known == null || !known.route().equals(route)) {
            known = new RoutePicker(route, newPicker(route));
            pickers.put(route.host(), known);
        }
        return known.picker();
    }

    private BackendPicker<PooledBackend> newPicker(Route route) {
        List<PooledBackend> members =
                route.endpoints().stream().map(this::backend).toList();
        return new BackendPicker<>(members, random.nextInt(members.size()));
    }

    private PooledBackend backend(HostPort address) {
        return backends.computeIfAbsent(
                address, key -> new PooledBackend(key, shared.mostInFlight(), options.maxIdle()));
    }

    /**
     * Goes over to the next table; requests that have chosen an endpoint already are left alone.
     *
     * @param diff what is different from the table before: looking through all there is would hold up the loop's requests
     */
    void install(RouteTable next, TableDiff diff) {
        table = next;
        generation++;
        diff.hosts().forEach(pickers::remove);
        diff.hosts().stream().filter(host -> next.lookup(host).isEmpty()).forEach(apps::remove);
        diff.came().forEach(endpoint -> retire(endpoint, false));
        diff.gone().forEach(endpoint -> retire(endpoint, true));
    }

    private void retire(HostPort endpoint, boolean gone) {
        PooledBackend backend = backends.get(endpoint);
        if (backend != null) {
            backend.retired(gone);
            if (gone) {
                backend.closeIdle();
            }
            if (backend.isForgettable()) {
                backends.remove(endpoint);
            }
        }
    }

    /** Where this loop counts the requests of the app at that host. */
    AppNumbers numbers(String host) {
        AppNumbers known = apps.get(host);
        return known != null ? known : apps.computeIfAbsent(shared.roster().admit(host), key -> new AppNumbers());
    }

    /** A copy of what this loop has counted, by host. */
    Map<String, AppNumbers> numbers() {
        Map<String, AppNumbers> copies = new HashMap<>();
        apps.forEach((host, numbers) -> copies.put(host, new AppNumbers().add(numbers)));
        return copies;
    }

    /** How many requests hold each endpoint that any holds. */
    Map<HostPort, Integer> inFlight() {
        Map<HostPort, Integer> counts = new HashMap<>();
        backends.values().stream()
                .filter(backend -> backend.inFlight() > 0)
                .forEach(backend -> counts.put(backend.address(), backend.inFlight()));
        return counts;
    }

    /** Ends a request's hold on its endpoint. */
    void leave(PooledBackend backend) {
        if (backend.leave()) {
            shared.drained().run();
        }
    }

    void add(ClientConnection client) {
        clients.add(client);
        traffic.connection(1);
    }

    void remove(ClientConnection client) {
        if (clients.remove(client)) {
            traffic.connection(-1);
        }
    }

    boolean hasClients() {
        return !clients.isEmpty();
    }

    /** Whether there are clients whose connections no other protocol has taken over. */
    boolean hasRequests() {
        return !clients.stream().allMatch(ClientConnection::isTunnel);
    }

    /** From now on each response ends its connection, and idle clients are let go a little later. */
    void drain() {
        draining = true;
        List.copyOf(clients).forEach(ClientConnection::drain);
    }

    void closeClients() {
        List.copyOf(clients).forEach(ClientConnection::drainOver);
    }

    /** Leaves the connections that another protocol has taken over. */
    void closeRequests() {
        clients.stream().filter(client -> !client.isTunnel()).toList().forEach(ClientConnection::drainOver);
    }

    /** What throws is not scheduled again, and no deadline would pass any more. */
    private void sweepAlways() {
        try {
            sweep();
        } catch (RuntimeException e) {
            log.error("looking for what has passed its deadline failed", e);
        }
    }

    private void sweep() {
        long now = System.nanoTime();
        for (ClientConnection client : List.copyOf(clients)) {
            client.checkDeadline(now);
        }
        long oldest = now - options.upstreamIdle().toNanos();
        backends.values().forEach(backend -> backend.closeIdleSince(oldest));
        backends.values().removeIf(PooledBackend::isForgettable);
    }
}
