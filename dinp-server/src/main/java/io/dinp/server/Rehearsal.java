package io.dinp.server;

import io.dinp.common.config.Secret;
import io.dinp.common.daemon.Ticker;
import io.dinp.common.http.JsonClient;
import io.dinp.server.core.NodeView;
import io.dinp.server.core.Situation;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the server's own API, once after the start, what the loss of a node would lead to, as a person would ask. Nothing is ordered; but what plans and what
 * sends orders is loaded and linked by then, which takes a tenth of a second or two that the first instance to die would otherwise wait for.
 */
final class Rehearsal implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Rehearsal.class);
    private static final Duration PACE = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Supplier<Optional<Situation>> latest;
    private final JsonClient client;
    private final URI plan;
    private final Ticker ticker = new Ticker("rehearsal", PACE, this::tick);

    /**
     * Made, not started.
     *
     * @param latest what the last plan was made from
     * @param token of the API
     * @param plan where the API takes the question
     */
    Rehearsal(Supplier<Optional<Situation>> latest, Secret token, URI plan) {
        this.latest = latest;
        this.client = new JsonClient("server", token, PATIENCE);
        this.plan = plan;
    }

    /** Waits on its own thread for a situation that can be asked about, and asks. */
    void start() {
        ticker.start();
    }

    private void tick() {
        latest.get()
                .filter(situation -> situation.progress().warm())
                .flatMap(Rehearsal::fullest)
                .ifPresent(this::ask);
    }

    private static Optional<String> fullest(Situation situation) {
        return situation.real().nodes().values().stream()
                .max(Comparator.comparingInt(node -> node.instances().size()))
                .map(NodeView::ip);
    }

    private void ask(String node) {
        ticker.close();
        long begin = System.nanoTime();
        try {
            int status = client.send("POST", plan, Map.of("nodeDown", node)).status();
            log.info(
                    "rehearsed the loss of a node node={} status={} took={}ms",
                    node,
                    status,
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
        } catch (IOException e) {
            log.info("the loss of a node could not be rehearsed, which harms nothing reason={}", e.toString());
        }
    }

    @Override
    public void close() {
        ticker.close();
    }
}
