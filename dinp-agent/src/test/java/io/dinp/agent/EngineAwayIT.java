package io.dinp.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.model.ContainerReport;
import io.dinp.common.model.InstanceSpec;
import io.dinp.common.testing.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An engine that is not there yet, goes away, or hangs: the agent waits, says so, and goes on. */
class EngineAwayIT {
    @TempDir
    Path directory;

    private Node node;
    private EngineDoor door;

    @BeforeEach
    void start() throws Exception {
        door = new EngineDoor(directory.resolve("docker.sock"));
        node = new Node(directory.resolve("state"));
    }

    @AfterEach
    void stop() throws Exception {
        try {
            door.close();
        } finally {
            node.close();
        }
    }

    @Test
    void anOrderWaitsForTheEngine() throws Exception {
        node.start("boot-1", door.endpoint());
        Await.until(Node.SOON, "NodeDown", () -> !node.server.downs().isEmpty());
        assertEquals(
                "[\"" + node.engine.address() + "\",\"" + TestAgent.TOKEN + "\"]",
                node.server.downs().get(0));
        var health = node.agent().send("GET", "/health", "", "");
        assertEquals(503, health.statusCode());
        assertTrue(health.body().startsWith("docker: Docker at unix://"), health.body());
        InstanceSpec spec = node.spec(Map.of());
        assertEquals(202, node.agent().put(spec).statusCode());
        door.open();
        node.until(spec, "ready", ContainerReport::ready);
        assertEquals(200, node.agent().send("GET", "/health", "", "").statusCode());
    }

    @Test
    void whatEndedWhileTheEngineWasAwayIsSeen() throws Exception {
        door.open();
        node.start("boot-1", door.endpoint());
        InstanceSpec lives = node.ready(Map.of());
        InstanceSpec dies = node.ready(Map.of());
        String id = node.server.instance(dies.instance()).orElseThrow().id();
        door.close();
        Await.until(Node.SOON, "NodeDown", () -> !node.server.downs().isEmpty());
        node.engine.docker().killContainerCmd(id).exec();
        node.server.forget();
        door.open();
        node.until(dies, "dead", one -> !one.ready());
        node.until(lives, "ready", ContainerReport::ready);
    }

    @Test
    void anEngineThatHangsIsAway() throws Exception {
        door.open();
        node.start("boot-1", door.endpoint());
        InstanceSpec spec = node.ready(Map.of());
        door.hold(true);
        Await.until(
                Duration.ofSeconds(20), "NodeDown", () -> !node.server.downs().isEmpty());
        assertEquals(202, node.agent().delete(spec.instance(), 5).statusCode(), "an order is taken all the same");
        door.hold(false);
        node.untilGone(spec);
        assertTrue(node.engine.containers().isEmpty());
    }
}
