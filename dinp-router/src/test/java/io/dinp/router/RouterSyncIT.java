package io.dinp.router;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Transaction;

/** The whole router against a real Redis: how fast it follows, and what it does when Redis fails it. */
class RouterSyncIT {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String LEASE = "/meta/router/r1";
    private static final String AUTH =
            "Basic " + Base64.getEncoder().encodeToString("op:secret".getBytes(StandardCharsets.US_ASCII));

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port = freePort();
    private final int statusPort = freePort();
    private Jedis redis;
    private Lifecycle router;

    @TempDir
    Path state;

    RouterSyncIT() throws IOException {}

    private static int freePort() throws IOException {
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

    private void start() throws Exception {
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
        json.put("id", "r1");
        json.put("state_dir", state.toString());
        Settings settings = Settings.parse("router", Json.write(json), Map.of());
        RouterConfig config = RouterConfig.from(settings);
        settings.verify();
        router = new Lifecycle();
        RouterMain.start(config, router);
    }

    // As the server changes routes: atomic, with version, list of changes and notification.
    private void write(String epoch, String key, String... endpoints) {
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

    private static String orZero(String text) {
        return text == null ? "0" : text;
    }

    private HttpResponse<String> status(String path, String... headers) {
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

    private String routes() {
        return status("/routes", "Authorization", AUTH).body();
    }

    private void await(String what, BooleanSupplier condition) {
        Await.until(SOON, what, condition);
    }

    private RouterLease lease() {
        String json = redis.get(LEASE);
        return json == null ? new RouterLease("", -1, Map.of(), 0, "") : parse(json);
    }

    private static RouterLease parse(String json) {
        try {
            return Json.read(json, RouterLease.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void appliesANotifiedChangeWithinATenthOfASecondAndAcknowledgesIt() throws Exception {
        write("e1", "/rs/demo.apps.io", "127.0.0.1:20000");
        start();
        assertEquals("{\"demo.apps.io\":[\"127.0.0.1:20000\"]}", routes());
        await("the lease", () -> lease().hasApplied("e1", 1));
        awaitSubscription();
        long[] nanos = new long[10];
        for (int i = 2; i <= 11; i++) {
            long start = System.nanoTime();
            write("e1", "/rs/demo.apps.io", "127.0.0.1:" + (20000 + i));
            int version = i;
            await("version " + i + " is acknowledged", () -> lease().version() == version);
            nanos[i - 2] = System.nanoTime() - start;
        }
        assertTrue(routes().contains("127.0.0.1:20011"), routes());
        Arrays.sort(nanos);
        assertTrue(nanos[5] < Duration.ofMillis(100).toNanos(), "median of ten: " + nanos[5] / 1_000_000 + " ms");
        assertTrue(redis.pttl(LEASE) <= 6000 && redis.pttl(LEASE) > 0);
    }

    private void awaitSubscription() {
        await("the subscription", () -> redis.pubsubNumSub("/meta/notify").get("/meta/notify") == 1L);
    }

    @Test
    void findsByPollingWhatWasNotNotified() throws Exception {
        write("e1", "/rs/demo.apps.io", "127.0.0.1:20000");
        start();
        try (Transaction change = redis.multi()) {
            change.set("/meta/version", "2");
            change.lpush("/meta/changes", "2 /rs/demo.apps.io");
            change.rpush("/rs/demo.apps.io", "127.0.0.1:20001");
            change.exec();
        }
        await("the second endpoint", () -> routes().contains("20001"));
    }

    @Test
    void keepsItsTableWhenRedisLosesItsDataUntilTheServerHasWrittenAgain() throws Exception {
        write("e1", "/rs/demo.apps.io", "127.0.0.1:20000");
        start();
        redis.flushAll();
        await("the loss is told", () -> status("/health").body().contains("lost its data"));
        assertTrue(routes().contains("20000"), "kept");
        assertEquals(200, status("/healthz").statusCode(), "it serves");
        redis.set("/meta/epoch", "e2");
        await("the lease is back", () -> redis.exists(LEASE));
        assertTrue(routes().contains("20000"), "an epoch alone is not a table");
        write("e2", "/rs/other.apps.io", "127.0.0.1:20009");
        await("the new table", () -> !routes().contains("demo.apps.io") && routes().contains("20009"));
        await("the lease", () -> lease().hasApplied("e2", 1));
        await("all is well", () -> status("/health").body().equals("ok"));
    }

    @Test
    void believesARedisOfTheOriginalAsItIs() throws Exception {
        redis.rpush("/rs/Demo.apps.io", "127.0.0.1:20000", "nonsense", "127.0.0.1:99999", "host:80", "127.0.0.1:20000");
        redis.set("/rs/wrongtype.apps.io", "text");
        redis.set("/cname/www.example.org", "/rs/demo.apps.io");
        redis.set("/cname/evil.apps.io", "/rs/demo.apps.io");
        redis.set("/cname/odd.example.org", "nonsense");
        redis.set("noslash", "x");
        start();
        assertEquals("{\"demo.apps.io\":[\"127.0.0.1:20000\"],\"www.example.org\":[\"127.0.0.1:20000\"]}", routes());
        String varz = status("/varz", "Authorization", AUTH).body();
        assertTrue(varz.matches(".*\"bad_route_entries\":[1-9].*"), varz);
        redis.del("/rs/Demo.apps.io");
        await("the route goes", () -> routes().equals("{}"));
    }

    @Test
    void servesOnWhileRedisIsFrozenAndFollowsAgainAfterwards() throws Exception {
        write("e1", "/rs/demo.apps.io", "127.0.0.1:20000");
        start();
        awaitSubscription();
        withRedisFrozen(() -> {
            await("it is told", () -> status("/health").statusCode() == 503);
            assertEquals(200, status("/healthz").statusCode());
            assertTrue(routes().contains("20000"));
        });
        await("all is well", () -> status("/health").statusCode() == 200);
        write("e1", "/rs/demo.apps.io", "127.0.0.1:20001");
        await("the change", () -> routes().contains("20001"));
    }

    @Test
    void servesByTheTableOnDiskWhenItIsStartedWithoutRedis() throws Exception {
        write("e1", "/rs/demo.apps.io", "127.0.0.1:1", "127.0.0.1:2");
        start();
        await("the table is kept", () -> Files.exists(state.resolve("routes")));
        write("e1", "/rs/demo.apps.io", "127.0.0.1:2");
        await("the change is acknowledged", () -> lease().hasApplied("e1", 2));
        router.stop();
        withRedisFrozen(() -> {
            start();
            assertEquals(
                    "{\"demo.apps.io\":[\"127.0.0.1:2\"]}", routes(), "no endpoint whose removal was acknowledged");
            assertEquals(502, answer("demo.apps.io"), "it is dialled");
            assertEquals(200, status("/healthz").statusCode(), "it serves");
            assertTrue(
                    status("/health").body().contains("kept on disk"),
                    status("/health").body());
            assertTrue(varz().contains("\"stale\":true"), varz());
        });
        await("all is well", () -> status("/health").statusCode() == 200);
        assertTrue(varz().contains("\"stale\":false"), varz());
        write("e1", "/rs/demo.apps.io", "127.0.0.1:3");
        await("it follows", () -> routes().contains("127.0.0.1:3"));
    }

    @Test
    void keepsTheTableOnDiskWhenRedisHasLostItsDataWhileItWasStopped() throws Exception {
        write("e1", "/rs/demo.apps.io", "127.0.0.1:20000");
        start();
        await("the table is kept", () -> Files.exists(state.resolve("routes")));
        router.stop();
        redis.flushAll();
        start();
        assertTrue(routes().contains("20000"), "kept");
        await("the loss is told", () -> status("/health").body().contains("lost its data"));
        write("e2", "/rs/other.apps.io", "127.0.0.1:20009");
        await("the new table", () -> !routes().contains("demo.apps.io") && routes().contains("20009"));
    }

    @Test
    void isReplacedUnderLoadWithoutARefusedConnection() throws Exception {
        try (AnsweringApp app = new AnsweringApp()) {
            write("e1", "/rs/demo.apps.io", app.address());
            start();
            Lifecycle first = router;
            Queue<String> failures = new ConcurrentLinkedQueue<>();
            AtomicInteger answered = new AtomicInteger();
            List<Thread> clients = IntStream.range(0, 3)
                    .mapToObj(i -> new Thread(() -> ask(answered, failures), "client-" + i))
                    .toList();
            clients.forEach(Thread::start);
            for (int i = 0; i < 3; i++) {
                int before = answered.get();
                await("there is load", () -> answered.get() > before + 30);
                start(); // the running one hears of it and ends by itself
                await(
                        "the new one says that it is well",
                        () -> status("/health").statusCode() == 200);
            }
            int before = answered.get();
            await("the last one serves", () -> answered.get() > before + 30);
            clients.forEach(Thread::interrupt);
            for (Thread client : clients) {
                client.join(SOON.toMillis());
            }
            assertEquals(List.of(), List.copyOf(failures), "of " + answered);
            first.awaitStop();
            write("e1", "/rs/other.apps.io", app.address());
            await("the lease is that of the last one alone", () -> lease().hasApplied("e1", 2));
        }
    }

    @Test
    void routesByARedisThatWasFilledByHand() throws Exception {
        try (AnsweringApp app = new AnsweringApp()) {
            redis.rpush("/rs/hand.apps.io", app.address());
            redis.set("/cname/www.example.org", "/rs/hand.apps.io");
            start();
            assertEquals(200, answer("hand.apps.io"));
            assertEquals(200, answer("WWW.example.org:8888"));
            redis.rpush("/rs/later.apps.io", app.address());
            await("it is found without a word", () -> answer("later.apps.io") == 200);
            redis.del("/rs/later.apps.io");
            await("and lost", () -> answer("later.apps.io") == 404);
        }
    }

    private void ask(AtomicInteger answered, Queue<String> failures) {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                int status = answer("demo.apps.io");
                if (status != 200) {
                    failures.add("status " + status);
                }
                answered.incrementAndGet();
            } catch (IllegalStateException e) {
                failures.add(e.toString());
            }
        }
    }

    private String varz() {
        return status("/varz", "Authorization", AUTH).body();
    }

    private interface Work {
        void run() throws Exception;
    }

    private static void withRedisFrozen(Work work) throws Exception {
        DockerClient docker = DockerClientFactory.lazyClient();
        String container = Containers.redis().getContainerId();
        docker.pauseContainerCmd(container).exec();
        try {
            work.run();
        } finally {
            docker.unpauseContainerCmd(container).exec();
        }
    }

    @Test
    void tellsAKnownAppFromAnUnknownHost() throws Exception {
        write("e1", "/rs/demo.apps.io");
        redis.hset("/meta/apps", "demo.apps.io", "{}");
        start();
        assertEquals(503, answer("demo.apps.io"));
        assertEquals(404, answer("other.apps.io"));
        redis.hdel("/meta/apps", "demo.apps.io");
        try (Transaction change = redis.multi()) {
            change.set("/meta/version", "2");
            change.lpush("/meta/changes", "2 /meta/apps");
            change.exec();
        }
        await("the app is gone", () -> answer("demo.apps.io") == 404);
    }

    private int answer(String host) {
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

    @Test
    void guardsItsStatusPortAndEndsItsLease() throws Exception {
        start();
        await("the lease", () -> redis.exists(LEASE));
        assertEquals("ok\n", status("/healthz").body());
        for (String path : new String[] {"/varz", "/routes", "/metrics"}) {
            assertEquals(401, status(path).statusCode(), path);
            assertEquals(200, status(path, "Authorization", AUTH).statusCode(), path);
        }
        assertTrue(status("/metrics", "Authorization", AUTH).body().contains("dinp_router_routes"));
        router.stop();
        assertFalse(redis.exists(LEASE));
    }
}
