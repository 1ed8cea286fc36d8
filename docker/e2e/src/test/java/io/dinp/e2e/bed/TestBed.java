package io.dinp.e2e.bed;

import io.dinp.e2e.client.Mysql;
import io.dinp.e2e.client.Redis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * A whole DINP on this machine, used by one test class after the other: nodes with an engine and an agent each, the other
 * daemons on the bridge's address, the infrastructure beside them. It begins small and grows when a class needs more of it.
 */
public final class TestBed implements AutoCloseable {
    /** The user that the dashboard's and builder's tests sign in as. */
    public static final String ROOT = "root";

    /** The password of {@link #ROOT}. */
    public static final String ROOT_PASSWORD = "e2e-Root-Password-1";

    private final Site site;
    private final Network network;
    private final List<Engine> engines = new ArrayList<>();
    private final Infrastructure infrastructure;
    private final Settings settings;
    private final Archives archives;
    private final EchoImages echo;
    private final Map<String, DaemonProcess> daemons = new LinkedHashMap<>();
    private final Thread atExit;
    private Shape shape = Shape.SMALL;

    private TestBed(Site site) {
        this.site = site;
        network = new Network(site);
        infrastructure = new Infrastructure(site);
        settings = new Settings(site);
        archives = new Archives(
                Path.of("../..").toAbsolutePath().normalize(), site.run().resolve("bin"));
        echo = new EchoImages(infrastructure.registry());
        atExit = new Thread(this::tearDown, site.name() + "-tear-down");
    }

    /**
     * Brings everything up; what an earlier run has left goes first.
     *
     * @param number of the bed, from 1: beds of different numbers share nothing but the machine
     */
    public static TestBed up(int number) {
        TestBed bed = new TestBed(new Site(number));
        try {
            bed.start();
            return bed;
        } catch (RuntimeException | Error e) {
            bed.close();
            throw e;
        }
    }

    private void start() {
        Leftovers.remove(site);
        infrastructure.remove();
        network.down();
        Runtime.getRuntime().addShutdownHook(atExit);
        long begin = System.nanoTime();
        startMachines();
        System.out.printf(
                "%s: engines, MySQL, Redis and registry in %.1f s%n",
                site.name(), Await.since(begin).toMillis() / 1000.0);
        configureDaemons();
        startDaemons();
        System.out.printf(
                "%s: all up in %.1f s%n", site.name(), Await.since(begin).toMillis() / 1000.0);
    }

    /** What the bed has got. */
    public Shape shape() {
        return shape;
    }

    /** Adds what is missing to a shape; nothing is ever taken away. */
    public void grow(Shape wanted) {
        for (int node = shape.nodes() + 1; node <= wanted.nodes(); node++) {
            Engine engine = addEngine(node);
            engine.start(infrastructure.registry());
            infrastructure.login(engine);
            echo.pull(engine);
            addAgent(engine).startAndWait();
        }
        for (int router = shape.routers() + 1; router <= wanted.routers(); router++) {
            network.join(site.routerNamespace(router), site.routerAddress(router));
            addRouter(router).startAndWait();
        }
        shape = new Shape(Math.max(shape.nodes(), wanted.nodes()), Math.max(shape.routers(), wanted.routers()));
    }

    /** The nodes. */
    public List<Engine> engines() {
        return List.copyOf(engines);
    }

    /** The agent of a node. */
    public DaemonProcess agent(Engine engine) {
        return daemon("agent-" + engine.name());
    }

    /** MySQL, Redis and the registry. */
    public Infrastructure infrastructure() {
        return infrastructure;
    }

    /** The app of the fault tests, on both nodes already. */
    public EchoImages echo() {
        return echo;
    }

    /** A daemon by name: server, agent-n1, agent-n2, router, router-2, builder, dash, uic, hm. */
    public DaemonProcess daemon(String name) {
        return daemons.get(name);
    }

    /** All daemons. */
    public List<DaemonProcess> daemons() {
        return List.copyOf(daemons.values());
    }

    /** Where people's requests go. */
    public InetSocketAddress router() {
        return address(Ports.ROUTER);
    }

    /** Where the requests of all routers go, the first one's first. */
    public List<InetSocketAddress> routers() {
        return IntStream.rangeClosed(1, shape.routers())
                .mapToObj(router -> new InetSocketAddress(site.routerAddress(router), Ports.ROUTER))
                .toList();
    }

    /** A router's process, by the place of its address in {@link #routers}. */
    public DaemonProcess routerProcess(int index) {
        return daemon(routerName(index + 1));
    }

    /** Pulls a node's cable: nobody is told anything. */
    public void unplug(Engine engine) {
        network.plug(engine.namespace(), false);
    }

    /** Puts a node's cable in again. */
    public void plug(Engine engine) {
        network.plug(engine.namespace(), true);
    }

    /** Cuts a router other than the first off Redis: its packets there are lost. */
    public void cutFromRedis(int router) {
        network.cut(site.routerNamespace(router + 1), Ports.REDIS);
    }

    /** Lets a router reach Redis again. */
    public void joinToRedis(int router) {
        network.mend(site.routerNamespace(router + 1), Ports.REDIS);
    }

    /** Starts a node's engine again, with what it finds on its disk. */
    public void restart(Engine engine) {
        engine.boot(infrastructure.registry());
    }

    /** Takes the power from a node: agent, engine, containers and network end at once, the disk stays. */
    public void powerOff(Engine engine) {
        agent(engine).kill();
        engine.powerOff();
        network.leave(engine.namespace());
    }

    /** Gives a node its power back: another boot of its machine, engine and agent started. */
    public void powerOn(Engine engine) {
        network.join(engine.namespace(), engine.address());
        engine.boot(infrastructure.registry());
        agent(engine).boot();
        agent(engine).startAndWait();
    }

    /** Gives every node so many host ports, so that they come round again soon. Nothing may run meanwhile. */
    public void leasePorts(int perNode) {
        for (Engine engine : engines) {
            Map<String, Object> agent = new LinkedHashMap<>(agentSettings(engine));
            agent.put("ports", "20000-" + (20000 + perNode - 1));
            agent(engine).stop();
            agent(engine).configure(agent);
            agent(engine).startAndWait();
        }
    }

    /** The platform's domain. */
    public String domain() {
        return Settings.DOMAIN;
    }

    /** The bearer token of the control plane. */
    public String token() {
        return Settings.TOKEN;
    }

    /** The token that services show to uic. */
    public String uicToken() {
        return Settings.UIC_TOKEN;
    }

    /** A port on the bridge's address. */
    public InetSocketAddress address(int port) {
        return new InetSocketAddress(site.address(), port);
    }

    /** The dashboard's URL. */
    public String dash() {
        return settings.url(site.dashPort());
    }

    /** The builder's URL. */
    public String builder() {
        return settings.url(site.builderPort());
    }

    /** The user centre's URL. */
    public String uic() {
        return settings.url(site.uicPort());
    }

    /** The {@code mysql} client. */
    public Mysql mysql() {
        return new Mysql(site.address() + ":" + Ports.MYSQL, Infrastructure.PASSWORD);
    }

    /** The {@code redis-cli}. */
    public Redis redis() {
        return new Redis(address(Ports.REDIS), Infrastructure.PASSWORD);
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(atExit);
        tearDown();
    }

    private void startMachines() {
        createFolder(site.run());
        network.up();
        Engine first = addEngine(1);
        Engine second = addEngine(2);
        CompletableFuture.allOf(
                        CompletableFuture.runAsync(() -> first.start(infrastructure.registry())),
                        CompletableFuture.runAsync(() -> second.start(infrastructure.registry())),
                        CompletableFuture.runAsync(infrastructure::start))
                .join();
        infrastructure.pushBases();
        engines.forEach(infrastructure::login);
        echo.build(
                first, infrastructure.registry() + "/dinp/binary:1", site.run().resolve("echo"));
        echo.pull(second);
        Await.until(Duration.ofMinutes(1), "MySQL answers", mysql()::answers);
        Await.until(
                Duration.ofSeconds(20),
                "Redis answers",
                () -> redis().text("PING").equals("PONG"));
    }

    private void configureDaemons() {
        add("server", "server", "", address(Ports.SERVER_HTTP), settings.server());
        add("uic", "uic", "", address(site.uicPort()), settings.uic());
        engines.forEach(this::addAgent);
        addRouter(1);
        add("hm", "hm", "", address(Ports.HM), settings.hm());
        add(
                "builder",
                "builder",
                "",
                address(site.builderPort()),
                settings.builder(engines.get(1), site.run().resolve("builder")));
        add("dash", "dash", "", address(site.dashPort()), settings.dash());
    }

    private Engine addEngine(int node) {
        network.join(site.namespace(node), site.nodeAddress(node));
        Engine engine = new Engine(site, node);
        engines.add(engine);
        return engine;
    }

    private DaemonProcess addAgent(Engine engine) {
        InetSocketAddress health = new InetSocketAddress(engine.address(), Ports.AGENT);
        return add("agent-" + engine.name(), "agent", engine.namespace(), health, agentSettings(engine));
    }

    private Map<String, Object> agentSettings(Engine engine) {
        return settings.agent(
                engine, site.run().resolve("agent-" + engine.name()).resolve("state"));
    }

    private DaemonProcess addRouter(int router) {
        String name = routerName(router);
        String address = site.routerAddress(router);
        return add(
                name,
                "router",
                router == 1 ? "" : site.routerNamespace(router),
                new InetSocketAddress(address, Ports.ROUTER_STATUS),
                settings.router(address, site.run().resolve(name)));
    }

    private static String routerName(int router) {
        return router == 1 ? "router" : "router-" + router;
    }

    private DaemonProcess add(
            String name, String daemon, String namespace, InetSocketAddress health, Map<String, Object> settings) {
        DaemonProcess process =
                new DaemonProcess(name, site.run().resolve(name), archives.unpack(daemon), namespace, health);
        process.configure(settings);
        daemons.put(name, process);
        return process;
    }

    private void startDaemons() {
        daemons.values().forEach(DaemonProcess::start);
        daemons.values().forEach(DaemonProcess::awaitHealthy);
        daemon("uic").command(ROOT_PASSWORD + "\n", "create-user", ROOT, "--role", "root", "--password-stdin");
    }

    private void tearDown() {
        daemons.values().forEach(daemon -> attempt(daemon::stop));
        engines.forEach(engine -> attempt(engine::stop));
        attempt(infrastructure::remove);
        attempt(network::down);
    }

    /** One part that cannot be taken down keeps none of the others up. */
    private static void attempt(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            System.out.println("tear-down goes on after " + e.getMessage());
        }
    }

    private static void createFolder(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
