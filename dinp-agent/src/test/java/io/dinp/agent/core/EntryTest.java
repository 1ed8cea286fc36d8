package io.dinp.agent.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.model.FailureStage;
import io.dinp.common.model.InstanceSpec;
import io.dinp.common.model.InstanceState;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EntryTest {
    @Test
    void anOrderGoesAllTheWay() {
        Entry entry = Examples.ready();
        assertEquals(InstanceState.RUNNING, entry.state());
        assertTrue(entry.run().ready());
        assertEquals(2000, entry.run().readyAt());
        assertEquals(20000, entry.run().publicPort());
        assertEquals("sha256:aa", entry.run().digest());
    }

    @Test
    void nothingUndoesAStop() {
        Entry stopping = Examples.ready().stopping(30);
        assertEquals(InstanceState.STOPPING, stopping.state());
        assertFalse(stopping.run().ready());
        assertSame(stopping, stopping.exited(0, false, "exited"));
        assertSame(stopping, stopping.failed(FailureStage.READY, "late"));
        assertSame(stopping, stopping.started(Examples.running(3000), Examples.BOOT));
        assertSame(stopping, stopping.ready(3000));
        assertEquals(30, stopping.stopping(5).graceSeconds());
    }

    @Test
    void aFailedOneIsOnlyStopped() {
        Entry failed = Entry.accepted(Examples.spec("i1"), 20000).failed(FailureStage.PULL, "manifest unknown");
        assertSame(failed, failed.starting("c1", ""));
        assertSame(failed, failed.exited(1, false, "late"));
        assertEquals("manifest unknown", failed.reason());
        assertEquals(InstanceState.STOPPING, failed.stopping(0).state());
    }

    @Test
    void whatItSaidLastIsPartOfTheReason() {
        Entry ended = Examples.ready().exited(137, false, "exited with code 137");
        Entry explained = ended.exitedAs(Examples.ended(137, true), List.of("one", " out of heap ", ""));
        assertEquals(
                "exited with code 137 (out of memory, limit 128 MB); last output: out of heap", explained.reason());
        assertTrue(explained.run().oomKilled());
        assertEquals(3, explained.lastLines().size());
    }

    @Test
    void aLongReasonIsCut() {
        Entry failed = Entry.accepted(Examples.spec("i1"), 20000).failed(FailureStage.CREATE, "x".repeat(5000));
        assertEquals(600, failed.reason().length());
    }

    @Test
    void aLongLineIsCutAndItsControlCharactersAreNotForTheReason() {
        Entry ended = Examples.ready().exited(1, false, "exited with code 1");
        Entry explained =
                ended.exitedAs(Examples.ended(1, false), List.of("x".repeat(1_000_000), "\u001B[31mred\u001B[0m"));
        assertEquals(1000, explained.lastLines().get(0).length());
        assertEquals("exited with code 1; last output: [31mred [0m", explained.reason());
    }

    @Test
    void theSameIdWithAnotherSpecIsAnotherOrder() {
        InstanceSpec spec = Examples.spec("i1");
        Entry entry = Entry.accepted(spec, 20000);
        assertTrue(entry.isOrder(Examples.spec("i1")));
        assertFalse(entry.isOrder(withMemory(spec, 256)));
        Entry adopted = Entry.adopted(withMemory(spec, 99), 20000, Examples.running(1), "", Examples.BOOT);
        assertTrue(adopted.isOrder(spec), "labels tell app and revision only");
        assertEquals(spec, adopted.withSpec(spec).spec());
    }

    private static InstanceSpec withMemory(InstanceSpec spec, int memoryMb) {
        return new InstanceSpec(
                spec.instance(),
                spec.app(),
                spec.revision(),
                spec.image(),
                spec.digest(),
                memoryMb,
                new TreeMap<>(spec.env()),
                spec.health(),
                spec.healthSign(),
                spec.scribeIp(),
                spec.scribePort(),
                spec.startupSeconds());
    }
}
