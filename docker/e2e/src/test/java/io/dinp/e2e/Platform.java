package io.dinp.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dinp.e2e.bed.Await;
import io.dinp.e2e.bed.Engine.Container;
import io.dinp.e2e.bed.Infrastructure;
import io.dinp.e2e.bed.Ports;
import io.dinp.e2e.bed.TestBed;
import io.dinp.e2e.client.Mysql;
import io.dinp.e2e.client.RawHttp;
import io.dinp.e2e.client.RawHttp.Answer;
import io.dinp.e2e.client.RawHttp.Call;
import io.dinp.e2e.client.Redis;
import io.dinp.e2e.load.Load;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * DINP as its operator sees it: apps as rows, containers as {@code docker ps} shows them, routes as Redis and the router show
 * them, and the comparison of the three that the issue calls <em>in order</em>.
 */
final class Platform {
    /** "In order = within 10 s". */
    static final Duration ORDER_LIMIT = Duration.ofSeconds(10);

    /** How long a class may take to leave its bed; nobody measures that. */
    private static final Duration LEAVING = Duration.ofMinutes(1);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String META = "/meta/(epoch|version|changes|apps|leader|router/.+|serving/.+)";

    private final TestBed bed;
    private final Mysql mysql;
    private final Redis redis;

    Platform(TestBed bed) {
        this.bed = bed;
        this.mysql = bed.mysql();
        this.redis = bed.redis();
    }

    /** Writes an app's row, as a person would with the {@code mysql} client. */
    void insert(String app, String version, int instances) {
        insert(app, version, instances, "");
    }

    /** The same with a health path, which only then the health monitor probes. */
    void insert(String app, String version, int instances, String health) {
        mysql.update(
                "insert into app(name,creator,image,memory,instance,health) values(?,1,?,128,?,?)",
                app,
                bed.echo().image(version),
                instances,
                health);
    }

    /** Another image, and status 0 as the original's dashboard sets it with every deploy. */
    void deploy(String app, String version) {
        mysql.update(
                "update app set image = ?, status = 0 where name = ?",
                bed.echo().image(version),
                app);
    }

    void scale(String app, int instances) {
        mysql.update("update app set instance = ?, status = 0 where name = ?", instances, app);
    }

    /** Another image and another number of instances at once. */
    void redeploy(String app, String version, int instances) {
        mysql.update(
                "update app set image = ?, instance = ?, status = 0 where name = ?",
                bed.echo().image(version),
                instances,
                app);
    }

    /** Failed deploys are tried again. */
    void retryFailed() {
        mysql.update("update app set status = 0 where status <> 0");
    }

    /** How many starts an agent has refused because no port was free, among the events kept. */
    int refusedForPorts() {
        return Integer.parseInt(
                mysql.value("select count(*) from event where kind = 'failed' and reason like '%no free host port%'"));
    }

    /** How many of the last events the server has recorded are of a kind. */
    int events(String kind) {
        return Integer.parseInt(mysql.value("select count(*) from event where kind = ?", kind));
    }

    /** The app's row first: while it stands, the loss of its environment is a new revision to roll out. */
    void delete(String app) {
        mysql.update("delete from app where name = ?", app);
        mysql.update("delete from env where app_name = ?", app);
    }

    /** Deletes every app and every domain, and waits until nothing is left of them. */
    void deleteAll() {
        mysql.update("delete from app");
        mysql.update("delete from env");
        mysql.update("delete from domain");
        Await.until(LEAVING, "nothing is left", () -> disorder().isEmpty(), () -> disorder() + explain(""));
    }

    int status(String app) {
        return Integer.parseInt(mysql.value("select status from app where name = ?", app));
    }

    /** One request to the app's host through the router, on a connection of its own. */
    Answer get(String app, String path) throws IOException {
        return RawHttp.once(bed.router(), Call.get(host(app), path), 5000);
    }

    /** Whether an instance answers at its own address, not through a router. */
    boolean answersAt(String endpoint) {
        String[] parts = endpoint.split(":");
        InetSocketAddress address = new InetSocketAddress(parts[0], Integer.parseInt(parts[1]));
        try {
            return RawHttp.once(address, Call.get(endpoint, "/"), 2000).status() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    boolean answers(String app) {
        return answers(bed.router(), app);
    }

    boolean answers(InetSocketAddress router, String app) {
        try {
            return RawHttp.once(router, Call.get(host(app), "/"), 5000).status() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    String host(String app) {
        return app.toLowerCase(Locale.ROOT) + "." + bed.domain();
    }

    /** Waits for the first 200 through the router. */
    Duration awaitAnswer(String app, Duration limit) {
        return Await.until(limit, app + " answers 200", () -> answers(app), () -> explain(app));
    }

    /** An app whose instances all serve, under load through the first router. */
    Load underLoad(String app, String version, int instances) {
        insert(app, version, instances);
        return load(app);
    }

    /** Load for an app that has just been made, from when all its instances serve. */
    Load load(String app) {
        awaitAnswer(app, Duration.ofMinutes(1));
        awaitOrder();
        return Load.start(bed.router(), app, bed.domain());
    }

    /** Waits for a 200 through each router: that one of them has applied a route says nothing of the others. */
    void awaitEveryRouter(String app, Duration limit) {
        for (InetSocketAddress router : bed.routers()) {
            Await.until(limit, app + " answers 200 through " + router, () -> answers(router, app), () -> explain(app));
        }
    }

    /** All containers of an app, on both nodes, in whatever state. */
    List<Container> containers(String app) {
        return containers().filter(container -> container.app().equals(app)).toList();
    }

    /** The versions of all running containers. */
    List<String> versions() {
        return containers()
                .filter(Container::running)
                .map(Container::version)
                .sorted()
                .toList();
    }

    /** The versions of an app's running containers. */
    List<String> versions(String app) {
        return containers(app).stream()
                .filter(Container::running)
                .map(Container::version)
                .sorted()
                .toList();
    }

    /** Every key in Redis that routes something. */
    List<String> routeKeys() {
        return redis.keys("*").stream().filter(key -> !key.startsWith("/meta/")).toList();
    }

    /** The app's entries in Redis. */
    List<String> routed(String app) {
        return redis.list("/rs/" + host(app));
    }

    /** The app's entries in the first router's own table. */
    List<String> routerTable(String app) {
        return entries(routerStatus("/routes"), app);
    }

    /** A page of the first router's status port. */
    JsonNode routerStatus(String path) {
        return routerStatus(bed.routers().get(0), path);
    }

    private JsonNode routerStatus(InetSocketAddress router, String path) {
        String user = Base64.getEncoder()
                .encodeToString(("dinp:" + Infrastructure.PASSWORD).getBytes(StandardCharsets.UTF_8));
        return json(new InetSocketAddress(router.getAddress(), Ports.ROUTER_STATUS), path, "Basic " + user);
    }

    /** A page of the server's API. */
    JsonNode server(String path) {
        return json(bed.address(Ports.SERVER_HTTP), path, "Bearer " + bed.token());
    }

    /** Says something to the server's API; the answer's status. */
    int tell(String path, String body) {
        InetSocketAddress address = bed.address(Ports.SERVER_HTTP);
        Call call =
                new Call("POST", address.getHostString(), path, body, Map.of("Authorization", "Bearer " + bed.token()));
        try {
            return RawHttp.once(address, call, 5000).status();
        } catch (IOException e) {
            throw new UncheckedIOException(path, e);
        }
    }

    /** Waits until wanted = running = routed for every app, and nothing more. */
    Duration awaitOrder() {
        return Await.until(ORDER_LIMIT, "in order", () -> disorder().isEmpty(), () -> disorder() + explain(""));
    }

    /** What is not as the rows say: empty when all is in order. */
    List<String> disorder() {
        List<String> faults = new ArrayList<>();
        Map<String, Integer> wanted = wanted();
        Map<String, List<Container>> real = new TreeMap<>();
        containers()
                .forEach(c ->
                        real.computeIfAbsent(c.app(), name -> new ArrayList<>()).add(c));
        real.keySet().stream()
                .filter(app -> !wanted.containsKey(app))
                .forEach(app -> faults.add("containers of no app: " + real.get(app)));
        List<JsonNode> tables = bed.routers().stream()
                .map(router -> routerStatus(router, "/routes"))
                .toList();
        wanted.forEach((app, count) -> compare(app, count, real.getOrDefault(app, List.of()), tables, faults));
        strayKeys(wanted).forEach(key -> faults.add("stray key " + key));
        return faults;
    }

    /** Containers' view of an app against Redis' and every router's. */
    private void compare(
            String app, int count, List<Container> containers, List<JsonNode> tables, List<String> faults) {
        List<String> published = containers.stream()
                .filter(Container::running)
                .map(Container::published)
                .sorted()
                .toList();
        List<String> routed = routed(app);
        List<List<String>> applied =
                tables.stream().map(table -> entries(table, app)).toList();
        if (containers.size() != count || published.size() != count) {
            faults.add(app + " wants " + count + ", has "
                    + containers.stream().map(Container::state).toList());
        }
        if (!published.equals(routed) || !applied.stream().allMatch(routed::equals)) {
            faults.add(app + " runs at " + published + ", routed to " + routed + ", routers have " + applied);
        }
    }

    private Stream<String> strayKeys(Map<String, Integer> wanted) {
        List<String> cnames = mysql.column("select concat('/cname/', lower(domain)) from domain where app_id <> 0");
        return redis.keys("*").stream()
                .filter(key -> !key.matches(META))
                .filter(key -> !cnames.contains(key))
                .filter(key -> wanted.entrySet().stream()
                        .noneMatch(app -> app.getValue() > 0 && key.equals("/rs/" + host(app.getKey()))));
    }

    private Map<String, Integer> wanted() {
        Map<String, Integer> all = new TreeMap<>();
        mysql.column("select concat(name, ' ', instance) from app where image <> ''")
                .forEach(row -> all.put(row.split(" ")[0], Integer.parseInt(row.split(" ")[1])));
        return all;
    }

    private Stream<Container> containers() {
        return bed.engines().stream().flatMap(engine -> engine.containers().stream());
    }

    /** What a person would look at first when something is wrong. */
    String explain(String app) {
        String path = app.isEmpty() ? "/events?limit=20" : "/status/" + app;
        try {
            return path + " says " + server(path) + bed.daemon("server").tail();
        } catch (RuntimeException | AssertionError e) {
            return path + " says nothing: " + e + bed.daemon("server").tail();
        }
    }

    private List<String> entries(JsonNode table, String app) {
        List<String> entries = new ArrayList<>();
        collect(table.findPath(host(app)), entries);
        return entries.stream().sorted().toList();
    }

    private static void collect(JsonNode node, List<String> entries) {
        if (node.isTextual() && node.asText().matches("[0-9.]+:[0-9]+")) {
            entries.add(node.asText());
        }
        node.forEach(child -> collect(child, entries));
    }

    private static JsonNode json(InetSocketAddress address, String path, String authorization) {
        Call call = new Call("GET", address.getHostString(), path, "", Map.of("Authorization", authorization));
        try {
            Answer answer = RawHttp.once(address, call, 5000);
            assertEquals(200, answer.status(), () -> path + " answers " + answer.body());
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(path, e);
        }
    }
}
