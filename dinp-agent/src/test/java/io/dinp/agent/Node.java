package io.dinp.agent;

import io.dinp.agent.core.PortRange;
import io.dinp.common.model.ContainerReport;
import io.dinp.common.model.HostPort;
import io.dinp.common.model.InstanceSpec;
import io.dinp.common.testing.Await;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;

/** A node for one test class: the machine's engine, a server that listens, and an agent that comes and goes. */
final class Node implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(15);
    private static final PortRange PORTS = new PortRange(18100, 18199);

    final String cluster = "it-" + UUID.randomUUID().toString().substring(0, 8);
    final TestEngine engine;
    final TestServer server;
    private final Path stateDir;
    private final HttpClient http = HttpClient.newHttpClient();
    private TestAgent agent;
    private int orders;

    Node(Path stateDir) throws IOException {
        this.stateDir = stateDir;
        this.server = new TestServer();
        this.engine = new TestEngine(cluster);
    }

    TestAgent agent() {
        return agent;
    }

    /** Starts the agent, as if in the given boot of the machine. */
    TestAgent start(String bootId) throws IOException {
        return start(bootId, TestEngine.SOCKET);
    }

    TestAgent start(String bootId, String docker) throws IOException {
        server.forget();
        agent = new TestAgent(
                TestAgent.config(cluster, stateDir, engine.address(), server.address(), docker, PORTS), bootId);
        return agent;
    }

    void stop() {
        agent.close();
        agent = null;
    }

    /** Starts the agent with a server that is not there: what becomes of its instances is asked at its API. */
    TestAgent startAlone(String bootId) throws IOException {
        server.forget();
        HostPort nobody = new HostPort("127.0.0.1", 1);
        agent = new TestAgent(
                TestAgent.config(cluster, stateDir, engine.address(), nobody, TestEngine.SOCKET, PORTS), bootId);
        return agent;
    }

    /** An order for the test app with the variables that say its part. */
    InstanceSpec spec(Map<String, String> env) {
        return spec(engine.image(), env, "/health", 20);
    }

    InstanceSpec spec(String image, Map<String, String> env, String health, int startupSeconds) {
        return new InstanceSpec(
                cluster + "-" + ++orders,
                "demo",
                "rev-1",
                image,
                "",
                96,
                new TreeMap<>(env),
                health,
                "",
                "",
                1463,
                startupSeconds);
    }

    /** Orders an instance of the test app and waits until it is reported as ready. */
    InstanceSpec ready(Map<String, String> env) throws IOException, InterruptedException {
        InstanceSpec spec = spec(env);
        agent.put(spec);
        until(spec, "ready", ContainerReport::ready);
        return spec;
    }

    /** Waits until the last report has the instance as described. */
    ContainerReport until(InstanceSpec spec, String what, Predicate<ContainerReport> condition) {
        return until(SOON, spec, what, condition);
    }

    ContainerReport until(Duration limit, InstanceSpec spec, String what, Predicate<ContainerReport> condition) {
        Await.until(
                limit,
                spec.instance() + " " + what,
                () -> server.instance(spec.instance()).filter(condition).isPresent());
        return server.instance(spec.instance()).orElseThrow();
    }

    void untilGone(InstanceSpec spec) {
        Await.until(
                SOON,
                spec.instance() + " gone",
                () -> server.last() != null && server.instance(spec.instance()).isEmpty());
    }

    /** Where requests to the instance go. */
    URI address(InstanceSpec spec, String path) throws IOException {
        int port = server.instance(spec.instance()).orElseThrow().ports().get(0).publicPort();
        return URI.create("http://" + engine.address() + ":" + port + path);
    }

    HttpResponse<String> ask(URI address) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() throws IOException {
        try (engine;
                server) {
            if (agent != null) {
                agent.close();
            }
        }
    }
}
