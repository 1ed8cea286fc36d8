package io.dinp.server.agents;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.config.Secret;
import io.dinp.common.daemon.Health;
import io.dinp.common.http.ApiServer;
import io.dinp.common.http.Reply;
import io.dinp.common.json.Json;
import io.dinp.common.model.ImageOrder;
import io.dinp.common.model.InstanceSpec;
import io.dinp.common.testing.Await;
import io.dinp.server.core.Action;
import io.dinp.server.state.OrderResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AgentTransportTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private final Secret token = new Secret("t");
    private final AgentTransport transport = new AgentTransport(token);
    private final List<OrderResult> results = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        transport.close();
    }

    private static Action.Start start(String node) {
        return new Action.Start(
                node,
                new InstanceSpec(
                        "i1", "demo", "r", "demo:1", "", 128, new TreeMap<>(Map.of("K", "v")), "/h", "", "", 1463, 60));
    }

    @Test
    void anOrderArrivesWithItsSpecAndTheToken() throws Exception {
        List<InstanceSpec> specs = new CopyOnWriteArrayList<>();
        List<String> graces = new CopyOnWriteArrayList<>();
        List<String> limits = new CopyOnWriteArrayList<>();
        List<ImageOrder> images = new CopyOnWriteArrayList<>();
        try (ApiServer agent = ApiServer.bind("agent", "127.0.0.1", 0, new Health(), token)
                .put("/instances/{id}", request -> {
                    limits.add(request.query("until", ""));
                    specs.add(Json.read(request.body(), InstanceSpec.class));
                    return Reply.empty(202);
                })
                .put("/images", request -> {
                    images.add(Json.read(request.body(), ImageOrder.class));
                    return Reply.empty(202);
                })
                .delete("/instances/{id}", request -> {
                    limits.add(request.query("until", ""));
                    graces.add(request.query("grace", ""));
                    return Reply.empty(204);
                })
                .start()) {
            Action.Start start = start("127.0.0.1");
            transport.send(start, agent.port(), () -> 4711, results::add);
            transport.send(new Action.Stop("127.0.0.1", "i1", "demo", 30), agent.port(), () -> 4711, results::add);
            Action.Pull pull = new Action.Pull("127.0.0.1", new ImageOrder("demo:1", "", "demo", "r", "demo/1"));
            transport.send(pull, agent.port(), () -> 0, results::add);
            Await.until(LIMIT, "all orders", () -> results.size() == 3);

            assertEquals(List.of(start.spec()), specs);
            assertEquals(List.of("30"), graces);
            assertEquals(List.of("4711", "4711"), limits, "until when they hold, by the agent's clock");
            assertEquals(List.of(pull.order()), images);
            assertEquals(Collections.nCopies(3, new OrderResult.Accepted()), results);
        }
    }

    @Test
    void aRefusalSaysWhyAndAMissingAgentIsARefusal() throws Exception {
        try (ApiServer agent = ApiServer.bind("agent", "127.0.0.1", 0, new Health(), token)
                .put("/instances/{id}", request -> Reply.error(409, "another spec"))
                .start()) {
            transport.send(start("127.0.0.1"), agent.port(), () -> 0, results::add);
            Await.until(LIMIT, "refused", () -> results.size() == 1);
            OrderResult.Refused refused = assertInstanceOf(OrderResult.Refused.class, results.get(0));
            assertTrue(refused.reason().contains("another spec"));
        }
        transport.send(start("127.0.0.3"), freePort(), () -> 0, results::add);
        Await.until(LIMIT, "nobody there", () -> results.size() == 2);
        assertInstanceOf(OrderResult.Refused.class, results.get(1));
    }

    @Test
    void anOrderWhoseAnswerWasCutOffMayHaveArrivedThoughTheAgentIsGone() throws Exception {
        ServerSocket agent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        Thread dies = new Thread(() -> cutOffTheFirstOrder(agent), "dying-agent");
        dies.setDaemon(true);
        dies.start();
        transport.send(start("127.0.0.1"), agent.getLocalPort(), () -> 0, results::add);

        Await.until(LIMIT, "an outcome", () -> results.size() == 1);
        assertInstanceOf(OrderResult.Unknown.class, results.get(0));
        dies.join(LIMIT.toMillis());
    }

    private static void cutOffTheFirstOrder(ServerSocket agent) {
        try (agent;
                Socket order = agent.accept()) {
            agent.close();
            assertTrue(order.getInputStream().read() >= 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Test
    void outputsThatAreSlowToComeHoldUpNoOrder() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        List<List<String>> outputs = new CopyOnWriteArrayList<>();
        try (ApiServer agent = ApiServer.bind("agent", "127.0.0.1", 0, new Health(), token)
                .get("/instances/{id}/logs", request -> {
                    release.await();
                    return Reply.text(200, "one\ntwo\n");
                })
                .delete("/instances/{id}", request -> Reply.empty(204))
                .start()) {
            for (int i = 0; i < 10; i++) {
                transport.logs("127.0.0.1", agent.port(), "i" + i, outputs::add);
            }
            transport.send(new Action.Stop("127.0.0.1", "i1", "demo", 30), agent.port(), () -> 0, results::add);
            Await.until(LIMIT, "the order", () -> results.size() == 1);
            assertTrue(outputs.isEmpty(), "the outputs came first");

            release.countDown();
            Await.until(LIMIT, "all outputs", () -> outputs.size() == 10);
            assertEquals(List.of("one", "two"), outputs.get(9));
        }
    }

    @Test
    void aHungNodeDelaysNobodyAndItsFateIsUnknown() throws Exception {
        List<OrderResult> hung = new CopyOnWriteArrayList<>();
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.2"));
                ApiServer agent = ApiServer.bind("agent", "127.0.0.1", 0, new Health(), token)
                        .put("/instances/{id}", request -> Reply.empty(202))
                        .start()) {
            for (int i = 0; i < 20; i++) {
                transport.send(start("127.0.0.2"), silent.getLocalPort(), () -> 0, hung::add);
            }
            transport.send(start("127.0.0.1"), agent.port(), () -> 0, results::add);

            Await.until(LIMIT, "the other node", () -> results.size() == 1);
            assertTrue(hung.isEmpty(), "the hung node answered first");
            Await.until(LIMIT, "deadline", () -> !hung.isEmpty());
            assertInstanceOf(OrderResult.Unknown.class, hung.get(0));
        }
    }
}
