package io.dinp.server.bench;

import io.dinp.common.config.Dsn;
import io.dinp.common.config.Secret;
import io.dinp.common.db.Database;
import io.dinp.common.model.ContainerReport;
import io.dinp.common.testing.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * The running server under the beats of many nodes: what it costs while nothing happens, and how soon a death is answered.
 * {@code docker/bench/server.sh} starts everything that it needs, in a network namespace of its own.
 */
public final class ServerBench {

    static final Secret TOKEN = new Secret("bench-token");
    private static final int DEATHS = 25;
    private static final int DEATH_LIMIT_S = 30;
    private static final int SETTLED_LIMIT_S = 300;
    private static final Duration QUIET = Duration.ofSeconds(20);

    private final BenchInstallation installation;
    private final int apps;
    private final Dsn dsn;
    private final Map<String, Long> pids = new LinkedHashMap<>();

    private ServerBench(Dsn dsn, int nodes, int apps) {
        this.installation = new BenchInstallation(nodes, apps);
        this.apps = apps;
        this.dsn = dsn;
    }

    /**
     * {@code fill DSN NODES APPS} writes the rows; {@code load DSN NODES APPS SECONDS SERVER MYSQL REDIS} makes the load and
     * measures, the last three being process ids.
     */
    public static void main(String[] args) throws Exception {
        ServerBench bench = new ServerBench(Dsn.mysql(args[1]), Integer.parseInt(args[2]), Integer.parseInt(args[3]));
        if ("fill".equals(args[0])) {
            bench.installation.fill(bench.dsn);
            return;
        }
        bench.pids.put("server", Long.parseLong(args[5]));
        bench.pids.put("mysql", Long.parseLong(args[6]));
        bench.pids.put("redis", Long.parseLong(args[7]));
        bench.load(Integer.parseInt(args[4]));
        System.exit(0);
    }

    private void load(int seconds) throws Exception {
        List<BenchNode> nodes = installation.running();
        try (BenchAgents agents = new BenchAgents(nodes);
                BenchRouter router = new BenchRouter()) {
            long begin = System.nanoTime();
            router.start();
            awaitPort();
            agents.start();
            awaitSettled(agents);
            System.out.printf("all deploys known after %.1f s%n", secondsSince(begin));
            goOnFor(QUIET);
            measure("beats", seconds);
            deaths(agents, nodes);
            nodeLoss(agents, nodes);
            System.out.printf("beats that failed: %d%n", agents.failedBeats.get());
        }
    }

    /** The load goes on for a fixed time; nothing is waited for. */
    private static void goOnFor(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }

    /** The HTTP port answers before the beats are taken. */
    private static void awaitPort() {
        Await.until(Duration.ofSeconds(DEATH_LIMIT_S), "port " + BenchNode.RPC_PORT + " answers", ServerBench::listens);
    }

    private static boolean listens() {
        try {
            new Socket(InetAddress.getLoopbackAddress(), BenchNode.RPC_PORT).close();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void awaitSettled(BenchAgents agents) {
        try (Database database = Database.open(dsn, "bench", 2)) {
            Await.until(
                    Duration.ofSeconds(SETTLED_LIMIT_S),
                    "all " + apps + " apps are deployed",
                    () -> BenchInstallation.deployed(database) == apps);
        }
        if (agents.starts.get() > 0) {
            throw new IllegalStateException("the server ordered " + agents.starts + " starts though all runs already");
        }
    }

    private void measure(String what, int seconds) throws InterruptedException {
        Map<String, ProcessMeter> meters = new LinkedHashMap<>();
        pids.forEach((name, pid) -> meters.put(name, new ProcessMeter(pid)));
        goOnFor(Duration.ofSeconds(seconds));
        meters.forEach((name, meter) -> System.out.printf(
                "%s, %d s: %s %.1f %% of a core, resident %d MB (%s)%n",
                what, seconds, name, meter.percent(), meter.residentMb(), meter.byThread()));
    }

    /** Each instance that ends is of another app, so that none of them waits for a crash before it. */
    private void deaths(BenchAgents agents, List<BenchNode> nodes) throws Exception {
        double[] millis = new double[DEATHS];
        Random random = new Random(1);
        ProcessMeter server = new ProcessMeter(pids.get("server"));
        for (int i = 0; i < DEATHS; i++) {
            BenchNode node = nodes.get(i * nodes.size() / DEATHS);
            ContainerReport victim = node.anyRunning().orElseThrow();
            CompletableFuture<Long> order = agents.nextStart(victim.appName());
            long begin = System.nanoTime();
            node.exit(victim.instance());
            node.beat();
            millis[i] = (awaited(order, victim.appName()) - begin) / 1e6;
            goOnFor(Duration.ofMillis(500 + random.nextInt(1000)));
        }
        System.out.println("death to order, ms, in turn: "
                + Arrays.stream(millis)
                        .mapToObj(each -> String.format("%.0f", each))
                        .collect(Collectors.joining(" ")));
        Arrays.sort(millis);
        System.out.printf(
                "%d deaths: order after %.0f ms (median), %.0f ms (most); each costs the server %.0f ms of a core, beats included%n",
                DEATHS, millis[DEATHS / 2], millis[DEATHS - 1], server.millis() / DEATHS);
    }

    private static long awaited(CompletableFuture<Long> order, String app)
            throws InterruptedException, ExecutionException {
        try {
            return order.get(DEATH_LIMIT_S, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("no order for " + app + " within " + DEATH_LIMIT_S + " s", e);
        }
    }

    private static void nodeLoss(BenchAgents agents, List<BenchNode> nodes) throws IOException {
        BenchNode lost = nodes.get(1);
        int orders = lost.size();
        Duration limit = Duration.ofSeconds(3L * DEATH_LIMIT_S);
        lost.beat();
        lost.powerOff();
        long begin = System.nanoTime();
        int before = agents.starts.get();
        Await.until(limit, "a first order", () -> agents.starts.get() > before);
        double first = secondsSince(begin);
        Await.until(limit, orders + " orders", () -> agents.starts.get() >= before + orders);
        System.out.printf(
                "node with %d instances lost: first order %.2f s after its last beat, the last %.2f s%n",
                orders, first, secondsSince(begin));
    }

    private static double secondsSince(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }
}
