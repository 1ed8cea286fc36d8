package io.dinp.common.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.json.Json;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The names on the wires, which the original's parts and {@code nc} rely on. */
class WireTest {

    @Test
    void aBeatOfTheOriginalIsRead() throws IOException {
        NodeReport report = Json.read("""
                {"Ip":"10.0.0.1","MemFree":1024,"Containers":[{"Id":"ab","Image":"demo:1","AppName":"demo",
                "Ports":[{"PublicPort":32768}],"Status":"Up 3 seconds"}],"SomethingNew":1}""", NodeReport.class);
        assertEquals("10.0.0.1", report.ip());
        assertEquals(1024, report.memFree());
        assertEquals(0, report.seq());
        assertEquals("", report.token());
        ContainerReport container = report.containers().get(0);
        assertTrue(container.isLegacy());
        assertEquals(List.of(new PortMapping(32768)), container.ports());
        assertNull(container.state());
        assertNull(container.exitCode());
    }

    @Test
    void listsOfGoMayBeNull() throws IOException {
        NodeReport report = Json.read("{\"Ip\":\"10.0.0.1\",\"MemFree\":1,\"Containers\":null}", NodeReport.class);
        assertEquals(List.of(), report.containers());
        assertEquals(
                List.of(),
                Json.read("{\"Id\":\"a\",\"Ports\":null}", ContainerReport.class)
                        .ports());
    }

    @Test
    void aBeatOfOursGoesThereAndBack() throws IOException {
        ContainerReport container = new ContainerReport(
                "ab",
                "demo:1",
                "demo",
                List.of(new PortMapping(20001)),
                "Exited",
                "i1",
                "r1",
                "dinp",
                InstanceState.EXITED,
                FailureStage.EXIT,
                "killed",
                137,
                true,
                false,
                5,
                6,
                256,
                "sha256:12",
                20001);
        NodeReport report = new NodeReport(
                "10.0.0.1",
                1024,
                List.of(container),
                "n1",
                "dinp",
                7,
                "boot",
                4096,
                256,
                1971,
                List.of(20000),
                Map.of("zone", "a"),
                List.of("demo:1"),
                "geheim",
                "0.1.0",
                List.of(new ImagePull("demo:2", "sha256:34", "demo/7", PullState.FAILED, "no such tag")));
        String json = Json.write(report);
        assertEquals(report, Json.read(json, NodeReport.class));
        for (String name : List.of(
                "Ip",
                "MemFree",
                "Containers",
                "Node",
                "Cluster",
                "Seq",
                "BootId",
                "CapacityMb",
                "UsedMb",
                "AgentPort",
                "RestingPorts",
                "Labels",
                "Images",
                "Token",
                "Version",
                "Id",
                "Image",
                "AppName",
                "Ports",
                "Status",
                "Instance",
                "Revision",
                "State",
                "Stage",
                "Reason",
                "ExitCode",
                "OomKilled",
                "Ready",
                "StartedAt",
                "ReadyAt",
                "MemoryMb",
                "Digest",
                "LeasedPort",
                "Pulls",
                "Wish",
                "PublicPort")) {
            assertTrue(json.contains("\"" + name + "\":"), name);
        }
        assertTrue(json.contains("\"State\":\"exited\"") && json.contains("\"Stage\":\"exit\""), json);
        assertFalse(json.contains("legacy"), json);
        assertFalse(report.toString().contains("geheim"));
        assertNull(Json.read("{\"Ip\":\"10.0.0.1\"}", NodeReport.class).pulls(), "an agent that takes no image orders");
    }

    @Test
    void repliesOrdersAndLeasesHaveTheirNames() throws IOException {
        assertEquals("{\"Code\":0,\"ReleasedPorts\":[20001]}", Json.write(new HeartbeatReply(0, List.of(20001))));
        RouterLease lease = new RouterLease("e", 3, Map.of("10.0.0.1:20001", 2), 9, "0.1.0");
        assertEquals(
                "{\"epoch\":\"e\",\"version\":3,\"inflight\":{\"10.0.0.1:20001\":2},\"at\":9,\"build\":\"0.1.0\"}",
                Json.write(lease));
        assertEquals(lease, Json.read(Json.write(lease), RouterLease.class));
        ImageOrder image = new ImageOrder("demo:1", "", "demo", "r1", "demo/7");
        assertEquals(
                "{\"image\":\"demo:1\",\"digest\":\"\",\"app\":\"demo\",\"revision\":\"r1\",\"wish\":\"demo/7\"}",
                Json.write(image));
        assertEquals(image, Json.read(Json.write(image), ImageOrder.class));
        InstanceSpec spec = new InstanceSpec(
                "i1",
                "demo",
                "r1",
                "demo:1",
                "",
                256,
                new TreeMap<>(Map.of("PASSWORD", "geheim")),
                "/health",
                "",
                "",
                1463,
                60);
        assertEquals(spec, Json.read(Json.write(spec), InstanceSpec.class));
        assertFalse(spec.toString().contains("geheim"));
    }

    @Test
    void aLeaseHasAppliedWhatIsNotNewer() {
        RouterLease lease = new RouterLease("e", 3, Map.of(), 0, "");
        assertTrue(lease.hasApplied("e", 3));
        assertFalse(lease.hasApplied("e", 4));
        assertFalse(lease.hasApplied("other", 1));
    }

    @Test
    void theStateOfAnAppReadsAsItWasWrittenAndOlderOnesToo() throws IOException {
        AppReport.Instance instance = new AppReport.Instance(
                "i1", "10.0.0.1", "10.0.0.1:20000", "0a1b", "r/a:1", "running", true, true, false, "", 5, 256);
        AppReport.Failure failure =
                new AppReport.Failure(4, "exit", "exited with code 3", "10.0.0.1", "i1", 3, true, List.of("oh"));
        AppReport report = new AppReport(
                "demo", 2, "rolling", "no room", 0, "0a1b", "9f8e", true, failure, 3, 7, List.of(instance));
        assertEquals(report, Json.read(Json.write(report), AppReport.class));
        assertEquals(AppReport.unknown("demo"), Json.read("{\"app\":\"demo\"}", AppReport.class));
        AppReport bare = Json.read("{\"instances\":[{\"instance\":\"i1\",\"later\":1}]}", AppReport.class);
        assertEquals("", bare.instances().get(0).reason());
    }
}
