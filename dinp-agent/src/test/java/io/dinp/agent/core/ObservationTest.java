package io.dinp.agent.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.model.FailureStage;
import io.dinp.common.model.InstanceState;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ObservationTest {
    private static final String NEXT_BOOT = "boot-2";

    @Test
    void theSameRunStaysReadyOverARestartOfTheAgent() {
        Entry ready = Examples.ready();
        assertSame(ready, Observation.judge(ready, Optional.of(Examples.running(1000)), Examples.BOOT));
    }

    @Test
    void aRestartFromOutsideIsProbedAgain() {
        Entry seen = Observation.judge(Examples.ready(), Optional.of(Examples.running(5000)), Examples.BOOT);
        assertEquals(InstanceState.RUNNING, seen.state());
        assertFalse(seen.run().ready());
        assertEquals(5000, seen.run().startedAt());
    }

    @Test
    void anEndIsToldWithItsCode() {
        Entry seen = Observation.judge(Examples.ready(), Optional.of(Examples.ended(3, false)), Examples.BOOT);
        assertEquals(InstanceState.EXITED, seen.state());
        assertEquals(FailureStage.EXIT, seen.stage());
        assertEquals(3, seen.run().exitCode());
        assertEquals("exited with code 3", seen.reason());
    }

    @Test
    void aRemovedContainerHasNoCode() {
        Entry seen = Observation.judge(Examples.ready(), Optional.empty(), Examples.BOOT);
        assertEquals(InstanceState.EXITED, seen.state());
        assertNull(seen.run().exitCode());
    }

    @Test
    void afterAPowerCutWhatRanIsBegunAgain() {
        Entry seen = Observation.judge(Examples.ready(), Optional.of(Examples.ended(255, false)), NEXT_BOOT);
        assertEquals(InstanceState.ACCEPTED, seen.state());
        assertEquals(20000, seen.port());
    }

    @Test
    void whatAnOrderlyShutdownEndedIsBegunAgainWhatCrashedAtStartIsNot() {
        Entry served = Examples.ready().exited(143, false, "exited with code 143");
        assertEquals(
                InstanceState.ACCEPTED,
                Observation.judge(served, Optional.of(Examples.ended(143, false)), NEXT_BOOT)
                        .state());
        assertSame(served, Observation.judge(served, Optional.of(Examples.ended(143, false)), Examples.BOOT));
        Entry crashed = Entry.accepted(Examples.spec("i1"), 20000)
                .starting("c1", "")
                .started(Examples.running(1000), Examples.BOOT)
                .exited(1, false, "exited with code 1");
        assertSame(crashed, Observation.judge(crashed, Optional.of(Examples.ended(1, false)), NEXT_BOOT));
    }

    @Test
    void aWorkerIsBusyWithTheOthers() {
        Entry accepted = Entry.accepted(Examples.spec("i1"), 20000);
        assertSame(accepted, Observation.judge(accepted, Optional.empty(), NEXT_BOOT));
        assertFalse(Observation.isDue(accepted, Optional.empty(), NEXT_BOOT));
    }

    @Test
    void aCloserLookIsDueWhereListAndJournalDisagree() {
        Listed up = new Listed("c1", true, "Up 1 second", true, Map.of());
        Listed down = new Listed("c1", false, "Exited (1)", false, Map.of());
        Entry ready = Examples.ready();
        assertFalse(Observation.isDue(ready, Optional.of(up), Examples.BOOT));
        assertTrue(Observation.isDue(ready, Optional.of(down), Examples.BOOT));
        assertTrue(Observation.isDue(ready, Optional.empty(), Examples.BOOT));
        Entry exited = ready.exited(1, false, "exited with code 1");
        assertFalse(Observation.isDue(exited, Optional.of(down), Examples.BOOT));
        assertTrue(Observation.isDue(exited, Optional.of(up), Examples.BOOT));
        assertTrue(Observation.isDue(exited, Optional.of(down), NEXT_BOOT));
    }
}
