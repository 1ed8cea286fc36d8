package io.dinp.agent;

import io.dinp.agent.core.ImageChoice;
import io.dinp.agent.core.PortRange;
import io.dinp.agent.docker.ContainerLimits;
import io.dinp.common.config.Secret;
import io.dinp.common.daemon.Lifecycle;
import io.dinp.common.json.Json;
import io.dinp.common.model.HostPort;
import io.dinp.common.model.InstanceSpec;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A whole agent in this process, and its API as the server uses it. Closing it is the agent's own stop. */
final class TestAgent implements AutoCloseable {
    static final String TOKEN = "agent-secret";

    private final HttpClient http = HttpClient.newHttpClient();
    private final Lifecycle life = new Lifecycle();
    private final URI api;

    TestAgent(AgentConfig config, String bootId) throws IOException {
        try {
            api = URI.create("http://127.0.0.1:" + AgentMain.start(config, life, bootId));
        } catch (IOException | RuntimeException e) {
            life.stop();
            throw e;
        }
    }

    static AgentConfig config(
            String cluster, Path stateDir, String localIp, HostPort server, String docker, PortRange ports) {
        return new AgentConfig(
                localIp,
                List.of(server),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                URI.create(docker),
                new Secret(TOKEN),
                cluster,
                stateDir,
                ports,
                2048,
                256,
                new ContainerLimits(512, 64),
                3,
                new ImageChoice.Rules(5, 600_000, 100, 100),
                Map.of(),
                Map.of("rack", "a"),
                "127.0.0.1",
                0);
    }

    HttpResponse<String> put(InstanceSpec spec) throws IOException, InterruptedException {
        return send("PUT", "/instances/" + spec.instance(), Json.write(spec), TOKEN);
    }

    HttpResponse<String> delete(String instance, int grace) throws IOException, InterruptedException {
        return send("DELETE", "/instances/" + instance + "?grace=" + grace, "", TOKEN);
    }

    HttpResponse<String> put(InstanceSpec spec, long until) throws IOException, InterruptedException {
        return send("PUT", "/instances/" + spec.instance() + "?until=" + until, Json.write(spec), TOKEN);
    }

    HttpResponse<String> delete(String instance, int grace, long until) throws IOException, InterruptedException {
        return send("DELETE", "/instances/" + instance + "?grace=" + grace + "&until=" + until, "", TOKEN);
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send("GET", path, "", TOKEN);
    }

    HttpResponse<String> send(String method, String path, String body, String token)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(api.resolve(path)).method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        life.stop();
    }
}
