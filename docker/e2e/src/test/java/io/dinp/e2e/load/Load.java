package io.dinp.e2e.load;

import io.dinp.e2e.bed.Await;
import io.dinp.e2e.client.RawHttp;
import io.dinp.e2e.client.RawHttp.Answer;
import io.dinp.e2e.client.RawHttp.Call;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * 100 requests a second against one app, open loop: the next request is due whether or not earlier ones have been answered.
 * Stopped by {@link #stop()}, which waits for the answers still under way.
 */
public final class Load implements AutoCloseable {
    private static final int PER_SECOND = 100;
    private static final int FAILURES_KEPT = 5;
    private static final Duration IDLE_LIMIT = Duration.ofSeconds(10);

    private final InetSocketAddress router;
    private final String host;
    private final String app;
    private final ExecutorService senders = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "load");
        thread.setDaemon(true);
        return thread;
    });
    private final Deque<Kept> kept = new ConcurrentLinkedDeque<>();
    private final Thread clock;
    private final long start = System.nanoTime();
    private volatile boolean stopped;
    private int sent;
    private int failed;
    private final List<String> failures = new ArrayList<>();
    private final Map<String, Integer> versions = new TreeMap<>();
    private final List<Duration> latencies = new ArrayList<>();

    /** A connection that waits for its next request since then. */
    private record Kept(RawHttp connection, long since) {}

    private Load(InetSocketAddress router, String host, String app) {
        this.router = router;
        this.host = host;
        this.app = app;
        this.clock = new Thread(this::tick, "load-clock");
        clock.setDaemon(true);
    }

    /** Starts to load the app at once. */
    public static Load start(InetSocketAddress router, String app, String domain) {
        Load load = new Load(router, app + "." + domain, app);
        load.clock.start();
        return load;
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
        kept.forEach(idle -> close(idle.connection()));
        return report();
    }

    /** What has been seen up to now. */
    public synchronized LoadReport report() {
        return new LoadReport(sent, failed, failures, versions, latencies);
    }

    /** What has been seen since the last cut: one load runs through several faults, each of which has its own count. */
    public synchronized LoadReport cut() {
        LoadReport window = report();
        sent = 0;
        failed = 0;
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
            long due = due(start, turn);
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            int number = turn;
            senders.execute(() -> send(number, due));
        }
    }

    /** When a request is due, in the clock's nanoseconds: counted from the start, so that delays do not add up. */
    static long due(long start, int turn) {
        return start + turn * (1_000_000_000L / PER_SECOND);
    }

    private void send(int turn, long due) {
        RequestKind kind = RequestKind.ofTurn(turn);
        String body = kind.body(turn);
        try {
            Answer answer = exchange(kind, body.isEmpty() ? Call.get(host, "/") : Call.post(host, "/", body));
            Duration latency = Duration.ofNanos(System.nanoTime() - due);
            count(turn, kind, Verdict.judge(answer, app, body, latency), Verdict.version(answer), latency);
        } catch (IOException e) {
            count(turn, kind, e.toString(), "", Duration.ofNanos(System.nanoTime() - due));
        }
    }

    private Answer exchange(RequestKind kind, Call call) throws IOException {
        int limit = (int) Verdict.LIMIT.toMillis();
        if (!kind.keepAlive()) {
            return RawHttp.once(router, call, limit);
        }
        RawHttp connection = reused();
        if (connection == null) {
            connection = new RawHttp(router, limit);
        }
        connection.limit(limit);
        return exchange(connection, call);
    }

    /** The connection used last, unless even that one was idle for so long that the router may be closing it just now. */
    private RawHttp reused() {
        Kept last = kept.pollFirst();
        if (last == null || Await.since(last.since()).compareTo(IDLE_LIMIT) <= 0) {
            return last == null ? null : last.connection();
        }
        close(last.connection());
        return reused();
    }

    /** The connection is kept for the next request only when the whole answer came and allows it. */
    private Answer exchange(RawHttp connection, Call call) throws IOException {
        boolean reusable = false;
        try {
            Answer answer = connection.exchange(call, true);
            reusable = !"close".equalsIgnoreCase(answer.headers().get("connection"));
            return answer;
        } finally {
            if (reusable) {
                kept.addFirst(new Kept(connection, System.nanoTime()));
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
        if (failures.size() < FAILURES_KEPT) {
            failures.add("at " + (due(0, turn) / 1_000_000L) + " ms " + kind + " after " + latency.toMillis() + " ms: "
                    + failure);
        }
    }

    private static void close(RawHttp connection) {
        try {
            connection.close();
        } catch (IOException e) {
            throw new UncheckedIOException("a socket cannot be closed", e);
        }
    }
}
