package io.dinp.server;

import com.fasterxml.jackson.databind.JsonNode;
import io.dinp.common.config.Secret;
import io.dinp.common.daemon.Health;
import io.dinp.common.daemon.Ticker;
import io.dinp.common.http.ApiServer;
import io.dinp.common.http.Reply;
import io.dinp.common.http.Request;
import io.dinp.common.json.Json;
import io.dinp.common.model.ContainerReport;
import io.dinp.common.model.FailureStage;
import io.dinp.common.model.HostPort;
import io.dinp.common.model.InstanceSpec;
import io.dinp.common.model.InstanceState;
import io.dinp.common.model.NodeReport;
import io.dinp.common.model.PortMapping;
import io.dinp.common.rpc.RpcClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A double of an agent for the test of the whole server: it speaks the real protocols on real sockets and has no
 * containers behind it. Whether the real agent keeps the same promises is shown end to end, not here.
 */
final class TestAgent implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(TestAgent.class);
    private static final long START_MS = 200;

    final String ip;
    final AtomicInteger orders = new AtomicInteger();
    private final Secret token;
    private final ApiServer http;
    private final RpcClient server;
    private final Ticker beat;
    private final Map<String, Slot> slots = new TreeMap<>();
    private int nextPort = 20_000;
    private long seq;

    private static final class Slot {
        final InstanceSpec spec;
        final int port;
        final long since = System.nanoTime();
        InstanceState state = InstanceState.STARTING;
        FailureStage stage;
        Integer exitCode;

        Slot(InstanceSpec spec, int port) {
            this.spec = spec;
            this.port = port;
        }
    }

    TestAgent(String ip, int serverPort, Secret token) throws IOException {
        this.ip = ip;
        this.token = token;
        this.http = ApiServer.bind("test-agent", ip, 0, new Health(), token)
                .get("/instances/{id}/logs", this::logs)
                .put("/instances/{id}", this::put)
                .delete("/instances/{id}", this::delete);
        this.server = new RpcClient(new HostPort("127.0.0.1", serverPort), Duration.ofSeconds(1));
        this.beat = new Ticker("test-agent", Duration.ofMillis(50), this::beat);
    }

    void start() {
        http.start();
        beat.start();
    }

    private synchronized Reply put(Request request) throws IOException {
        orders.incrementAndGet();
        InstanceSpec spec = Json.read(request.body(), InstanceSpec.class);
        slots.computeIfAbsent(request.pathVar("id"), id -> new Slot(spec, nextPort++));
        return Reply.json(202, Map.of("msg", ""));
    }

    private synchronized Reply delete(Request request) {
        orders.incrementAndGet();
        slots.remove(request.pathVar("id"));
        return Reply.json(202, Map.of("msg", ""));
    }

    private synchronized Reply logs(Request request) {
        boolean known = slots.containsKey(request.pathVar("id"));
        return known ? Reply.text(200, "starting\nout of luck\n") : Reply.error(404, "unknown");
    }

    /** Lets the container behind an endpoint die. */
    synchronized void kill(String endpoint) {
        slots.values().stream().filter(s -> endpoint.equals(ip + ":" + s.port)).forEach(s -> {
            s.state = InstanceState.EXITED;
            s.exitCode = 137;
        });
        beat.signal();
    }

    synchronized List<String> images() {
        return slots.values().stream()
                .filter(s -> s.state == InstanceState.RUNNING)
                .map(s -> s.spec.image())
                .sorted()
                .toList();
    }

    synchronized List<String> instances() {
        return List.copyOf(slots.keySet());
    }

    private void beat() {
        try {
            JsonNode reply = server.call("NodeState.Push", report());
            if (reply.path("Code").asInt() != 0) {
                throw new IOException("beat refused: " + reply);
            }
        } catch (IOException e) {
            log.debug("the server does not take the beat", e);
        }
    }

    private synchronized NodeReport report() {
        List<ContainerReport> containers = new ArrayList<>();
        slots.forEach((id, slot) -> {
            if (slot.state == InstanceState.STARTING && System.nanoTime() - slot.since > START_MS * 1_000_000) {
                boolean fails = slot.spec.image().contains("nopull");
                slot.state = fails ? InstanceState.FAILED : InstanceState.RUNNING;
                slot.stage = fails ? FailureStage.PULL : null;
            }
            containers.add(container(id, slot));
        });
        return new NodeReport(
                ip,
                4096,
                containers,
                "test-" + ip,
                "dinp",
                seq++,
                "boot",
                4096,
                slots.size() * 128L,
                http.port(),
                List.of(),
                Map.of(),
                List.of(),
                token.value(),
                "test");
    }

    private static ContainerReport container(String id, Slot slot) {
        boolean up = slot.state == InstanceState.RUNNING;
        return new ContainerReport(
                "c" + id,
                slot.spec.image(),
                slot.spec.app(),
                up ? List.of(new PortMapping(slot.port)) : List.of(),
                up ? "Up 1 second" : "Created",
                id,
                slot.spec.revision(),
                "dinp",
                slot.state,
                slot.stage,
                slot.stage == null ? "" : "manifest unknown",
                slot.exitCode,
                false,
                up,
                1,
                1,
                slot.spec.memoryMb(),
                "sha256:" + "0".repeat(64),
                slot.port);
    }

    @Override
    public void close() {
        beat.close();
        server.close();
        http.close();
    }
}
