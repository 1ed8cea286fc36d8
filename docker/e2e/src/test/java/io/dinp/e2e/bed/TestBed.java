package io.dinp.e2e.bed;

import io.dinp.e2e.client.Mysql;
import io.dinp.e2e.client.Redis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A whole DINP on this machine, used by one test class after the other: two nodes with an engine and an agent each, the other five
 * daemons on the bridge's address, the infrastructure beside them.
 */
public final class TestBed implements AutoCloseable {
    /** The user that the dashboard's and builder's tests sign in as. */
    public static final String ROOT = "root";

    /** The password of {@link #ROOT}. */
    public static final String ROOT_PASSWORD = "e2e-Root-Password-1";

    private static final int NODES = 2;

    private final Site site;
    private final Network network;
    private final Engine first;
    private final Engine second;
    private final Infrastructure infrastructure;
    private final Settings settings;
    private final Archives archives;
    private final EchoImages echo;
    private final Map<String, DaemonProcess> daemons = new LinkedHashMap<>();
    private final Thread atExit;

    private TestBed(Site site) {
        this.site = site;
        network = new Network(site);
        first = new Engine(site, 1);
        second = new Engine(site, 2);
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
        network.down(NODES);
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

    /** The nodes. */
    public List<Engine> engines() {
        return List.of(first, second);
    }

    /** MySQL, Redis and the registry. */
    public Infrastructure infrastructure() {
        return infrastructure;
    }

    /** The app of the fault tests, on both nodes already. */
    public EchoImages echo() {
        return echo;
    }

    /** A daemon by name: server, agent-n1, agent-n2, router, builder, dash, uic, hm. */
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
        network.join(1);
        network.join(2);
        CompletableFuture.allOf(
                        CompletableFuture.runAsync(() -> first.start(infrastructure.registry())),
                        CompletableFuture.runAsync(() -> second.start(infrastructure.registry())),
                        CompletableFuture.runAsync(infrastructure::start))
                .join();
        infrastructure.pushBases();
        engines().forEach(infrastructure::login);
        echo.build(
                first,
                second,
                infrastructure.registry() + "/dinp/binary:1",
                site.run().resolve("echo"));
        Await.until(Duration.ofMinutes(1), "MySQL answers", mysql()::answers);
        Await.until(
                Duration.ofSeconds(20),
                "Redis answers",
                () -> redis().text("PING").equals("PONG"));
    }

    private void configureDaemons() {
        add("server", "server", "", address(Ports.SERVER_HTTP), settings.server());
        add("uic", "uic", "", address(site.uicPort()), settings.uic());
        for (Engine engine : engines()) {
            String name = "agent-" + engine.name();
            InetSocketAddress health = new InetSocketAddress(engine.address(), Ports.AGENT);
            add(
                    name,
                    "agent",
                    engine.namespace(),
                    health,
                    settings.agent(engine, site.run().resolve(name).resolve("state")));
        }
        add(
                "router",
                "router",
                "",
                address(Ports.ROUTER_STATUS),
                settings.router(site.run().resolve("router")));
        add("hm", "hm", "", address(Ports.HM), settings.hm());
        add(
                "builder",
                "builder",
                "",
                address(site.builderPort()),
                settings.builder(second, site.run().resolve("builder")));
        add("dash", "dash", "", address(site.dashPort()), settings.dash());
    }

    private void add(
            String name, String daemon, String namespace, InetSocketAddress health, Map<String, Object> settings) {
        DaemonProcess process =
                new DaemonProcess(name, site.run().resolve(name), archives.unpack(daemon), namespace, health);
        process.configure(settings);
        daemons.put(name, process);
    }

    private void startDaemons() {
        daemons.values().forEach(DaemonProcess::start);
        daemons.values().forEach(DaemonProcess::awaitHealthy);
        daemon("uic").command(ROOT_PASSWORD + "\n", "create-user", ROOT, "--role", "root", "--password-stdin");
    }

    private void tearDown() {
        daemons.values().forEach(daemon -> attempt(daemon::stop));
        engines().forEach(engine -> attempt(engine::stop));
        attempt(infrastructure::remove);
        attempt(() -> network.down(NODES));
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
