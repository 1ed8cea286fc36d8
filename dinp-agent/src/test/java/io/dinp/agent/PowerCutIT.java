package io.dinp.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.dinp.common.json.Json;
import io.dinp.common.model.ContainerReport;
import io.dinp.common.model.InstanceSpec;
import io.dinp.common.testing.Await;
import io.dinp.common.testing.Containers;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node whose power was cut comes back into a world without servers, MySQL, Redis and registry. */
class PowerCutIT {
    private static final Duration ALLOWED = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private Node node;
    private RegistryDoor registry;
    private EngineDoor engine;

    @BeforeEach
    void start() throws Exception {
        node = new Node(directory.resolve("state"));
        registry = new RegistryDoor(Containers.registryAddress());
        engine = new EngineDoor(directory.resolve("docker.sock"));
        engine.open();
        node.start("boot-1", engine.endpoint());
    }

    @AfterEach
    void stop() throws Exception {
        registry.close();
        engine.close();
        node.close();
    }

    /** The machine's end: neither agent nor containers are asked. */
    private void cutThePower() throws IOException {
        engine.close();
        node.stop();
        node.engine.containers().stream()
                .filter(one -> one.getState().equals("running"))
                .forEach(one ->
                        node.engine.docker().killContainerCmd(one.getId()).exec());
    }

    private boolean serves(int port, String answer) {
        try {
            var reply = node.ask(URI.create("http://" + node.engine.address() + ":" + port + "/env"));
            return reply.statusCode() == 200 && reply.body().contains(answer);
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private int port(InstanceSpec spec) {
        return node.server
                .instance(spec.instance())
                .orElseThrow()
                .ports()
                .get(0)
                .publicPort();
    }

    private JsonNode instances() throws IOException, InterruptedException {
        return Json.mapper().readTree(node.agent().get("/instances").body()).path("instances");
    }

    @Test
    void itsAppsServeAgainOnTheirPorts() throws Exception {
        String name = "/me/demo-" + node.cluster + ":1";
        node.engine.publish(Containers.registryAddress() + name);
        InstanceSpec kept = node.ready(Map.of("ME", "kept"));
        InstanceSpec lost = node.spec(registry.address() + name, Map.of("ME", "lost"), "/health", 20);
        node.agent().put(lost);
        String container = node.until(lost, "ready", ContainerReport::ready).id();
        InstanceSpec dead = node.spec(Map.of("MODE", "exit"));
        node.agent().put(dead);
        node.until(dead, "explained", one -> one.reason().contains("last output"));
        int keptPort = port(kept);
        int lostPort = port(lost);

        cutThePower();
        node.engine.docker().removeContainerCmd(container).exec();
        registry.hold(true);
        node.startAlone("boot-2");
        Await.until(ALLOWED, "both serve", () -> serves(keptPort, "ME=kept\n") && serves(lostPort, "ME=lost\n"));
        assertEquals(3, instances().size());
        for (JsonNode one : instances()) {
            boolean died = one.path("Instance").asText().equals(dead.instance());
            assertEquals(died ? "exited" : "running", one.path("State").asText(), one.toString());
        }
    }

    @Test
    void aStopThatWasOrderedBeforeIsNotUndone() throws Exception {
        InstanceSpec stays = node.ready(Map.of("ME", "stays"));
        InstanceSpec goes = node.ready(Map.of("ME", "goes"));
        int staysPort = port(stays);
        int goesPort = port(goes);
        engine.hold(true);
        assertEquals(202, node.agent().delete(goes.instance(), 30).statusCode());
        cutThePower();

        node.startAlone("boot-2");
        Await.until(ALLOWED, "the other serves", () -> serves(staysPort, "ME=stays\n"));
        Await.until(ALLOWED, "the stop is done", () -> node.engine.containers().size() == 1);
        assertTrue(!serves(goesPort, "ME=goes\n"));
        assertEquals(1, instances().size());
    }

    @Test
    void aJournalThatTheCutHasTornLosesOnlyTheTornFiles() throws Exception {
        InstanceSpec whole = node.ready(Map.of("ME", "whole"));
        InstanceSpec torn = node.ready(Map.of("ME", "torn"));
        int wholePort = port(whole);
        cutThePower();
        Path journal = directory.resolve("state/instances");
        Path file = journal.resolve(torn.instance() + ".json");
        byte[] content = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(content, content.length / 2));
        Files.write(journal.resolve("half.json.new"), Arrays.copyOf(content, 10));
        Files.write(directory.resolve("state/images.json"), new byte[0]);
        Files.writeString(directory.resolve("state/ports.json"), "{\"resting\":[");
        Files.write(directory.resolve("state/node-id"), new byte[] {0});

        node.start("boot-2", TestEngine.SOCKET);
        node.until(whole, "serves again", ContainerReport::ready);
        assertTrue(serves(wholePort, "ME=whole\n"));
        ContainerReport adopted = node.until(torn, "adopted", one -> one.exitCode() != null);
        assertEquals("demo", adopted.appName());
        assertTrue(Files.exists(Path.of(file + ".unreadable")));
        assertTrue(Files.notExists(journal.resolve("half.json.new")));
        node.agent().delete(torn.instance(), 1);
        node.untilGone(torn);
        assertEquals(
                List.of("demo"),
                node.server.last().containers().stream()
                        .map(ContainerReport::appName)
                        .toList());
    }
}
