package io.dinp.server.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.dinp.common.json.Json;
import io.dinp.common.model.ContainerReport;
import io.dinp.common.model.FailureStage;
import io.dinp.common.model.InstanceSpec;
import io.dinp.common.model.InstanceState;
import io.dinp.common.model.NodeReport;
import io.dinp.common.model.PortMapping;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * An agent without an engine: it says over the real protocol what a real one would, and does at once what it is told. Its
 * connection comes from its own address, as a real agent's does.
 */
final class BenchNode {

    static final int RPC_PORT = 1970;
    private static final int TIMEOUT_MS = 5000;
    private static final int IMAGES = 60;
    private static final long MEMORY_MB = 65_536;
    private static final List<Integer> RESTING = List.of(29_001, 29_002, 29_003);

    final String ip;
    private final Map<String, ContainerReport> containers = new LinkedHashMap<>();
    private final List<String> images;
    private String containersJson;
    private Socket socket;
    private BufferedReader answers;
    private long seq;
    private int nextPort = 20_000;
    private boolean dead;

    BenchNode(String ip) {
        this.ip = ip;
        this.images = IntStream.range(0, IMAGES)
                .mapToObj(i -> "registry.example:5000/team/app-" + ip + "-" + i + ":1.0." + i)
                .toList();
    }

    /** Runs an instance as if it had been started long ago. */
    synchronized void run(InstanceSpec spec, String digest) {
        put(spec, InstanceState.RUNNING, digest);
    }

    /** Takes a start: the next beat shows it, and {@link #ready} brings it up. */
    synchronized void accept(InstanceSpec spec) {
        if (!containers.containsKey(spec.instance())) {
            put(spec, InstanceState.ACCEPTED, spec.digest());
        }
    }

    private void put(InstanceSpec spec, InstanceState state, String digest) {
        boolean up = state == InstanceState.RUNNING;
        report(new ContainerReport(
                "c" + spec.instance(),
                spec.image(),
                spec.app(),
                List.of(new PortMapping(nextPort)),
                "Up 2 hours",
                spec.instance(),
                spec.revision(),
                "dinp",
                state,
                null,
                "",
                null,
                false,
                up,
                1,
                1,
                spec.memoryMb(),
                digest,
                nextPort++));
    }

    private void report(ContainerReport report) {
        containers.put(report.instance(), report);
        containersJson = null;
    }

    /** Lets an accepted instance serve. */
    synchronized void ready(String instance) {
        ContainerReport known = containers.get(instance);
        if (known != null && known.state() == InstanceState.ACCEPTED) {
            report(with(known, InstanceState.RUNNING, null));
        }
    }

    /** Lets an instance end by itself. */
    synchronized void exit(String instance) {
        report(with(containers.get(instance), InstanceState.EXITED, 137));
    }

    private static ContainerReport with(ContainerReport c, InstanceState state, Integer exitCode) {
        return new ContainerReport(
                c.id(),
                c.image(),
                c.appName(),
                c.ports(),
                c.status(),
                c.instance(),
                c.revision(),
                c.cluster(),
                state,
                exitCode == null ? null : FailureStage.EXIT,
                "",
                exitCode,
                false,
                state == InstanceState.RUNNING,
                c.startedAt(),
                c.readyAt(),
                c.memoryMb(),
                c.digest(),
                c.leasedPort());
    }

    synchronized void remove(String instance) {
        containers.remove(instance);
        containersJson = null;
    }

    /** An instance that serves. */
    synchronized Optional<ContainerReport> anyRunning() {
        return containers.values().stream()
                .filter(c -> c.state() == InstanceState.RUNNING)
                .findFirst();
    }

    synchronized int size() {
        return containers.size();
    }

    /** Falls silent for good, as a machine without power does. */
    synchronized void powerOff() {
        dead = true;
    }

    /** Says what there is and waits for the answer. */
    synchronized void beat() throws IOException {
        if (dead) {
            return;
        }
        if (socket == null) {
            connect();
        }
        try {
            socket.getOutputStream().write(message().getBytes(StandardCharsets.UTF_8));
            String line = answers.readLine();
            JsonNode answer = line == null ? null : Json.read(line, JsonNode.class);
            if (answer == null || answer.path("result").path("Code").asInt(1) != 0) {
                throw new IOException("beat of " + ip + " answered by " + line);
            }
        } catch (IOException e) {
            socket.close();
            socket = null;
            throw e;
        }
    }

    private void connect() throws IOException {
        Socket fresh = new Socket();
        fresh.setTcpNoDelay(true);
        fresh.setSoTimeout(TIMEOUT_MS);
        fresh.bind(new InetSocketAddress(ip, 0));
        fresh.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), RPC_PORT), TIMEOUT_MS);
        answers = new BufferedReader(new InputStreamReader(fresh.getInputStream(), StandardCharsets.UTF_8));
        socket = fresh;
    }

    /** The containers are written anew only when there is something new: the load's own cost must stay small. */
    private String message() {
        if (containersJson == null) {
            containersJson = Json.write(containers.values());
        }
        NodeReport head = new NodeReport(
                ip,
                MEMORY_MB / 2 + seq % 100,
                List.of(),
                "node-" + ip,
                "dinp",
                seq++,
                "boot",
                MEMORY_MB,
                containers.size() * 128L,
                BenchAgents.PORT,
                RESTING,
                Map.of("zone", "z" + ip.hashCode() % 3),
                images,
                ServerBench.TOKEN.value(),
                "bench");
        String params = Json.write(head).replace("\"Containers\":[]", "\"Containers\":" + containersJson);
        return "{\"method\":\"NodeState.Push\",\"params\":[" + params + "],\"id\":" + seq + "}\n";
    }
}
