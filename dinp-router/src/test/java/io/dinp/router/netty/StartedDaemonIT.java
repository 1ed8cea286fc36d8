package io.dinp.router.netty;

import static io.dinp.router.netty.TestRouter.HOST;
import static io.dinp.router.netty.TestRouter.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dinp.common.config.Dsn;
import io.dinp.common.json.Json;
import io.dinp.common.testing.Await;
import io.dinp.common.testing.Containers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** The daemon as operators get it: unpacked from its archive, started by its launcher, told to end by signals. */
class StartedDaemonIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    static Path home;

    @TempDir
    Path state;

    private final CountDownLatch release = new CountDownLatch(1);
    private final int port = RouterDaemon.freePort();
    private final int statusPort = RouterDaemon.freePort();
    private Upstream app;
    private Process daemon;

    StartedDaemonIT() throws IOException {}

    @BeforeAll
    static void unpack() throws IOException {
        RouterDaemon.unpack(home);
    }

    @BeforeEach
    void start() throws IOException {
        app = Upstream.answering(this::answer);
        try (Jedis redis = new Jedis(Dsn.redis(Containers.redisAddress(), Containers.REDIS_PASSWORD))) {
            redis.flushAll();
            redis.rpush("/rs/" + HOST, app.address().toString());
        }
        Path config = configure(port, statusPort);
        daemon = launch(config);
        await("it is healthy", () -> healthz().startsWith("HTTP/1.1 200 "));
    }

    private Path configure(int traffic, int health) throws IOException {
        return configure(traffic, health, System.getProperty("dinp.transport", "auto"));
    }

    private Path configure(int traffic, int health, String transport) throws IOException {
        Path config = state.resolve("cfg-" + traffic + transport + ".json");
        Files.writeString(
                config,
                Json.write(Map.of(
                        "addr",
                        "127.0.0.1",
                        "port",
                        traffic,
                        "status",
                        Map.of("addr", "127.0.0.1", "port", health, "user", "op", "pass", "secret"),
                        "redis_server",
                        Containers.redisAddress(),
                        "redis_password",
                        Containers.REDIS_PASSWORD.value(),
                        "drain_wait",
                        2,
                        "transport",
                        transport,
                        "state_dir",
                        state.resolve("state-" + traffic).toString())));
        return config;
    }

    private Process launch(Path config) throws IOException {
        return RouterDaemon.launch(home, config, state.resolve("log"));
    }

    @AfterEach
    void end() throws IOException {
        release.countDown();
        daemon.destroyForcibly();
        app.close();
    }

    private String answer(String request) throws IOException {
        try {
            if (request.startsWith("GET /slow ")) {
                release.await(SOON.toMillis(), TimeUnit.MILLISECONDS);
            }
            return Upstream.ok("done");
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private void await(String what, BooleanSupplier condition) {
        try {
            Await.until(SOON, what, condition);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + ", log:\n" + log(), e);
        }
    }

    private String log() {
        try {
            return Files.readString(state.resolve("log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private Wire connect(int to) throws IOException {
        return new Wire(new Socket(InetAddress.getLoopbackAddress(), to), new ArrayList<>());
    }

    private String healthz() {
        return status("/healthz");
    }

    private String status(String path, String... headers) {
        String request =
                "GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + String.join("", headers) + "\r\n";
        try (Wire client = connect(statusPort)) {
            return client.send(request).readToEnd();
        } catch (IOException e) {
            return e.toString();
        }
    }

    private boolean refuses() {
        try {
            connect(port).close();
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void refusesWhatParsersReadDifferentlyAndServesOn() throws IOException {
        List<Arguments> bad = StrictRequestTest.bad().toList();
        for (Arguments row : bad) {
            try (Wire client = connect(port)) {
                String answer = client.send((String) row.get()[2]).readToEnd();
                assertTrue(answer.startsWith("HTTP/1.1 " + row.get()[1] + " "), row.get()[0] + ": " + answer);
            }
        }
        try (Wire client = connect(port)) {
            assertTrue(client.send(get("/")).readMessage().endsWith("done"));
        }
        assertTrue(bad.size() > 40, "of " + bad.size());
    }

    @Test
    void tellsItsNumbersRoutesAndMetricsToWhomItKnows() throws IOException {
        try (Wire client = connect(port)) {
            client.send(get("/")).readMessage();
            client.send("GET / HTTP/1.1\r\nHost: nobody\r\n\r\n").readMessage();
        }
        String credentials = Base64.getEncoder().encodeToString("op:secret".getBytes(StandardCharsets.US_ASCII));
        Map<String, String> says = Map.of(
                "/varz",
                "\"unknown_routes\":1",
                "/routes",
                "\"demo.apps.io\":[\"" + app.address() + "\"]",
                "/metrics",
                "dinp_router_app_requests_total{app=\"demo\",class=\"2xx\"} 1\n");
        says.forEach((path, words) -> {
            assertTrue(status(path).startsWith("HTTP/1.1 401 "), path);
            String answer = status(path, "Authorization: Basic " + credentials + "\r\n");
            assertTrue(answer.startsWith("HTTP/1.1 200 ") && answer.contains(words), path + ": " + answer);
        });
        assertTrue(healthz().startsWith("HTTP/1.1 200 "), "whoever asks");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "USR1"})
    void saysSoFirstThenAcceptsNoMoreAndFinishesWhatIsUnderWay(String signal) throws Exception {
        try (Wire slow = connect(port).send(get("/slow"))) {
            await("the request is under way", () -> app.requests().size() == 1);
            Process kill = new ProcessBuilder("kill", "-" + signal, String.valueOf(daemon.pid())).start();
            assertEquals(0, kill.waitFor());
            await("it is not healthy any more", () -> healthz().startsWith("HTTP/1.1 503 "));
            try (Wire late = connect(port)) {
                String answer = late.send(get("/")).readMessage();
                assertTrue(answer.startsWith("HTTP/1.1 200 ") && answer.endsWith("done"), "still served: " + answer);
            }
            await("it accepts no more", this::refuses);
            assertTrue(daemon.isAlive(), "the request is waited for");
            release.countDown();
            assertTrue(slow.readMessage().endsWith("done"));
        }
        assertTrue(daemon.waitFor(SOON.toMillis(), TimeUnit.MILLISECONDS), this::log);
    }

    @ParameterizedTest
    @CsvSource({"io_uring, io_uring", "io_uring, epoll", "epoll, io_uring"})
    void routersOfDifferentTransportsReplaceEachOther(String before, String after) throws Exception {
        assumeTrue(Transport.IO_URING.isAvailable(), "this machine has no io_uring");
        int traffic = RouterDaemon.freePort();
        int health = RouterDaemon.freePort();
        Process first = launch(configure(traffic, health, before));
        try {
            await("the first one serves", () -> isServed(traffic));
            Process second = launch(configure(traffic, health, after));
            try {
                assertTrue(first.waitFor(SOON.toMillis(), TimeUnit.MILLISECONDS), this::log);
                for (int i = 0; i < 20; i++) {
                    assertTrue(isServed(traffic), this::log);
                }
                String log = log();
                assertTrue(log.contains("transport=" + before.toUpperCase(Locale.ROOT)), log);
                assertTrue(log.contains("transport=" + after.toUpperCase(Locale.ROOT)), log);
            } finally {
                second.destroyForcibly();
            }
        } finally {
            first.destroyForcibly();
        }
    }

    private boolean isServed(int traffic) {
        try (Wire client = connect(traffic)) {
            return client.send(get("/")).readMessage().endsWith("done");
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void twoControlsAtOnceStartOneDaemonAndEndIt() throws Exception {
        Path config = configure(RouterDaemon.freePort(), RouterDaemon.freePort());
        Process one = control("start", config);
        Process other = control("start", config);
        assertEquals(0, one.waitFor(), () -> said(one));
        assertEquals(0, other.waitFor(), () -> said(other));
        String both = said(one) + said(other);
        assertEquals(1, both.split("dinp-router started, pid ", -1).length - 1, both);
        assertEquals(1, both.split("dinp-router runs already, pid ", -1).length - 1, both);
        assertEquals(0, control("status", config).waitFor());
        assertEquals(0, control("stop", config).waitFor());
        assertEquals(3, control("status", config).waitFor(), "it does not run");
    }

    private static Process control(String command, Path config) throws IOException {
        ProcessBuilder control =
                new ProcessBuilder(home.resolve("control").toString(), command).redirectErrorStream(true);
        control.environment().put("DINP_CFG", config.toString());
        return control.start();
    }

    private static String said(Process control) {
        try {
            return new String(control.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
