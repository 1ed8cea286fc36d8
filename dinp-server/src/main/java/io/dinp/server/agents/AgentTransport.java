package io.dinp.server.agents;

import io.dinp.common.config.Secret;
import io.dinp.common.http.JsonClient;
import io.dinp.server.core.Action;
import io.dinp.server.state.OrderResult;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends orders to agents: in parallel over nodes, a few at once per node, each with a deadline. This is the only place
 * that knows how an agent is reached.
 */
public final class AgentTransport implements Agents, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(AgentTransport.class);
    private static final int ORDERS_AT_ONCE = 4;
    private static final int READS_AT_ONCE = 1;
    private static final int LOG_LINES = 50;
    private static final int LINE_LENGTH = 500;
    private static final Duration DEADLINE = Duration.ofMillis(PATIENCE_MS);
    private static final Duration THREAD_IDLE = Duration.ofSeconds(60);

    private final JsonClient client;
    private final ExecutorService threads;
    private final Map<String, NodeLane> lanes = new ConcurrentHashMap<>();
    private final Map<String, NodeLane> reads = new ConcurrentHashMap<>();

    /** Sends with a token that all agents know. */
    public AgentTransport(Secret token) {
        this.client = new JsonClient("agent", token, DEADLINE);
        AtomicInteger count = new AtomicInteger();
        this.threads = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                THREAD_IDLE.toSeconds(),
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                work -> {
                    Thread thread = new Thread(work, "agents-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.DiscardPolicy());
    }

    @Override
    public void send(Action action, int agentPort, LongSupplier until, Consumer<OrderResult> done) {
        lanes.computeIfAbsent(action.node(), node -> new NodeLane(threads, ORDERS_AT_ONCE))
                .add(() -> done.accept(deliver(action, agentPort, until.getAsLong())));
    }

    @Override
    public void logs(String node, int agentPort, String instance, Consumer<List<String>> done) {
        // Not in the lane of the orders: outputs of a crash loop hold up nothing.
        reads.computeIfAbsent(node, ip -> new NodeLane(threads, READS_AT_ONCE))
                .add(() -> done.accept(lastLines(node, agentPort, instance)));
    }

    private List<String> lastLines(String node, int agentPort, String instance) {
        URI uri =
                URI.create("http://" + node + ":" + agentPort + "/instances/" + instance + "/logs?lines=" + LOG_LINES);
        try {
            JsonClient.Response response = client.send("GET", uri, null);
            return response.status() == 200 ? bounded(response.text().lines().toList()) : List.of();
        } catch (IOException e) {
            log.debug("no output of instance={} node={}", instance, node, e);
            return List.of();
        }
    }

    /** An app may print anything: neither many lines nor long ones are kept. */
    private static List<String> bounded(List<String> lines) {
        return lines.stream()
                .skip(Math.max(0, lines.size() - LOG_LINES))
                .map(line -> line.length() > LINE_LENGTH ? line.substring(0, LINE_LENGTH) : line)
                .toList();
    }

    private OrderResult deliver(Action action, int agentPort, long until) {
        String base = "http://" + action.node() + ":" + agentPort;
        try {
            return outcome(exchangeTwice(action, base, until));
        } catch (IOException e) {
            return reached(e) ? new OrderResult.Unknown(e.getMessage()) : new OrderResult.Refused(e.getMessage());
        } catch (RuntimeException e) {
            return new OrderResult.Refused("order cannot be sent: " + e.getMessage());
        }
    }

    /** An order is idempotent, so a kept connection that the agent's restart has cut is no reason to know nothing. */
    private JsonClient.Response exchangeTwice(Action action, String base, long until) throws IOException {
        try {
            return exchange(action, base, until);
        } catch (IOException e) {
            if (!reached(e) || timedOut(e)) {
                throw e;
            }
            return exchangeAgain(action, base, until);
        }
    }

    /** Whatever becomes of the second try, the first may have arrived. */
    private JsonClient.Response exchangeAgain(Action action, String base, long until) throws IOException {
        try {
            return exchange(action, base, until);
        } catch (IOException e) {
            throw reached(e) ? e : new IOException("the answer was cut off, then: " + e.getMessage());
        }
    }

    private JsonClient.Response exchange(Action action, String base, long until) throws IOException {
        if (action instanceof Action.Pull pull) {
            return client.send("PUT", URI.create(base + "/images"), pull.order());
        }
        String instance = base + "/instances/" + action.instance();
        if (action instanceof Action.Start start) {
            String order = until > 0 ? instance + "?until=" + until : instance;
            return client.send("PUT", URI.create(order), start.spec());
        }
        String limit = until > 0 ? "&until=" + until : "";
        int grace = action instanceof Action.Stop stop ? stop.graceSeconds() : 0;
        return client.send("DELETE", URI.create(instance + "?grace=" + grace + limit), null);
    }

    private static OrderResult outcome(JsonClient.Response response) {
        return response.status() / 100 == 2
                ? new OrderResult.Accepted()
                : new OrderResult.Refused("the agent answered " + response.status() + ": " + response.message());
    }

    /** Whether the order may have arrived: not when no connection was made. */
    private static boolean reached(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException
                    || cause instanceof NoRouteToHostException
                    || cause instanceof HttpConnectTimeoutException) {
                return false;
            }
        }
        return true;
    }

    private static boolean timedOut(IOException e) {
        return e instanceof InterruptedIOException
                || e.getCause() instanceof TimeoutException
                || (e.getCause() != null && e.getCause().getCause() instanceof HttpTimeoutException);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
