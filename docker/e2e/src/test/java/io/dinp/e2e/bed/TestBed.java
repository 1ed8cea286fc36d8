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
 * A whole DINP on this machine, made once for all end-to-end tests: two nodes with an engine and an agent each, the other five
 * daemons on the bridge's address, the infrastructure beside them.
 */
public final class TestBed implements AutoCloseable {
    /** The user that the dashboard's and builder's tests sign in as. */
    public static final String ROOT = "root";

    /** The password of {@link #ROOT}. */
    public static final String ROOT_PASSWORD = "e2e-Root-Password-1";

    private static final Path HOME = Path.of(System.getenv().getOrDefault("DINP_E2E_HOME", "/var/tmp/dinp-e2e"));
    private static final Path RUN = HOME.resolve("run");

    private final Engine first = new Engine("n1", "10.214.0.11", "172.29.211.1/24", HOME.resolve("n1"));
    private final Engine second = new Engine("n2", "10.214.0.12", "172.29.212.1/24", HOME.resolve("n2"));
    private final Infrastructure infrastructure = new Infrastructure(RUN);
    private final Archives archives =
            new Archives(Path.of("../..").toAbsolutePath().normalize(), RUN.resolve("bin"));
    private final EchoImages echo = new EchoImages(infrastructure.registry());
    private final Map<String, DaemonProcess> daemons = new LinkedHashMap<>();
    private final Thread atExit = new Thread(this::tearDown, "dinp-e2e-tear-down");

    /** Brings everything up; what an earlier run has left goes first. */
    public static TestBed up() {
        TestBed bed = new TestBed();
        try {
            bed.start();
            return bed;
        } catch (RuntimeException | Error e) {
            bed.close();
            throw e;
        }
    }

    private void start() {
        Leftovers.remove(HOME, List.of(first.namespace(), second.namespace()));
        Runtime.getRuntime().addShutdownHook(atExit);
        long begin = System.nanoTime();
        startMachines();
        System.out.printf(
                "bed: engines, MySQL, Redis and registry in %.1f s%n",
                Await.since(begin).toMillis() / 1000.0);
        configureDaemons();
        startDaemons();
        System.out.printf("bed: all up in %.1f s%n", Await.since(begin).toMillis() / 1000.0);
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
        return new InetSocketAddress(Network.ADDRESS, port);
    }

    /** The base of a URL on the bridge's address. */
    public String url(int port) {
        return Settings.url(port);
    }

    /** The {@code mysql} client. */
    public Mysql mysql() {
        return new Mysql(Network.ADDRESS + ":" + Ports.MYSQL, Infrastructure.PASSWORD);
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
        createFolder(RUN);
        Network.up();
        Network.join(first.namespace(), first.address());
        Network.join(second.namespace(), second.address());
        CompletableFuture.allOf(
                        CompletableFuture.runAsync(() -> first.start(infrastructure.registry())),
                        CompletableFuture.runAsync(() -> second.start(infrastructure.registry())),
                        CompletableFuture.runAsync(infrastructure::start))
                .join();
        infrastructure.pushBases();
        engines().forEach(infrastructure::login);
        echo.build(first, second, infrastructure.registry() + "/dinp/binary:1", RUN.resolve("echo"));
        Await.until(Duration.ofMinutes(1), "MySQL answers", mysql()::answers);
        Await.until(
                Duration.ofSeconds(20),
                "Redis answers",
                () -> redis().text("PING").equals("PONG"));
    }

    private void configureDaemons() {
        add("server", "server", "", address(Ports.SERVER_HTTP), Settings.server());
        add("uic", "uic", "", address(Ports.UIC), Settings.uic());
        for (Engine engine : engines()) {
            String name = "agent-" + engine.namespace().replace("dinp-e2e-", "");
            InetSocketAddress health = new InetSocketAddress(engine.address(), Ports.AGENT);
            add(
                    name,
                    "agent",
                    engine.namespace(),
                    health,
                    Settings.agent(engine, RUN.resolve(name).resolve("state")));
        }
        add("router", "router", "", address(Ports.ROUTER_STATUS), Settings.router(RUN.resolve("router")));
        add("hm", "hm", "", address(Ports.HM), Settings.hm());
        add("builder", "builder", "", address(Ports.BUILDER), Settings.builder(second, RUN.resolve("builder")));
        add("dash", "dash", "", address(Ports.DASH), Settings.dash());
    }

    private void add(
            String name, String daemon, String namespace, InetSocketAddress health, Map<String, Object> settings) {
        DaemonProcess process = new DaemonProcess(name, RUN.resolve(name), archives.unpack(daemon), namespace, health);
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
        attempt(Infrastructure::remove);
        attempt(() -> Network.down(List.of(first.namespace(), second.namespace())));
    }

    /** One part that cannot be taken down keeps none of the others up. */
    private static void attempt(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            System.out.println("bed: tear-down goes on after " + e.getMessage());
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
