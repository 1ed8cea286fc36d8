package io.dinp.agent.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.agent.core.Entry;
import io.dinp.agent.core.Examples;
import io.dinp.agent.core.PortRange;
import io.dinp.common.daemon.Health;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    @TempDir
    Path stateDir;

    private final Health health = new Health();

    @Test
    void whatIsWrittenIsReadAgain() throws Exception {
        Entry ready = Examples.ready();
        Entry exited =
                Entry.accepted(Examples.spec("i2"), 20001).starting("c2", "").exited(1, true, "exited");
        try (Journal journal = Journal.open(stateDir, health)) {
            journal.write(Entry.accepted(Examples.spec("i1"), 20000));
            journal.write(ready);
            journal.write(exited.withLastLines(List.of("a", "b")));
            journal.write(Entry.accepted(Examples.spec("i3"), 20002));
            journal.remove("i3");
            journal.remove("i3");
        }
        try (Journal journal = Journal.open(stateDir, health)) {
            assertEquals(List.of(ready, exited.withLastLines(List.of("a", "b"))), journal.load());
        }
    }

    @Test
    void onlyTheOwnerReadsTheApps() throws Exception {
        try (Journal journal = Journal.open(stateDir.resolve("deep/er"), health)) {
            journal.write(Examples.ready());
        }
        Path file = stateDir.resolve("deep/er/instances/i1.json");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())));
    }

    @Test
    void whatIsCutOffOrGarbageIsSetAside() throws Exception {
        try (Journal journal = Journal.open(stateDir, health)) {
            journal.write(Examples.ready());
            Path directory = stateDir.resolve("instances");
            byte[] whole = Files.readAllBytes(directory.resolve("i1.json"));
            for (int length : new int[] {0, 1, whole.length / 2, whole.length - 1}) {
                Files.write(directory.resolve("cut" + length + ".json"), Arrays.copyOf(whole, length));
            }
            Files.writeString(directory.resolve("null.json"), "null");
            Files.writeString(directory.resolve("empty.json"), "{}");
            Files.write(directory.resolve("other.json"), whole);
            Files.write(directory.resolve("i9.json.new"), whole);
            Files.createDirectory(directory.resolve("directory.json"));
            assertEquals(List.of(Examples.ready()), journal.load());
            try (Stream<Path> files = Files.list(directory)) {
                assertEquals(
                        7,
                        files.filter(f -> f.toString().endsWith(".unreadable")).count());
            }
            assertTrue(Files.notExists(directory.resolve("i9.json.new")), "half-written, so it never counted");
            assertEquals(1, journal.load().size());
        }
    }

    @Test
    void aSecondAgentIsRefused() throws Exception {
        try (Journal journal = Journal.open(stateDir, health)) {
            String message = assertThrows(IOException.class, () -> Journal.open(stateDir, health))
                    .getMessage();
            assertTrue(message.contains("in use by another agent"), message);
            assertTrue(journal.load().isEmpty());
        }
    }

    @Test
    void aFullDiskRefusesOrdersButNotNews() throws Exception {
        try (Journal journal = Journal.open(stateDir, health)) {
            Files.delete(stateDir.resolve("instances"));
            Files.writeString(stateDir.resolve("instances"), "no directory");
            assertThrows(UncheckedIOException.class, () -> journal.write(Examples.ready()));
            journal.note(Examples.ready());
            assertFalse(health.isOk());
            assertTrue(health.text().startsWith("journal: "), health.text());
        }
    }

    @Test
    void portsGoOnResting() throws Exception {
        PortRange range = new PortRange(20000, 20001);
        PortBook before = PortBook.open(stateDir, range);
        int port = before.lease().orElseThrow();
        before.rest(port);
        PortBook after = PortBook.open(stateDir, range);
        assertEquals(List.of(port), after.resting());
        assertEquals(OptionalInt.of(20001), after.lease());
        after.release(List.of(port));
        assertEquals(List.of(), PortBook.open(stateDir, range).resting());
    }

    @Test
    void anUnreadablePortBookLetsAllRest() throws Exception {
        Files.writeString(stateDir.resolve("ports.json"), "{\"resting\":[2");
        PortBook book = PortBook.open(stateDir, new PortRange(20000, 20001));
        assertEquals(List.of(20000, 20001), book.resting());
        assertTrue(Files.exists(stateDir.resolve("ports.json.unreadable")));
    }

    @Test
    void aNodeKeepsItsIdentity() throws Exception {
        String first = NodeIdentity.of(stateDir);
        assertEquals(first, NodeIdentity.of(stateDir));
        Files.write(stateDir.resolve("node-id"), new byte[] {0, -1, 7});
        String second = NodeIdentity.of(stateDir);
        assertNotEquals(first, second);
        assertEquals(second, NodeIdentity.of(stateDir));
    }
}
