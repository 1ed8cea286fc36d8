package io.dinp.e2e.load;

import io.dinp.e2e.bed.Await;
import io.dinp.e2e.client.RawHttp;
import io.dinp.e2e.client.RawHttp.Answer;
import io.dinp.e2e.client.RawHttp.Call;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * 100 requests a second unless told otherwise, open loop: the next request is due whether or not earlier ones have been answered. Several apps and
 * routers take turns. Stopped by {@link #stop()}, which waits for the answers still under way.
 */
public final class Load implements AutoCloseable {
    private static final int PER_SECOND = 100;
    private static final int FAILURES_KEPT = 5;
    private static final Duration IDLE_LIMIT = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final String domain;
    private final int perSecond;
    private final ExecutorService senders = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "load");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<InetSocketAddress, Deque<Kept>> kept = new ConcurrentHashMap<>();
    private final Thread clock;
    private final long start = System.nanoTime();
    private volatile List<InetSocketAddress> routers;
    private volatile List<String> apps;
    private volatile boolean balanced;
    private volatile boolean stopped;
    private int sent;
    private int failed;
    private int wrong;
    private int again;
    private Duration lastFailure = Duration.ZERO;
    private final List<String> failures = new ArrayList<>();
    private final Map<String, Integer> versions = new TreeMap<>();
    private final List<Duration> latencies = new ArrayList<>();

    /** A connection that waits for its next request since then. */
    private record Kept(RawHttp connection, long since) {}

    private Load(List<InetSocketAddress> routers, List<String> apps, String domain, int perSecond) {
        this.routers = List.copyOf(routers);
        this.apps = List.copyOf(apps);
        this.domain = domain;
        this.perSecond = perSecond;
        this.clock = new Thread(this::tick, "load-clock");
        clock.setDaemon(true);
    }

    /** Starts to load the app at once. */
    public static Load start(InetSocketAddress router, String app, String domain) {
        return start(List.of(router), List.of(app), domain);
    }

    /** Starts to load apps through routers, each app as often as the others. */
    public static Load start(List<InetSocketAddress> routers, List<String> apps, String domain) {
        return start(routers, apps, domain, PER_SECOND);
    }

    /** The same at another rate: two loads at a time share the usual one. */
    public static Load start(List<InetSocketAddress> routers, List<String> apps, String domain, int perSecond) {
        Load load = new Load(routers, apps, domain, perSecond);
        load.clock.start();
        return load;
    }

    /** From now on these routers get the requests, as after a health check of the balancer in front of them. */
    public void through(List<InetSocketAddress> balancedRouters) {
        routers = List.copyOf(balancedRouters);
    }

    /** From now on these apps are asked. */
    public void over(List<String> loadedApps) {
        apps = List.copyOf(loadedApps);
    }

    /** From now on a request whose router breaks the connection goes to another one, within the same limit. */
    public void balance() {
        balanced = true;
    }

    /** The time since the load began: what {@link LoadReport#lastFailure()} is counted in. */
    public Duration elapsed() {
        return Await.since(start);
    }

    /** Goes on for a while: the parts of a load before and after a fault have a fixed length. */
    public void runFor(Duration span) {
        long end = System.nanoTime() + span.toNanos();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    /** Ends the load and counts. */
    public LoadReport stop() {
        stopped = true;
        try {
            clock.join();
            senders.shutdown();
            if (!senders.awaitTermination(2 * Verdict.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("requests have outlived their limit");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        kept.values().forEach(all -> all.forEach(idle -> close(idle.connection())));
        return report();
    }

    /** What has been seen up to now. */
    public synchronized LoadReport report() {
        return new LoadReport(sent, failed, wrong, again, lastFailure, failures, versions, latencies);
    }

    /** What has been seen since the last cut: one load runs through several faults, each of which has its own count. */
    public synchronized LoadReport cut() {
        LoadReport window = report();
        sent = 0;
        failed = 0;
        wrong = 0;
        again = 0;
        lastFailure = Duration.ZERO;
        failures.clear();
        versions.clear();
        latencies.clear();
        return window;
    }

    @Override
    public void close() {
        stopped = true;
        senders.shutdownNow();
    }

    private void tick() {
        for (int turn = 0; !stopped; turn++) {
            long due = due(start, turn, perSecond);
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            int number = turn;
            senders.execute(() -> send(number, due));
        }
    }

    /** When a request is due, in the clock's nanoseconds: counted from the start, so that delays do not add up. */
    static long due(long start, int turn, int perSecond) {
        return start + turn * (1_000_000_000L / perSecond);
    }

    private void send(int turn, long due) {
        // All four kinds reach each router and each app: their turns are taken one after the other.
        RequestKind kind = RequestKind.ofTurn(turn);
        int round = turn / RequestKind.values().length;
        List<String> asked = apps;
        String app = asked.get(round % asked.size());
        String host = app.toLowerCase(Locale.ROOT) + "." + domain;
        String body = kind.body(turn);
        try {
            Call call = body.isEmpty() ? Call.get(host, "/") : Call.post(host, "/", body);
            Answer answer = exchange(kind, call, round / asked.size(), due);
            Duration latency = Duration.ofNanos(System.nanoTime() - due);
            count(turn, kind, Verdict.judge(answer, app, body, latency), Verdict.version(answer), latency);
        } catch (IOException e) {
            count(turn, kind, e.toString(), "", Duration.ofNanos(System.nanoTime() - due));
        }
    }

    private Answer exchange(RequestKind kind, Call call, int first, long due) throws IOException {
        List<InetSocketAddress> targets = routers;
        for (int attempt = 0; ; attempt++) {
            try {
                return exchange(targets.get((first + attempt) % targets.size()), kind, call);
            } catch (IOException e) {
                boolean late = Await.since(due).compareTo(Verdict.LIMIT) > 0;
                if (!balanced || late || e instanceof SocketTimeoutException) {
                    throw e;
                }
                countAgain();
                targets = routers;
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private Answer exchange(InetSocketAddress router, RequestKind kind, Call call) throws IOException {
        int limit = (int) Verdict.LIMIT.toMillis();
        if (!kind.keepAlive()) {
            return RawHttp.once(router, call, limit);
        }
        Deque<Kept> idle = kept.computeIfAbsent(router, address -> new ConcurrentLinkedDeque<>());
        RawHttp connection = reused(idle);
        if (connection == null) {
            connection = new RawHttp(router, limit);
        }
        connection.limit(limit);
        return exchange(idle, connection, call);
    }

    /** The connection used last, unless even that one was idle for so long that the router may be closing it just now. */
    private static RawHttp reused(Deque<Kept> idle) {
        Kept last = idle.pollFirst();
        if (last == null || Await.since(last.since()).compareTo(IDLE_LIMIT) <= 0) {
            return last == null ? null : last.connection();
        }
        close(last.connection());
        return reused(idle);
    }

    /** The connection is kept for the next request only when the whole answer came and allows it. */
    private static Answer exchange(Deque<Kept> idle, RawHttp connection, Call call) throws IOException {
        boolean reusable = false;
        try {
            Answer answer = connection.exchange(call, true);
            reusable = !"close".equalsIgnoreCase(answer.headers().get("connection"));
            return answer;
        } finally {
            if (reusable) {
                idle.addFirst(new Kept(connection, System.nanoTime()));
            } else {
                close(connection);
            }
        }
    }

    private synchronized void count(int turn, RequestKind kind, String failure, String version, Duration latency) {
        sent++;
        if (failure.isEmpty()) {
            versions.merge(version, 1, Integer::sum);
            latencies.add(latency);
            return;
        }
        failed++;
        wrong += failure.startsWith(Verdict.ANOTHER_APP) ? 1 : 0;
        Duration at = Duration.ofNanos(due(0, turn, perSecond));
        lastFailure = at.compareTo(lastFailure) > 0 ? at : lastFailure;
        if (failures.size() < FAILURES_KEPT) {
            failures.add("at " + at.toMillis() + " ms " + kind + " after " + latency.toMillis() + " ms: " + failure);
        }
    }

    private synchronized void countAgain() {
        again++;
    }

    private static void close(RawHttp connection) {
        try {
            connection.close();
        } catch (IOException e) {
            throw new UncheckedIOException("a socket cannot be closed", e);
        }
    }
}
