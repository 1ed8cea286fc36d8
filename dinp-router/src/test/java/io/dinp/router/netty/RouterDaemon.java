package io.dinp.router.netty;

import com.fasterxml.jackson.databind.JsonNode;
import io.dinp.common.config.Dsn;
import io.dinp.common.json.Json;
import io.dinp.common.model.RouteKeys;
import io.dinp.common.model.RouterLease;
import io.dinp.common.testing.Await;
import io.dinp.common.testing.Containers;
import io.dinp.router.core.RouteTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Transaction;

/** The router as operators get it: unpacked from its archive, started by its launcher, with the real Redis from which it has its table. */
final class RouterDaemon implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final byte[] LOOPBACK = InetAddress.getLoopbackAddress().getAddress();
    private static final ProxyOptions FIXED = ProxyOptions.of("");
    private static final long MIB = 1024 * 1024;

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port = freePort();
    private final int statusPort = freePort();
    private final Path home;
    private final String id;
    private final Process process;
    private final Jedis redis;
    private final Set<String> written = new TreeSet<>();
    private long version;

    /** @param home an empty directory */
    RouterDaemon(Path home, TestRouter.Wish wish) throws IOException {
        this.home = home;
        this.id = wish.options().routerId();
        this.redis = new Jedis(Dsn.redis(Containers.redisAddress(), Containers.REDIS_PASSWORD));
        redis.flushAll();
        unpack(home);
        Files.createFile(accessLog());
        Path config = home.resolve("cfg.json");
        Files.writeString(config, Json.write(configuration(wish)));
        this.process = launch(home, config, home.resolve("log"));
        await("it is healthy", () -> status("/healthz").statusCode() == 200);
        publish(RouteTable.EMPTY);
    }

    static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    /** Unpacks the archive that this build has made. */
    static void unpack(Path home) throws IOException {
        try (DirectoryStream<Path> archives = Files.newDirectoryStream(Path.of("target"), "dinp-router-*.tar.gz")) {
            Path archive = archives.iterator().next();
            Process tar = new ProcessBuilder(
                            "tar", "-xzf", archive.toString(), "-C", home.toString(), "--strip-components=1")
                    .inheritIO()
                    .start();
            if (waitFor(tar) != 0) {
                throw new IOException("cannot unpack " + archive);
            }
        }
    }

    /** Starts it by its launcher; what it says is appended to that file. */
    static Process launch(Path home, Path config, Path log) throws IOException {
        return new ProcessBuilder(home.resolve("bin/dinp-router").toString(), "-c", config.toString())
                .directory(config.getParent().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    private Map<String, Object> configuration(TestRouter.Wish wish) {
        ProxyOptions options = wish.options();
        if (!options.connectTimeout().equals(FIXED.connectTimeout())
                || !options.unsafeReuse().equals(FIXED.unsafeReuse())
                || !options.upstreamIdle().equals(FIXED.upstreamIdle())
                || options.maxIdle() != FIXED.maxIdle()) {
            throw new IllegalArgumentException("not configurable, so that the test needs the tag 'inside': " + options);
        }
        Map<String, Object> config = new HashMap<>();
        config.put("addr", "127.0.0.1");
        config.put("port", port);
        config.put("status", Map.of("addr", "127.0.0.1", "port", statusPort));
        config.put("redis_server", Containers.redisAddress());
        config.put("redis_password", Containers.REDIS_PASSWORD.value());
        config.put("id", id);
        config.put("transport", wish.transport().name().toLowerCase(Locale.ROOT));
        config.put("threads", 1);
        config.put("endpoint_timeout", seconds(options.endpointTimeout()));
        config.put("client_head_timeout", seconds(options.headTimeout()));
        config.put("client_idle_timeout", seconds(options.clientIdle()));
        config.put("stream_idle_timeout", seconds(options.streamIdle()));
        config.put("drain_wait", 0);
        config.put("drain_timeout", seconds(wish.drain()));
        config.put("tunnel_drain_timeout", 10);
        config.put("trace_key", options.traceKey());
        config.put("trusted_proxies", trustsThisMachine(options) ? List.of("127.0.0.0/8") : List.of());
        config.put("limits", limits(options.limits()));
        config.put("metered_apps", options.meteredApps());
        config.put("access_log", accessLog().toString());
        config.put("access_log_format", "json");
        config.put("state_dir", home.resolve("state").toString());
        return config;
    }

    /** Tests trust this machine or nobody. */
    static boolean trustsThisMachine(ProxyOptions options) {
        return options.trustedProxies().contains(LOOPBACK);
    }

    private static Map<String, Object> limits(ClientLimits limits) {
        return Map.of(
                "connections",
                limits.connections(),
                "connections_per_client",
                limits.connectionsEach(),
                "head_bytes",
                limits.headBytes(),
                "head_lines",
                limits.headLines(),
                "body_mb",
                whole(limits.bodyBytes(), MIB),
                "endpoint_requests",
                limits.endpointRequests());
    }

    private static long seconds(Duration duration) {
        return whole(duration.toMillis(), 1000);
    }

    private static long whole(long amount, long unit) {
        if (amount % unit != 0) {
            throw new IllegalArgumentException(
                    amount + " is no multiple of " + unit + ", which is what can be configured");
        }
        return amount / unit;
    }

    int port() {
        return port;
    }

    Process process() {
        return process;
    }

    Path accessLog() {
        return home.resolve("access.log");
    }

    /** Writes the table as the server does, in one change, and returns when the router says that it serves by it. */
    void publish(RouteTable table) {
        Map<String, List<String>> lists = new HashMap<>();
        table.routes()
                .forEach((host, route) -> lists.put(
                        "/rs/" + host,
                        route.endpoints().stream().map(Object::toString).toList()));
        Map<String, String> texts = new HashMap<>();
        table.cnames().forEach((domain, host) -> texts.put("/cname/" + domain, "/rs/" + host));
        Set<String> changed = new TreeSet<>(written);
        changed.addAll(lists.keySet());
        changed.addAll(texts.keySet());
        changed.add(RouteKeys.META_APPS);
        version++;
        try (Transaction change = redis.multi()) {
            changed.forEach(change::del);
            lists.forEach((key, endpoints) -> change.rpush(key, endpoints.toArray(String[]::new)));
            texts.forEach(change::set);
            table.apps().forEach((host, known) -> change.hset(RouteKeys.META_APPS, host, "{}"));
            changed.forEach(key -> change.lpush(RouteKeys.META_CHANGES, version + " " + key));
            change.set(RouteKeys.META_EPOCH, "e1");
            change.set(RouteKeys.META_VERSION, Long.toString(version));
            change.publish(RouteKeys.META_NOTIFY, Long.toString(version));
            change.exec();
        }
        written.clear();
        written.addAll(lists.keySet());
        written.addAll(texts.keySet());
        await("version " + version + " is applied", () -> lease().hasApplied("e1", version));
    }

    private RouterLease lease() {
        String json = redis.get(RouteKeys.META_ROUTER_PREFIX + id);
        try {
            return json == null ? new RouterLease("", 0, Map.of(), 0, "") : Json.read(json, RouterLease.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    JsonNode varz() {
        try {
            return Json.read(status("/varz").body(), JsonNode.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the status port answers; an {@link IOException} when nobody listens there. */
    HttpResponse<String> status(String path) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + statusPort + path))
                .timeout(SOON)
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** Ends it as an operator does, and waits for that. */
    void terminate() {
        process.destroy();
        if (waitFor(process) < 0) {
            throw new AssertionError("it does not end, log:\n" + said());
        }
    }

    /** The exit code, -1 when it runs on. */
    private static int waitFor(Process process) {
        try {
            return process.waitFor(SOON.toMillis(), TimeUnit.MILLISECONDS) ? process.exitValue() : -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return -1;
        }
    }

    interface Condition {
        boolean holds() throws IOException;
    }

    void await(String what, Condition condition) {
        try {
            Await.until(SOON, what, () -> holds(condition));
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + ", log:\n" + said(), e);
        }
    }

    private static boolean holds(Condition condition) {
        try {
            return condition.holds();
        } catch (IOException e) {
            return false;
        }
    }

    private String said() {
        try {
            return Files.readString(home.resolve("log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        waitFor(process);
        redis.close();
    }
}
