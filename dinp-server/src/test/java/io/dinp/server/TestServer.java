package io.dinp.server;

import com.fasterxml.jackson.databind.JsonNode;
import io.dinp.common.config.Dsn;
import io.dinp.common.config.Secret;
import io.dinp.common.config.Settings;
import io.dinp.common.daemon.Lifecycle;
import io.dinp.common.db.Database;
import io.dinp.common.http.JsonClient;
import io.dinp.common.json.Json;
import io.dinp.common.testing.Containers;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.RedisClient;

/** The whole server in this process on a real, empty MySQL and Redis, with hands on all three. */
final class TestServer implements AutoCloseable {

    static final Secret TOKEN = new Secret("it-token");
    static final URI REDIS = Dsn.redis(Containers.redisAddress(), Containers.REDIS_PASSWORD);

    final RedisClient redis = RedisClient.create(REDIS);
    final JsonClient client = new JsonClient("server", TOKEN, Duration.ofSeconds(5));
    private final Dsn dsn = Containers.emptyDatabase();
    private final Database database = Database.open(dsn, "it", 2);
    private final Map<String, Object> extra;
    private Lifecycle life;
    private Wiring.Ports ports;

    /** Starts a server on an empty Redis. */
    TestServer() throws Exception {
        this(Map.of());
    }

    /** Starts a server with some settings of its own. */
    TestServer(Map<String, Object> extra) throws Exception {
        this.extra = Map.copyOf(extra);
        redis.flushAll();
        start(freePort());
    }

    /** Addresses of this machine that are not loopback: instances are never at a loopback address. */
    static List<String> ownAddresses() throws IOException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .map(InetAddress::getHostAddress)
                .toList();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private void start(int rpcPort) throws Exception {
        Map<String, Object> settings = new HashMap<>(Map.of("bakeSeconds", 0));
        settings.putAll(extra);
        settings.put("token", TOKEN.value());
        settings.put(
                "db", Map.of("dsn", dsn.user() + ":" + dsn.password().value() + "@tcp(" + address() + ")/" + name()));
        settings.put("redis", Map.of("dsn", Containers.redisAddress(), "password", Containers.REDIS_PASSWORD.value()));
        settings.put("http", Map.of("addr", "127.0.0.1", "port", 0));
        settings.put("rpc", Map.of("addr", "127.0.0.1", "port", rpcPort));
        Settings checked = Settings.parse("server", Json.write(settings), Map.of());
        ServerConfig config = ServerConfig.of(checked);
        checked.verify();
        life = new Lifecycle();
        ports = new Wiring(config, life).start();
    }

    private String address() {
        return dsn.jdbcUrl().replaceAll("jdbc:mysql://([^/]+)/.*", "$1");
    }

    private String name() {
        return dsn.jdbcUrl().replaceAll("jdbc:mysql://[^/]+/([^?]+).*", "$1");
    }

    /** Another process in this one's place, on the same port. */
    void restart() throws Exception {
        life.stop();
        start(ports.rpc());
    }

    int rpcPort() {
        return ports.rpc();
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + ports.http() + path);
    }

    void sql(String text) throws SQLException {
        database.write(connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.executeUpdate(text);
            }
        });
    }

    /** The number in the first column of the first row. */
    long number(String query) {
        try {
            return database.read(connection -> {
                try (Statement statement = connection.createStatement();
                        ResultSet row = statement.executeQuery(query)) {
                    row.next();
                    return row.getLong(1);
                }
            });
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    JsonNode get(String path) {
        try {
            return client.get(uri(path), JsonNode.class);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** One field of an app's status, "" while the server has none to tell. */
    String statusField(String app, String field) {
        try {
            JsonClient.Response response = client.send("GET", uri("/status/" + app), null);
            return response.status() == 200
                    ? Json.read(response.body(), JsonNode.class).path(field).asText()
                    : "";
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The status with which the server answers a caller. */
    int statusOf(JsonClient caller, String method, String path, Object body) throws IOException {
        return caller.send(method, uri(path), body).status();
    }

    List<String> routed(String app) {
        return redis.lrange("/rs/" + app + ".apps.io", 0, -1);
    }

    @Override
    public void close() {
        life.stop();
        database.close();
        redis.close();
    }
}
