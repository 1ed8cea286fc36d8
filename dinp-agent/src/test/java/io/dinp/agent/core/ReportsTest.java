package io.dinp.agent.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.model.ContainerReport;
import io.dinp.common.model.FailureStage;
import io.dinp.common.model.ImagePull;
import io.dinp.common.model.InstanceState;
import io.dinp.common.model.NodeReport;
import io.dinp.common.model.PortMapping;
import io.dinp.common.model.PullState;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportsTest {
    private static final NodeFacts NODE =
            new NodeFacts("10.0.0.1", "node-1", "dinp", Examples.BOOT, 1971, Map.of("rack", "a"), "secret", "0.1.0");

    private static final ImagePull PULL = new ImagePull("demo:2", "", "demo/1", PullState.PULLING, "");

    private static NodeReport report(List<Entry> entries, List<Legacy> legacy) {
        return Reports.report(
                NODE,
                new Reports.Snapshot(
                        7,
                        512,
                        4096,
                        entries,
                        legacy,
                        Map.of("c1", "Up 3 seconds"),
                        List.of(20009),
                        List.of("a:1"),
                        List.of(PULL)));
    }

    @Test
    void aReadyInstanceIsReportedWithItsPort() {
        ContainerReport one =
                report(List.of(Examples.ready()), List.of()).containers().get(0);
        assertEquals("i1", one.instance());
        assertEquals("registry:5000/me/demo:1", one.image());
        assertEquals(List.of(new PortMapping(20000)), one.ports());
        assertEquals("Up 3 seconds", one.status());
        assertEquals("dinp", one.cluster());
        assertTrue(one.ready());
        assertEquals(128, one.memoryMb());
    }

    @Test
    void whatDoesNotRunHasNoPort() {
        Entry exited = Examples.ready().exited(3, false, "exited with code 3");
        ContainerReport one = report(List.of(exited), List.of()).containers().get(0);
        assertEquals(List.of(), one.ports());
        assertEquals(20000, one.leasedPort(), "kept for it, and routers may still know it");
        assertEquals("exited", one.status());
        assertEquals(3, one.exitCode());
        assertEquals(FailureStage.EXIT, one.stage());
        assertFalse(one.ready());
    }

    @Test
    void acceptedOrdersTakeMemoryEndedOnesDoNot() {
        Entry accepted = Entry.accepted(Examples.spec("i2"), 20001);
        Entry failed = Entry.accepted(Examples.spec("i3"), 20002).failed(FailureStage.PULL, "gone");
        NodeReport report = report(List.of(failed, accepted, Examples.ready()), List.of());
        assertEquals(256, report.usedMb());
        assertEquals(
                List.of("i1", "i2", "i3"),
                report.containers().stream().map(ContainerReport::instance).toList());
    }

    @Test
    void aContainerOfTheOriginalIsRoutableOnlyOnceItListens() {
        Legacy deaf = new Legacy(Examples.running(1000), "Up 1 second", false);
        ContainerReport one = report(List.of(), List.of(deaf)).containers().get(0);
        assertTrue(one.isLegacy());
        assertEquals("demo", one.appName());
        assertEquals(InstanceState.RUNNING, one.state());
        assertEquals(List.of(), one.ports());
        assertEquals(0, one.leasedPort());
        Legacy listening = new Legacy(Examples.running(1000), "Up 1 second", true);
        NodeReport report = report(List.of(), List.of(listening));
        assertEquals(List.of(new PortMapping(20000)), report.containers().get(0).ports());
        assertEquals(128, report.usedMb());
    }

    @Test
    void theNodeTellsItsFacts() {
        NodeReport report = report(List.of(), List.of());
        assertEquals("10.0.0.1", report.ip());
        assertEquals("node-1", report.node());
        assertEquals(7, report.seq());
        assertEquals(4096, report.capacityMb());
        assertEquals(List.of(20009), report.restingPorts());
        assertEquals("secret", report.token());
        assertEquals(List.of(PULL), report.pulls());
        assertFalse(report.toString().contains("secret"));
        assertFalse(NODE.toString().contains("secret"));
    }

    @Test
    void whoIsOfTheOriginal() {
        Inspected plain = Examples.running(1000);
        assertTrue(Legacy.isOne(plain));
        assertFalse(Legacy.isOne(Examples.ended(0, false)));
        assertFalse(Legacy.isOne(new Inspected(
                "c2",
                "x",
                true,
                1,
                0,
                false,
                "172.17.0.3",
                20000,
                0,
                Map.of("APP_NAME", "demo"),
                Map.of(Labels.CLUSTER, "other"))));
        assertFalse(
                Legacy.isOne(new Inspected("c3", "x", true, 1, 0, false, "172.17.0.3", 20000, 0, Map.of(), Map.of())));
    }
}
