package io.dinp.agent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.RestartPolicy;
import io.dinp.agent.core.Labels;
import io.dinp.common.json.Json;
import io.dinp.common.model.ContainerReport;
import io.dinp.common.model.FailureStage;
import io.dinp.common.model.InstanceSpec;
import io.dinp.common.model.InstanceState;
import io.dinp.common.testing.Await;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From an order to a ready instance, and every way in which that fails. */
class StartIT {
    @TempDir
    static Path stateDir;

    private static Node node;

    @BeforeAll
    static void start() throws Exception {
        node = new Node(stateDir);
        node.start("boot-1");
    }

    @AfterAll
    static void stop() throws Exception {
        node.close();
    }

    @Test
    void anOrderBecomesAReadyInstance() throws Exception {
        InstanceSpec spec = node.ready(Map.of("COLOUR", "blue", "APP_NAME", "not-mine-to-set"));
        String env = node.ask(node.address(spec, "/env")).body();
        assertTrue(env.contains("COLOUR=blue\n"), env);
        assertTrue(env.contains("APP_NAME=demo\n"), env);
        assertTrue(env.contains("HOST_IP=" + node.engine.address() + "\n"), env);
        assertTrue(env.contains("SCRIBE_IP=" + node.engine.address() + "\n"), env);
        assertTrue(env.contains("SCRIBE_PORT=1463\n"), env);
        ContainerReport report = node.server.instance(spec.instance()).orElseThrow();
        assertEquals(InstanceState.RUNNING, report.state());
        assertTrue(report.status().startsWith("Up") || report.status().equals("running"), report.status());
        assertTrue(report.readyAt() >= report.startedAt() && report.startedAt() > 0);
    }

    @Test
    void aContainerIsBounded() throws Exception {
        InstanceSpec spec = node.ready(Map.of());
        String id = node.server.instance(spec.instance()).orElseThrow().id();
        InspectContainerResponse seen =
                node.engine.docker().inspectContainerCmd(id).exec();
        HostConfig host = seen.getHostConfig();
        assertEquals(96L << 20, host.getMemory());
        assertEquals(96L << 20, host.getMemorySwap());
        assertEquals(64L, host.getPidsLimit());
        assertEquals(512, host.getCpuShares());
        assertEquals(List.of("no-new-privileges"), host.getSecurityOpts());
        assertArrayEquals(new Capability[] {Capability.ALL}, host.getCapDrop());
        assertEquals(7, host.getCapAdd().length);
        assertEquals(RestartPolicy.noRestart(), host.getRestartPolicy());
        assertEquals(
                Map.of("max-size", "10m", "max-file", "3"), host.getLogConfig().getConfig());
        Map<String, String> labels = seen.getConfig().getLabels();
        assertEquals(node.cluster, labels.get(Labels.CLUSTER));
        assertEquals(spec.revision(), labels.get(Labels.REVISION));
        assertEquals(spec.image(), labels.get(Labels.IMAGE));
        Ports.Binding[] bindings =
                host.getPortBindings().getBindings().values().iterator().next();
        assertEquals(1, host.getPortBindings().getBindings().size());
        assertEquals(node.engine.address(), bindings[0].getHostIp());
        assertEquals(labels.get(Labels.PORT), bindings[0].getHostPortSpec());
    }

    @Test
    void theSameOrderAgainIsNoOrderAndAnotherUnderItsIdIsRefused() throws Exception {
        InstanceSpec spec = node.ready(Map.of());
        assertEquals(202, node.agent().put(spec).statusCode());
        InstanceSpec other = new InstanceSpec(
                spec.instance(), "demo", "rev-2", spec.image(), "", 96, new TreeMap<>(), "", "", "", 0, 5);
        assertEquals(409, node.agent().put(other).statusCode());
        assertEquals(
                1,
                node.engine.containers().stream()
                        .filter(c -> spec.instance().equals(c.getLabels().get(Labels.INSTANCE)))
                        .count());
    }

    @Test
    void whoHasNoTokenGetsNothing() throws Exception {
        InstanceSpec spec = node.spec(Map.of());
        assertEquals(200, node.agent().send("GET", "/health", "", "").statusCode());
        for (String token : List.of("", "wrong")) {
            assertEquals(401, node.agent().send("GET", "/instances", "", token).statusCode());
            assertEquals(401, node.agent().send("GET", "/metrics", "", token).statusCode());
            assertEquals(
                    401,
                    node.agent()
                            .send("PUT", "/instances/" + spec.instance(), Json.write(spec), token)
                            .statusCode());
            assertEquals(
                    401, node.agent().send("DELETE", "/instances/x", "", token).statusCode());
        }
    }

    @Test
    void whatIsNoOrderIsRefusedWithTheReason() throws Exception {
        InstanceSpec good = node.spec(Map.of());
        for (InstanceSpec bad : List.of(
                new InstanceSpec("../x", "demo", "r", good.image(), "", 96, null, "", "", "", 0, 5),
                new InstanceSpec(good.instance(), "de mo", "r", good.image(), "", 96, null, "", "", "", 0, 5),
                new InstanceSpec(good.instance(), "demo", "r", "No Image", "", 96, null, "", "", "", 0, 5),
                new InstanceSpec(good.instance(), "demo", "r", good.image(), "", 1, null, "", "", "", 0, 5))) {
            var answer = node.agent().send("PUT", "/instances/" + good.instance(), Json.write(bad), TestAgent.TOKEN);
            assertEquals(400, answer.statusCode(), answer.body());
        }
        for (String body : List.of("", "{", "null", "[]", "{}")) {
            assertEquals(
                    400,
                    node.agent()
                            .send("PUT", "/instances/x", body, TestAgent.TOKEN)
                            .statusCode(),
                    body);
        }
        assertEquals(404, node.agent().get("/instances/unknown/logs").statusCode());
        assertEquals(204, node.agent().delete("unknown", 1).statusCode());
    }

    @Test
    void oneThatExitsAtOnceSaysWhatItSaid() throws Exception {
        InstanceSpec spec = node.spec(Map.of("MODE", "exit"));
        node.agent().put(spec);
        ContainerReport report = node.until(spec, "exited", one -> one.state() == InstanceState.EXITED);
        assertEquals(FailureStage.EXIT, report.stage());
        assertEquals(3, report.exitCode());
        assertEquals("exited with code 3; last output: cannot go on", report.reason());
        assertEquals(List.of(), report.ports());
        assertEquals(
                "cannot go on",
                node.agent()
                        .get("/instances/" + spec.instance() + "/logs?lines=5")
                        .body());
    }

    @Test
    void oneThatNeverListensFailsWithTheLastProbe() throws Exception {
        InstanceSpec spec = node.spec(node.engine.image(), Map.of("MODE", "deaf"), "", 1);
        node.agent().put(spec);
        ContainerReport report = node.until(spec, "failed", one -> one.state() == InstanceState.FAILED);
        assertEquals(FailureStage.READY, report.stage());
        assertTrue(report.reason().startsWith("not ready within 1 s; last probe: TCP "), report.reason());
        assertTrue(report.reason().contains("Connection refused"), report.reason());
        assertFalse(report.ready());
        Await.until(Node.SOON, "its process is ended", () -> !running(report.id()));
    }

    @Test
    void oneWhoseHealthPathFailsIsNotReady() throws Exception {
        InstanceSpec spec = node.spec(node.engine.image(), Map.of(), "/nothing", 1);
        node.agent().put(spec);
        ContainerReport report = node.until(spec, "failed", one -> one.state() == InstanceState.FAILED);
        assertTrue(report.reason().contains("/nothing: HTTP 404"), report.reason());
    }

    @Test
    void aMissingImageFailsInThePull() throws Exception {
        InstanceSpec spec = node.spec("127.0.0.1:1/nobody/nothing:1", Map.of(), "", 5);
        node.agent().put(spec);
        ContainerReport report = node.until(spec, "failed", one -> one.state() == InstanceState.FAILED);
        assertEquals(FailureStage.PULL, report.stage());
        assertTrue(report.reason().contains("connection refused"), report.reason());
    }

    @Test
    void aPortThatSomebodyHoldsIsPassedOver() throws Exception {
        InstanceSpec first = node.ready(Map.of());
        int next = node.server
                        .instance(first.instance())
                        .orElseThrow()
                        .ports()
                        .get(0)
                        .publicPort()
                + 1;
        try (ServerSocket holder = new ServerSocket(next, 1, InetAddress.getByName(node.engine.address()))) {
            InstanceSpec spec = node.ready(Map.of());
            int port = node.server
                    .instance(spec.instance())
                    .orElseThrow()
                    .ports()
                    .get(0)
                    .publicPort();
            assertTrue(port != holder.getLocalPort());
            assertEquals(200, node.ask(node.address(spec, "/health")).statusCode());
        }
    }

    @Test
    void theNodeSaysWhatItHas() throws Exception {
        InstanceSpec spec = node.ready(Map.of());
        var report = node.server.last();
        assertEquals(node.engine.address(), report.ip());
        assertEquals(node.cluster, report.cluster());
        assertEquals("boot-1", report.bootId());
        assertEquals(2048 - 256, report.capacityMb());
        assertTrue(report.usedMb() >= spec.memoryMb());
        assertTrue(report.memFree() > 0);
        assertEquals(Map.of("rack", "a"), report.labels());
        assertEquals(TestAgent.TOKEN, report.token());
        assertTrue(
                report.images().contains(node.engine.image()), report.images().toString());
        assertEquals(32, report.node().length());
    }

    private static boolean running(String id) {
        return node.engine.docker().inspectContainerCmd(id).exec().getState().getRunning();
    }
}
