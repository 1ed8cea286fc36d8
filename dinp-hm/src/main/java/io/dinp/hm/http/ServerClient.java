package io.dinp.hm.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.dinp.common.config.Secret;
import io.dinp.common.http.JsonClient;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The monitor's only way to the platform: what runs, and the wish to have an instance replaced. */
public final class ServerClient {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int ACCEPTED = 202;

    private final URI real;
    private final JsonClient http;

    /** An instance as {@code /real} tells it. */
    public record Instance(String app, String id, String ip, int port) {}

    public ServerClient(URI real, Secret token) {
        this.real = real;
        this.http = new JsonClient("server", token, TIMEOUT);
    }

    /** All instances that an app could be reached at; those that the server knows to be not ready yet are left out. */
    public List<Instance> instances() throws IOException {
        List<Instance> instances = new ArrayList<>();
        JsonNode apps = http.get(real, JsonNode.class).path("M");
        apps.properties()
                .forEach(app -> app.getValue().path("M").forEach(container -> {
                    int port =
                            container.path("Ports").path(0).path("PublicPort").asInt();
                    if (port > 0 && container.path("Ready").asBoolean(true)) {
                        instances.add(new Instance(
                                app.getKey(),
                                idOf(container),
                                container.path("Ip").asText(),
                                port));
                    }
                }));
        return instances;
    }

    /**
     * Asks for a replacement.
     *
     * @return empty when the server took the order, else why not
     */
    public String replace(String instance, String reason) throws IOException {
        JsonClient.Response answer =
                http.send("POST", real.resolve("/instance/" + instance + "/replace"), Map.of("reason", reason));
        return answer.status() == ACCEPTED ? "" : answer.status() + " " + answer.text();
    }

    private static String idOf(JsonNode container) {
        String instance = container.path("Instance").asText();
        return instance.isEmpty() ? container.path("Id").asText() : instance;
    }
}
