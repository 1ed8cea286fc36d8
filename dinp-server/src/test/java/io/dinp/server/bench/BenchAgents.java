package io.dinp.server.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.dinp.common.json.Json;
import io.dinp.common.model.InstanceSpec;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All the nodes: they beat in turn, and one port of the machine answers the orders to any of their addresses. */
final class BenchAgents implements AutoCloseable {

    static final int PORT = 1971;
    private static final Logger log = LoggerFactory.getLogger(BenchAgents.class);
    private static final long INTERVAL_MS = 5000;
    private static final long START_MS = 200;
    private static final int THREADS = 16;

    private final SortedMap<String, BenchNode> nodes = new TreeMap<>();
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(THREADS);
    private final Map<String, CompletableFuture<Long>> awaited = new ConcurrentHashMap<>();
    final AtomicInteger starts = new AtomicInteger();
    final AtomicInteger failedBeats = new AtomicInteger();
    private final HttpServer http;

    BenchAgents(Collection<BenchNode> all) throws IOException {
        all.forEach(node -> nodes.put(node.ip, node));
        http = HttpServer.create(new InetSocketAddress("0.0.0.0", PORT), 256);
        http.createContext("/instances/", this::order);
        http.setExecutor(threads);
    }

    /** Begins to beat, each node at its own moment of the interval. */
    void start() {
        http.start();
        int index = 0;
        for (BenchNode node : nodes.values()) {
            long offset = INTERVAL_MS * index++ / nodes.size();
            ScheduledFuture<?> unused =
                    threads.scheduleAtFixedRate(() -> beat(node), offset, INTERVAL_MS, TimeUnit.MILLISECONDS);
        }
    }

    private void beat(BenchNode node) {
        try {
            node.beat();
        } catch (IOException e) {
            failedBeats.incrementAndGet();
            log.warn("{}", e.getMessage());
        }
    }

    private void order(HttpExchange exchange) throws IOException {
        long at = System.nanoTime();
        BenchNode node = nodes.get(exchange.getLocalAddress().getAddress().getHostAddress());
        String path = exchange.getRequestURI().getPath();
        String instance = path.substring(path.lastIndexOf('/') + 1);
        byte[] body = exchange.getRequestBody().readAllBytes();
        if ("PUT".equals(exchange.getRequestMethod())) {
            start(node, Json.read(body, InstanceSpec.class), at);
        } else {
            node.remove(instance);
        }
        byte[] reply = "{\"msg\":\"\"}".getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(202, reply.length);
        exchange.getResponseBody().write(reply);
        exchange.close();
        threads.execute(() -> beat(node));
    }

    private void start(BenchNode node, InstanceSpec spec, long at) {
        starts.incrementAndGet();
        CompletableFuture<Long> waiter = awaited.remove(spec.app());
        if (waiter != null) {
            waiter.complete(at);
        }
        node.accept(spec);
        ScheduledFuture<?> unused = threads.schedule(
                () -> {
                    node.ready(spec.instance());
                    beat(node);
                },
                START_MS,
                TimeUnit.MILLISECONDS);
    }

    /** Completed with the time, by {@link System#nanoTime}, at which the next order to start an instance of an app comes. */
    CompletableFuture<Long> nextStart(String app) {
        return awaited.computeIfAbsent(app, a -> new CompletableFuture<>());
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }
}
