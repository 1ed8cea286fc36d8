package io.dinp.agent.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import io.dinp.common.json.Json;
import io.dinp.common.metrics.Metrics;
import io.dinp.common.model.HeartbeatReply;
import io.dinp.common.model.HostPort;
import io.dinp.common.rpc.RpcClient;
import io.prometheus.metrics.core.metrics.Counter;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to one server: one thread, one connection, and room for one call, since only the newest report is worth sending.
 * A server that does not answer is tried again with the next beat.
 */
final class ServerLink implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ServerLink.class);
    private static final Counter BEATS =
            Metrics.counter("dinp_agent_beats_total", "Heartbeats by server and result", "server", "result");

    /**
     * A call that is to be made.
     *
     * @param method name of the RPC method
     * @param params its parameters
     */
    record Call(String method, List<Object> params) {}

    private final HostPort server;
    private final RpcClient client;
    private final Consumer<Collection<Integer>> released;
    private final Thread thread;
    private Call next;
    private String trouble = "";

    ServerLink(HostPort server, Duration timeout, Consumer<Collection<Integer>> released) {
        this.server = server;
        this.client = new RpcClient(server, timeout);
        this.released = released;
        this.thread = new Thread(this::run, "beat-" + server);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    synchronized void offer(Call call) {
        next = call;
        notifyAll();
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        try (client) {
            while (true) {
                make(take());
            }
        } catch (InterruptedException e) {
            log.debug("no more beats to {}", server, e);
        }
    }

    private synchronized Call take() throws InterruptedException {
        while (next == null) {
            wait();
        }
        Call call = next;
        next = null;
        return call;
    }

    private void make(Call call) {
        try {
            JsonNode answer = client.call(call.method(), call.params().toArray());
            heard(Json.mapper().treeToValue(answer, HeartbeatReply.class));
        } catch (IOException | RuntimeException e) {
            BEATS.labelValues(server.toString(), "failed").inc();
            trouble("does not take heartbeats: " + e.getMessage());
        }
    }

    private void heard(HeartbeatReply reply) {
        if (reply == null || reply.code() != 0) {
            BEATS.labelValues(server.toString(), "refused").inc();
            trouble("refuses this node's report");
            return;
        }
        BEATS.labelValues(server.toString(), "accepted").inc();
        trouble("");
        if (!reply.releasedPorts().isEmpty()) {
            released.accept(reply.releasedPorts());
        }
    }

    private void trouble(String now) {
        if (trouble.isEmpty() && !now.isEmpty()) {
            log.warn("server {} {}", server, now);
        } else if (!trouble.isEmpty() && now.isEmpty()) {
            log.info("server {} takes heartbeats again", server);
        }
        trouble = now;
    }
}
