package io.dinp.dash.node;

import com.fasterxml.jackson.core.JsonProcessingException;
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
    private static final int OK = 200;
    private static final int FIRST_ERROR = 300;
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int TOO_MANY = 429;
    private static final String SILENT = "The server does not answer.";
    private static final String UNKNOWN =
            "The server has nothing to say here: it has not looked at this yet, or is older than this dashboard.";

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
            JsonClient.Response answer = ask("GET", null, "status", name);
            if (answer.status() == NOT_FOUND) {
                return new Live("", AppReport.unknown(name));
            }
            if (answer.status() != OK) {
                return Live.silent(name, refusal(answer));
            }
            return new Live("", Json.read(answer.text(), AppReport.class));
        } catch (IOException e) {
            LOG.debug("no status of {}: {}", name, e.getMessage());
            return Live.silent(name, SILENT + " Apps go on running; changes are carried out when it is back.");
        }
    }

    /** The containers of the app {@code name} as the server's own {@code /app/<name>} lists them, an array. */
    public JsonNode containers(String name) {
        Told<JsonNode> told = tell("GET", null, JsonNode.class, "app", name);
        if (told.isKnown()) {
            return told.what();
        }
        if (told.isUnknown()) {
            return Json.mapper().createArrayNode();
        }
        throw Refusal.unavailable(told.away());
    }

    /** What the server has at the path of these parts. */
    public <T> Told<T> read(Class<T> type, String... path) {
        return tell("GET", null, type, path);
    }

    /** What the server answers to a question that changes nothing. */
    public <T> Told<T> question(Object body, Class<T> type, String... path) {
        return tell("POST", body, type, path);
    }

    /**
     * Has the server do something.
     *
     * @param body null when the path says it all
     * @throws Refusal in the server's own words when it does not
     */
    public void order(Object body, String... path) {
        try {
            JsonClient.Response answer = ask("POST", body, path);
            if (answer.status() == NOT_FOUND || answer.status() == CONFLICT || answer.status() == BAD_REQUEST) {
                throw Refusal.conflict("The server refused: " + answer.message());
            }
            if (answer.status() >= FIRST_ERROR) {
                throw Refusal.unavailable(refusal(answer));
            }
        } catch (IOException e) {
            LOG.debug("no answer to an order: {}", e.getMessage());
            throw Refusal.unavailable(SILENT + " Whether it has heard is not known: look before you repeat.");
        }
    }

    @Override
    public void close() {
        signals.shutdownNow();
    }

    private <T> Told<T> tell(String method, Object body, Class<T> type, String... path) {
        try {
            JsonClient.Response answer = ask(method, body, path);
            return switch (answer.status()) {
                case OK -> new Told<>(Json.read(answer.body(), type));
                case NOT_FOUND -> Told.unknown(UNKNOWN + " It said: " + answer.message());
                default -> Told.nothing(refusal(answer));
            };
        } catch (JsonProcessingException e) {
            LOG.warn("the server's answer at /{} cannot be read: {}", String.join("/", path), e.getOriginalMessage());
            return Told.nothing("The dashboard cannot read the server's answer: the two are of different versions.");
        } catch (IOException e) {
            LOG.debug("no answer at /{}: {}", String.join("/", path), e.getMessage());
            return Told.nothing(SILENT);
        }
    }

    private static String refusal(JsonClient.Response answer) {
        if (answer.status() == BAD_REQUEST || answer.status() == CONFLICT || answer.status() == TOO_MANY) {
            return "The server refused: " + answer.message();
        }
        return "The server answered " + answer.status() + " to the dashboard: " + answer.message();
    }

    private JsonClient.Response ask(String method, Object body, String... path) throws IOException {
        StringBuilder address = new StringBuilder(base);
        for (String part : path) {
            address.append('/').append(segment(part));
        }
        try {
            JsonClient.Response answer = http.send(method, URI.create(address.toString()), body);
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
            int status = ask("POST", null, "signal").status();
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
