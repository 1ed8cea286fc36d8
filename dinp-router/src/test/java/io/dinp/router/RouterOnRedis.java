package io.dinp.router;

import com.github.dockerjava.api.DockerClient;
import io.dinp.common.config.Dsn;
import io.dinp.common.config.Settings;
import io.dinp.common.daemon.Lifecycle;
import io.dinp.common.json.Json;
import io.dinp.common.model.RouterLease;
import io.dinp.common.testing.Await;
import io.dinp.common.testing.Containers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Transaction;

/** A whole router on a real Redis, for tests of what it makes of that. */
abstract class RouterOnRedis {
    static final Duration SOON = Duration.ofSeconds(10);
    static final String LEASE = "/meta/router/r1";
    static final String AUTH =
            "Basic " + Base64.getEncoder().encodeToString("op:secret".getBytes(StandardCharsets.US_ASCII));

    final HttpClient http = HttpClient.newHttpClient();
    final int port = freePort();
    final int statusPort = freePort();
    Jedis redis;
    Lifecycle router;

    @TempDir
    Path state;

    RouterOnRedis() throws IOException {}

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @BeforeEach
    void connect() {
        redis = new Jedis(Dsn.redis(Containers.redisAddress(), Containers.REDIS_PASSWORD));
        redis.flushAll();
    }

    @AfterEach
    void stop() {
        if (router != null) {
            router.stop();
        }
        redis.close();
    }

    void start() throws Exception {
        Map<String, Object> json = new HashMap<>();
        json.put("port", port);
        json.put("addr", "127.0.0.1");
        json.put("status", Map.of("addr", "127.0.0.1", "port", statusPort, "user", "op", "pass", "secret"));
        json.put("redis_server", Containers.redisAddress());
        json.put("redis_password", Containers.REDIS_PASSWORD.value());
        json.put("reload_uri_interval", 2);
        json.put("domain", "apps.io");
        json.put("drain_wait", 0);
        json.put("drain_timeout", 5);
        json.put("tunnel_drain_timeout", 5);
        json.put("id", "r1");
        json.put("state_dir", state.toString());
        Settings settings = Settings.parse("router", Json.write(json), Map.of());
        RouterConfig config = RouterConfig.from(settings);
        settings.verify();
        router = new Lifecycle();
        RouterMain.start(config, router);
    }

    // As the server changes routes: atomic, with version, list of changes and notification.
    void write(String epoch, String key, String... endpoints) {
        write(redis, epoch, key, endpoints);
    }

    static void write(Jedis redis, String epoch, String key, String... endpoints) {
        String version = String.valueOf(Long.parseLong(orZero(redis.get("/meta/version"))) + 1);
        try (Transaction change = redis.multi()) {
            change.set("/meta/epoch", epoch);
            change.set("/meta/version", version);
            change.del(key);
            if (endpoints.length > 0) {
                change.rpush(key, endpoints);
            }
            change.lpush("/meta/changes", version + " " + key);
            change.publish("/meta/notify", version + " " + key);
            change.exec();
        }
    }

    static String orZero(String text) {
        return text == null ? "0" : text;
    }

    HttpResponse<String> status(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + statusPort + path))
                .timeout(Duration.ofSeconds(5));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    String routes() {
        return status("/routes", "Authorization", AUTH).body();
    }

    void await(String what, BooleanSupplier condition) {
        Await.until(SOON, what, condition);
    }

    RouterLease lease() {
        String json = redis.get(LEASE);
        return json == null ? new RouterLease("", -1, Map.of(), 0, "") : parse(json);
    }

    static RouterLease parse(String json) {
        try {
            return Json.read(json, RouterLease.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void awaitSubscription() {
        await("the subscription", () -> redis.pubsubNumSub("/meta/notify").get("/meta/notify") == 1L);
    }

    String varz() {
        return status("/varz", "Authorization", AUTH).body();
    }

    interface Work {
        void run() throws Exception;
    }

    static void withRedisFrozen(Work work) throws Exception {
        DockerClient docker = DockerClientFactory.lazyClient();
        String container = Containers.redis().getContainerId();
        docker.pauseContainerCmd(container).exec();
        try {
            work.run();
        } finally {
            docker.unpauseContainerCmd(container).exec();
        }
    }

    int answer(String host) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(5000);
            socket.getOutputStream()
                    .write(("GET / HTTP/1.0\r\nHost: " + host + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            String text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return Integer.parseInt(text.substring(9, 12));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
