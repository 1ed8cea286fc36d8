package io.dinp.dash.node;

import com.fasterxml.jackson.databind.JsonNode;
import io.dinp.common.config.Secret;
import io.dinp.common.http.JsonClient;
import io.dinp.common.json.Json;
import io.dinp.common.metrics.Metrics;
import io.dinp.common.model.AppReport;
import io.dinp.web.Refusal;
import io.prometheus.metrics.core.metrics.Counter;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dashboard's only line to the server. Signals are sent behind the user's back and at most one waits: a lost one
 * costs a second, since the server looks at MySQL by itself.
 */
public final class ServerClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServerClient.class);
    private static final Counter CALLS = Metrics.counter(
            "dinp_dash_server_calls_total", "Calls to the server: answered, refused by a status, or failed.", "result");

    static {
        CALLS.initLabelValues("answered");
        CALLS.initLabelValues("refused");
        CALLS.initLabelValues("failed");
    }

    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final int NOT_FOUND = 404;
    private static final int OK = 200;
    private static final int FIRST_ERROR = 300;

    private final String base;
    private final JsonClient http;
    private final ThreadPoolExecutor signals;
    private volatile boolean deaf;

    /**
     * A client.
     *
     * @param server base URL of the server's HTTP API
     * @param token its bearer token
     */
    public ServerClient(URI server, Secret token) {
        this.base = server.toString().replaceAll("/+$", "");
        this.http = new JsonClient("server", token, TIMEOUT);
        this.signals = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(1),
                task -> {
                    Thread thread = new Thread(task, "signal");
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.DiscardPolicy());
    }

    /** Tells the server that the desired state has changed; never waits, never fails. */
    public void signal() {
        signals.execute(this::send);
    }

    /** What runs of the app {@code name}. */
    public Live status(String name) {
        try {
            JsonClient.Response answer = ask("GET", "/status/" + segment(name));
            if (answer.status() == NOT_FOUND) {
                return new Live("", AppReport.unknown(name));
            }
            if (answer.status() != OK) {
                return Live.silent(name, "The server answered " + answer.status() + " to the dashboard.");
            }
            return new Live("", Json.read(answer.text(), AppReport.class));
        } catch (IOException e) {
            LOG.debug("no status of {}: {}", name, e.getMessage());
            return Live.silent(
                    name, "The server does not answer. Apps go on running; changes are carried out when it is back.");
        }
    }

    /** The containers of the app {@code name} as the server's own {@code /app/<name>} lists them, an array. */
    public JsonNode containers(String name) {
        return get("/app/" + segment(name));
    }

    /** The nodes by address, the server's own {@code /nodes}. */
    public JsonNode nodes() {
        return get("/nodes");
    }

    @Override
    public void close() {
        signals.shutdownNow();
    }

    private JsonNode get(String path) {
        try {
            JsonClient.Response answer = ask("GET", path);
            if (answer.status() == NOT_FOUND) {
                return Json.mapper().createArrayNode();
            }
            if (answer.status() != OK) {
                throw Refusal.unavailable("The server answered " + answer.status() + " to the dashboard.");
            }
            return Json.read(answer.text(), JsonNode.class);
        } catch (IOException e) {
            throw Refusal.unavailable("The server does not answer: " + e.getMessage());
        }
    }

    private JsonClient.Response ask(String method, String path) throws IOException {
        try {
            JsonClient.Response answer = http.send(method, URI.create(base + path), null);
            CALLS.labelValues(answer.status() < FIRST_ERROR ? "answered" : "refused")
                    .inc();
            return answer;
        } catch (IOException e) {
            CALLS.labelValues("failed").inc();
            throw e;
        }
    }

    /** A name as a part of a path, also one that only a person with the {@code mysql} client can have made. */
    private static String segment(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private void send() {
        try {
            int status = ask("POST", "/signal").status();
            note(status < FIRST_ERROR ? "" : "it answered " + status);
        } catch (IOException e) {
            note(e.getMessage());
        }
    }

    /** One line a change; {@code problem} is empty when the server took the signal. */
    private void note(String problem) {
        if (deaf == problem.isEmpty()) {
            deaf = !problem.isEmpty();
            if (deaf) {
                LOG.warn("the server takes no signals ({}); it looks by itself each second", problem);
            } else {
                LOG.info("the server takes signals again");
            }
        }
    }
}
