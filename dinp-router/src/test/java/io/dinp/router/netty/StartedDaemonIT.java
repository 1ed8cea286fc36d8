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
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
    private final int port = freePort();
    private final int statusPort = freePort();
    private Upstream app;
    private Process daemon;

    StartedDaemonIT() throws IOException {}

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    @BeforeAll
    static void unpack() throws Exception {
        try (DirectoryStream<Path> archives = Files.newDirectoryStream(Path.of("target"), "dinp-router-*.tar.gz")) {
            Path archive = archives.iterator().next();
            Process tar = new ProcessBuilder(
                            "tar", "-xzf", archive.toString(), "-C", home.toString(), "--strip-components=1")
                    .inheritIO()
                    .start();
            assertEquals(0, tar.waitFor(), "unpacking " + archive);
        }
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
                        Map.of("addr", "127.0.0.1", "port", health),
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
        return new ProcessBuilder(home.resolve("bin/dinp-router").toString(), "-c", config.toString())
                .directory(state.toFile())
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(state.resolve("log").toFile()))
                .start();
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
        try (Wire client = connect(statusPort)) {
            return client.send("GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                    .readToEnd();
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
        int traffic = freePort();
        int health = freePort();
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
        Path config = configure(freePort(), freePort());
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
