package io.dinp.router.netty;

import com.fasterxml.jackson.databind.JsonNode;
import io.dinp.common.json.Json;
import io.dinp.common.model.HostPort;
import io.dinp.router.core.AccessLog;
import io.dinp.router.core.RouteTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The started daemon for one test. The process goes on to the next test that wants one like it. */
final class StartedRouter extends TestRouter {
    private static Path directory;
    private static int count;
    private static RouterDaemon daemon;
    private static Wish is;

    private final Map<String, Long> before = new HashMap<>();
    private final int logged;

    private StartedRouter() throws IOException {
        daemon.await("nobody is there", StartedRouter::isAtRest);
        draw();
        daemon.await("nobody is there", StartedRouter::isAtRest);
        JsonNode varz = daemon.varz();
        varz.fieldNames()
                .forEachRemaining(name -> before.put(name, varz.get(name).asLong()));
        logged = Files.readString(daemon.accessLog()).length();
    }

    /** One that is like that, with an empty table and at rest. */
    static StartedRouter of(Wish wish) throws IOException {
        boolean fits = daemon != null && daemon.process().isAlive() && isLike(wish, is);
        if (!fits) {
            endAll();
            daemon = new RouterDaemon(Files.createDirectory(directory.resolve("daemon-" + count++)), wish);
            is = wish;
        }
        return new StartedRouter();
    }

    /** Where daemons may be unpacked from now on. */
    static void under(Path path) {
        directory = path;
    }

    private static boolean isLike(Wish one, Wish other) {
        return one.transport() == other.transport()
                && one.drain().equals(other.drain())
                && comparable(one).equals(comparable(other));
    }

    /** Sets of addresses are compared by what tests put into them. */
    private static Object comparable(Wish wish) {
        boolean trusting = RouterDaemon.trustsThisMachine(wish.options());
        return List.of(trusting, wish.options().withTrustedProxies(null));
    }

    /** Ends the process that is kept for the next test. */
    static void endAll() {
        if (daemon != null) {
            daemon.close();
            daemon = null;
        }
    }

    @Override
    int port() {
        return daemon.port();
    }

    @Override
    Map<HostPort, Integer> serve(RouteTable next) {
        daemon.publish(next);
        return inFlight();
    }

    @Override
    void stop() {
        daemon.terminate();
    }

    @Override
    Map<HostPort, Integer> inFlight() {
        Map<HostPort, Integer> counts = new HashMap<>();
        JsonNode said = daemon.varz().get("in_flight");
        said.fieldNames()
                .forEachRemaining(endpoint ->
                        counts.put(HostPort.parse(endpoint), said.get(endpoint).asInt()));
        return counts;
    }

    @Override
    long number(String name) {
        if (!daemon.process().isAlive()) {
            return 0;
        }
        return daemon.varz().get(name).asLong() - before.get(name);
    }

    @Override
    List<AccessLog.Entry> log() {
        try {
            String lines = Files.readString(daemon.accessLog()).substring(logged);
            int whole = lines.lastIndexOf('\n') + 1;
            return Arrays.stream(lines.substring(0, whole).split("\n"))
                    .filter(line -> !line.isEmpty())
                    .map(StartedRouter::entry)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static AccessLog.Entry entry(String line) {
        JsonNode said = read(line);
        return new AccessLog.Entry(
                said.get("host").asText(),
                0,
                said.get("method").asText(),
                said.get("target").asText(),
                said.get("version").asText(),
                said.get("status").asInt(),
                said.get("bytes").asLong(),
                said.get("referer").asText(),
                said.get("user_agent").asText(),
                said.get("client").asText(),
                0,
                0,
                Math.round(said.get("response_time").asDouble() * 1e6),
                said.get("app_id").asText(),
                said.get("endpoint").asText(),
                said.get("tries").asInt(),
                said.get("error").asText());
    }

    private static JsonNode read(String line) {
        try {
            return Json.read(line, JsonNode.class);
        } catch (IOException e) {
            throw new UncheckedIOException(line, e);
        }
    }

    @Override
    boolean isDraining() {
        try {
            return daemon.status("/healthz").statusCode() == 503;
        } catch (IOException e) {
            return false;
        }
    }

    /** Leaves nothing behind that the next test could take for its own. */
    @Override
    void end() {
        if (daemon.process().isAlive()) {
            daemon.publish(RouteTable.EMPTY);
        }
    }

    private static boolean isAtRest() {
        JsonNode varz = daemon.varz();
        return varz.get("in_flight").isEmpty() && varz.get("client_connections").asLong() == 0;
    }

    /** Draws a line under the access log, which is written at leisure: what comes behind it is of this test. */
    private static void draw() throws IOException {
        String line = "/line-" + count++;
        try (Wire client = new Wire(new Socket(InetAddress.getLoopbackAddress(), daemon.port()), new ArrayList<>())) {
            client.send("GET " + line + " HTTP/1.1\r\nHost: nobody\r\n\r\n").readMessage();
        }
        daemon.await("it is logged", () -> Files.readString(daemon.accessLog()).contains(line + "\""));
    }
}
