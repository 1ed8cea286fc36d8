package io.dinp.router.netty;

import io.dinp.common.model.HostPort;
import io.dinp.router.core.AccessLog;
import io.dinp.router.core.AppNumbers;
import io.dinp.router.core.AppRoster;
import io.dinp.router.core.RouteTable;
import io.dinp.router.core.TableDiff;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.UnixChannel;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The traffic port with its event loops. Closing it drains: no more connections, requests finish within the drain time. */
public final class RouterServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RouterServer.class);
    private static final Duration LOOP_ANSWER = Duration.ofSeconds(10);
    private static final long DRAIN_LOOK_MILLIS = 50;
    private static final int BACKLOG = 4096;
    /** Between two such batches a loop serves all who are there already. */
    private static final int ACCEPTS_AT_ONCE = 1024;

    private final Setup setup;
    private final EventLoopGroup group;
    private final AppRoster roster;
    private final Map<EventExecutor, Worker> workers = new HashMap<>();
    private RouteTable installed = RouteTable.EMPTY;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final AtomicBoolean handedOver = new AtomicBoolean();
    private volatile boolean draining;
    private volatile Channel listener;
    /** Sockets are handed over by epoll alone, so this is another group when the traffic has another transport. */
    private volatile EventLoopGroup offering;

    /**
     * How to open the port.
     *
     * @param threads event loops
     * @param port 0 for any free one
     * @param drainWait how long it still accepts after it has said that it drains
     * @param drainTimeout how long requests may go on once the server is closed
     * @param tunnelDrainTimeout the same for connections that another protocol, such as WebSocket, has taken over
     */
    public record Setup(
            Transport transport,
            int threads,
            String address,
            int port,
            Duration drainWait,
            Duration drainTimeout,
            Duration tunnelDrainTimeout) {}

    /**
     * Starts the event loops; {@link #listen} opens the port.
     *
     * @param drained called on an event loop when an endpoint that has left the table has nothing in flight any more
     */
    public RouterServer(Setup setup, ProxyOptions options, Traffic traffic, AccessLog accessLog, Runnable drained) {
        this.setup = setup;
        this.roster = new AppRoster(options.meteredApps());
        this.group = setup.transport().group(setup.threads());
        this.offering = group;
        Shared shared = new Shared(
                setup.transport(),
                options,
                traffic,
                accessLog,
                roster,
                new ConnectionCount(options.limits()),
                Math.max(1, options.limits().endpointRequests() / setup.threads()),
                drained);
        for (EventExecutor executor : group) {
            Worker worker = new Worker((EventLoop) executor, shared);
            workers.put(executor, worker);
            worker.start();
        }
    }

    /**
     * Opens the port. Not before there is a table: a router that knows no route must not take requests from one that does.
     *
     * @throws IOException when the port cannot be had
     */
    public void listen() throws IOException {
        ServerBootstrap bootstrap = bootstrap().channel(setup.transport().listener());
        listening(bootstrap.bind(new InetSocketAddress(setup.address(), setup.port())));
    }

    /**
     * Accepts on the predecessor's port from now on; on one of its own when the two are configured for different ones.
     *
     * @throws IOException when the port cannot be had
     */
    public void listen(Predecessor predecessor) throws IOException {
        if (setup.transport() != Transport.EPOLL) {
            // Netty adopts no listening socket there. The two ports are one by SO_REUSEPORT until the predecessor
            // closes its own.
            predecessor.listener().close();
            listen();
            return;
        }
        EpollServerSocketChannel inherited =
                new EpollServerSocketChannel(predecessor.listener().intValue());
        if (inherited.localAddress().equals(new InetSocketAddress(setup.address(), setup.port()))) {
            listening(bootstrap().channelFactory(() -> inherited).register());
        } else {
            log.info("the running router listens elsewhere address={}", inherited.localAddress());
            predecessor.listener().close();
            listen();
        }
    }

    private void listening(ChannelFuture opened) throws IOException {
        opened.awaitUninterruptibly();
        if (!opened.isSuccess()) {
            throw new IOException(
                    "cannot listen on port " + setup.port() + ": "
                            + opened.cause().getMessage(),
                    opened.cause());
        }
        listener = opened.channel();
        log.info(
                "serving address={} transport={} loops={}",
                listener.localAddress(),
                setup.transport(),
                setup.threads());
    }

    /**
     * Has a listening socket accept all that wait for it in one turn. Unless told not to, Netty 4.2 asks after each client whether there may be more by
     * comparing a number of bytes, which on epoll is the client's file descriptor, and accepts a single one a turn: under load the last of 512 clients waited
     * for a second.
     */
    static RecvByteBufAllocator acceptingAll() {
        return new ServerChannelRecvByteBufAllocator()
                .respectMaybeMoreData(false)
                .maxMessagesPerRead(ACCEPTS_AT_ONCE);
    }

    private ServerBootstrap bootstrap() {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(group)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.RECVBUF_ALLOCATOR, acceptingAll())
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new ClientConnection(workers.get(channel.eventLoop())));
                    }
                });
        return setup.transport() == Transport.NIO ? bootstrap : bootstrap.option(UnixChannelOption.SO_REUSEPORT, true);
    }

    /**
     * Offers the port to a successor.
     *
     * @param served called once on an event loop when the successor serves it
     */
    public void offer(Path socket, Runnable served) {
        if (!(listener instanceof UnixChannel port) || !Transport.EPOLL.isAvailable()) {
            return;
        }
        offering = setup.transport() == Transport.EPOLL ? group : Transport.EPOLL.group(1);
        // Under a name of its own and renamed: the predecessor deletes the name it has bound when it ends, which may be
        // while this one binds. Not a process's number: two containers have the same one.
        Path own = socket.resolveSibling(socket.getFileName() + "."
                + Integer.toHexString(ThreadLocalRandom.current().nextInt()));
        ChannelFuture bound = new ServerBootstrap()
                .group(offering)
                .channel(EpollServerDomainSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Handover(port.fd(), () -> handOver(served)));
                    }
                })
                .bind(new DomainSocketAddress(own.toFile()));
        try {
            if (!bound.awaitUninterruptibly().isSuccess()) {
                throw new IOException(bound.cause());
            }
            Files.move(own, socket, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            log.warn("no successor can take the port over socket={} reason={}", socket, e.toString());
        }
    }

    private void handOver(Runnable served) {
        if (handedOver.compareAndSet(false, true)) {
            served.run();
        }
    }

    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /**
     * Makes every event loop use that table, and says how many requests hold each endpoint then. For one thread only.
     *
     * @throws IllegalStateException when a loop does not answer, so that nothing may be acknowledged
     */
    public Map<HostPort, Integer> install(RouteTable table) {
        return install(table, table.since(installed));
    }

    private Map<HostPort, Integer> install(RouteTable table, TableDiff diff) {
        installed = table;
        Map<HostPort, Integer> inFlight = sum(
                worker -> {
                    worker.install(table, diff);
                    return worker.inFlight();
                },
                Integer::sum);
        diff.hosts().stream().filter(host -> table.lookup(host).isEmpty()).forEach(roster::remove);
        return inFlight;
    }

    /** How many requests hold each endpoint that any holds. */
    public Map<HostPort, Integer> inFlight() {
        return sum(Worker::inFlight, Integer::sum);
    }

    /** What has passed for each app, by its host; some are counted together. */
    public Map<String, AppNumbers> appNumbers() {
        return sum(Worker::numbers, AppNumbers::add);
    }

    /** Asks every loop, and adds up what they say of the same thing. */
    private <K, V> Map<K, V> sum(Function<Worker, Map<K, V>> question, BinaryOperator<V> adding) {
        List<Future<Map<K, V>>> answers = new ArrayList<>();
        for (Worker worker : workers.values()) {
            answers.add(worker.loop().submit(() -> question.apply(worker)));
        }
        Map<K, V> sum = new HashMap<>();
        for (Future<Map<K, V>> answer : answers) {
            if (!answer.awaitUninterruptibly(LOOP_ANSWER.toMillis()) || !answer.isSuccess()) {
                throw new IllegalStateException("an event loop does not answer", answer.cause());
            }
            answer.getNow().forEach((endpoint, count) -> sum.merge(endpoint, count, adding));
        }
        return sum;
    }

    /** Whether the traffic port was opened. */
    public boolean isListening() {
        return listener != null;
    }

    /** Whether the server is on its way out, and wants no more clients. */
    public boolean isDraining() {
        return draining;
    }

    /** Drains and stops; a second call does nothing. */
    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        draining = true;
        if (listener != null && !handedOver.get()) {
            awaitNoMoreClients();
        }
        // Before the port closes: whoever sees it closed may count on each answer from then on ending its connection.
        onEachLoop(Worker::drain);
        if (listener != null) {
            listener.close().awaitUninterruptibly();
        }
        long closed = System.nanoTime();
        if (!awaitNone(Worker::hasRequests, closed, setup.drainTimeout())) {
            log.warn(
                    "drain time is over, cutting the requests that are left limit={}s",
                    setup.drainTimeout().toSeconds());
        }
        onEachLoop(Worker::closeRequests);
        if (!awaitNone(Worker::hasClients, closed, setup.tunnelDrainTimeout())) {
            log.warn(
                    "drain time is over, cutting the upgraded connections that are left limit={}s",
                    setup.tunnelDrainTimeout().toSeconds());
        }
        onEachLoop(Worker::closeClients);
        Future<?> ended = offering.shutdownGracefully(0, 2, TimeUnit.SECONDS);
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
        ended.awaitUninterruptibly();
    }

    private void onEachLoop(Consumer<Worker> step) {
        List<Future<?>> steps = new ArrayList<>();
        workers.values().forEach(worker -> steps.add(worker.loop().submit(() -> step.accept(worker))));
        for (Future<?> done : steps) {
            if (!done.awaitUninterruptibly(LOOP_ANSWER.toMillis())) {
                log.error("an event loop does not answer, stopping without it");
            }
        }
    }

    /** Lets load balancers see that this router wants no more, while it still serves those that have not looked. */
    private void awaitNoMoreClients() {
        long end = System.nanoTime() + setup.drainWait().toNanos();
        while (System.nanoTime() - end < 0 && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(DRAIN_LOOK_MILLIS));
        }
    }

    private boolean awaitNone(Predicate<Worker> what, long since, Duration limit) {
        long end = since + limit.toNanos();
        while (anyHas(what)) {
            if (System.nanoTime() - end > 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(DRAIN_LOOK_MILLIS));
        }
        return true;
    }

    private boolean anyHas(Predicate<Worker> what) {
        return workers.values().stream()
                .anyMatch(worker -> worker.loop()
                        .submit(() -> what.test(worker))
                        .awaitUninterruptibly()
                        .getNow());
    }
}
