package io.dinp.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dinp.common.config.Secret;
import io.dinp.common.daemon.Health;
import io.dinp.common.http.ApiServer;
import io.dinp.common.http.Reply;
import io.dinp.common.testing.Await;
import io.dinp.server.core.DesiredState;
import io.dinp.server.core.Instance;
import io.dinp.server.core.NodeView;
import io.dinp.server.core.Samples;
import io.dinp.server.core.Situation;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RehearsalTest {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Secret TOKEN = new Secret("t".repeat(32));

    private static NodeView node(String ip, List<Instance> instances) {
        return new NodeView(ip, 1971, true, 0, 0, 1024, 0, 1024, Set.of(), Map.of(), 0, instances);
    }

    private static Situation situation(boolean warm) {
        TreeMap<String, NodeView> nodes = new TreeMap<>();
        nodes.put("10.0.0.1", node("10.0.0.1", List.of()));
        nodes.put("10.0.0.2", node("10.0.0.2", List.of(Samples.instance("i1", "10.0.0.2", "r1"))));
        nodes.put("10.0.0.3", node("10.0.0.3", List.of()));
        return Samples.situation(DesiredState.empty(), nodes, warm);
    }

    @Test
    void asksOnceWhatTheLossOfTheFullestNodeWouldLeadTo() throws Exception {
        Queue<String> asked = new ConcurrentLinkedQueue<>();
        AtomicInteger looks = new AtomicInteger();
        AtomicReference<Situation> latest = new AtomicReference<>(situation(false));
        ApiServer api = ApiServer.bind("server", "127.0.0.1", 0, new Health(), TOKEN)
                .post("/plan", request -> {
                    asked.add(new String(request.body(), StandardCharsets.UTF_8));
                    return Reply.json(200, Map.of());
                });
        try (ApiServer serving = api.start();
                Rehearsal rehearsal = new Rehearsal(
                        () -> {
                            looks.incrementAndGet();
                            return Optional.of(latest.get());
                        },
                        TOKEN,
                        URI.create("http://127.0.0.1:" + serving.port() + "/plan"))) {
            rehearsal.start();
            Await.until(SOON, "it has looked twice", () -> looks.get() > 1);
            assertEquals(List.of(), List.copyOf(asked), "nothing is asked before the nodes have beaten");
            latest.set(situation(true));
            Await.until(SOON, "it has asked", () -> !asked.isEmpty());
            Await.until(
                    SOON,
                    "its thread has ended",
                    () -> Thread.getAllStackTraces().keySet().stream()
                            .noneMatch(thread -> thread.getName().equals("rehearsal")));
            assertEquals(List.of("{\"nodeDown\":\"10.0.0.2\"}"), List.copyOf(asked));
        }
    }
}
