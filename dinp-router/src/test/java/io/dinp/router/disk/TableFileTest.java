package io.dinp.router.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.model.HostPort;
import io.dinp.common.testing.Await;
import io.dinp.router.core.RouteTable;
import io.dinp.router.core.StoredTable;
import io.dinp.router.core.TableState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is on disk is never older than what was acknowledged. */
class TableFileTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration NEVER = Duration.ofDays(1);
    private static final HostPort ONE = new HostPort("10.0.0.1", 80);
    private static final HostPort TWO = new HostPort("10.0.0.2", 80);
    private static final TableState BOTH = state(1, ONE, TWO);

    private final AtomicLong clock = new AtomicLong(1_700_000_000_000L);
    private final List<TableFile> open = new ArrayList<>();
    private RouteTable before = RouteTable.EMPTY;

    @TempDir
    Path directory;

    private static TableState state(long version, HostPort... endpoints) {
        return new TableState(
                "e1",
                version,
                RouteTable.EMPTY
                        .edit()
                        .endpoints("a.apps.io", List.of(endpoints))
                        .build());
    }

    private TableFile file(Duration pause) {
        return file(pause, clock::get);
    }

    private TableFile file(Duration pause, LongSupplier time) {
        TableFile file = new TableFile(directory, "r1", pause, time);
        open.add(file);
        file.start();
        return file;
    }

    @AfterEach
    void close() throws IOException {
        for (TableFile file : open) {
            file.close();
        }
    }

    private void apply(TableFile file, TableState state) {
        file.applied(state, state.table().since(before));
        before = state.table();
    }

    /** As the loop does it. */
    private void acknowledge(TableFile file, TableState state) throws IOException {
        apply(file, state);
        file.claim();
        file.secure();
        file.acknowledged();
    }

    private TableFile written(Duration pause) throws IOException {
        TableFile file = file(pause);
        acknowledge(file, BOTH);
        Await.until(SOON, "the first table is written", () -> writtenVersion() == 1);
        return file;
    }

    /** That of the table itself, without what has changed since. */
    private long writtenVersion() {
        try {
            return Files.readAllLines(directory.resolve("routes")).stream()
                    .filter(line -> line.startsWith("version "))
                    .mapToLong(line -> Long.parseLong(line.substring("version ".length())))
                    .findFirst()
                    .orElse(-1);
        } catch (IOException e) {
            return -1; // none yet, or it is being replaced
        }
    }

    private long version() {
        return stored().map(table -> table.state().version()).orElse(-1L);
    }

    private Optional<StoredTable> stored() {
        return new TableFile(directory, "r1", NEVER, clock::get).load();
    }

    private List<HostPort> endpoints() {
        return stored().orElseThrow()
                .state()
                .table()
                .lookup("a.apps.io")
                .map(route -> route.endpoints())
                .orElse(List.of());
    }

    @Test
    void keepsTheTableForTheNextStart() throws IOException {
        written(NEVER);
        assertEquals(List.of(ONE, TWO), endpoints());
        assertEquals(clock.get(), stored().orElseThrow().atMillis());
    }

    @Test
    void knowsEachChangeBeforeItIsAcknowledged() throws IOException {
        TableFile file = written(NEVER);
        apply(file, state(2, TWO));
        assertEquals(List.of(TWO), endpoints());
        apply(file, state(3));
        assertEquals(List.of(), endpoints());
        apply(file, state(4, ONE));
        assertEquals(List.of(ONE), endpoints(), "a router without Redis serves by it");
        assertEquals(4, version(), "and can tell that a Redis was put back");
        apply(file, state(5, ONE));
        assertEquals(5, version(), "also by a version that has changed nothing for it");
        assertEquals(1, writtenVersion(), "the table itself is written at leisure");
    }

    @Test
    void losesNoChangeThatComesWhileTheTableIsWritten() throws IOException {
        TableFile file = file(Duration.ZERO);
        acknowledge(file, BOTH);
        for (int version = 2; version < 300; version++) {
            acknowledge(file, version % 2 == 0 ? state(version, ONE) : state(version, TWO));
            List<HostPort> expected = List.of(version % 2 == 0 ? ONE : TWO);
            assertEquals(expected, stored().isEmpty() ? expected : endpoints(), "version " + version);
        }
    }

    @Test
    void writesAgainAfterAPauseAndKeepsWhatHasLeftSince() throws IOException {
        TableFile file = written(Duration.ofHours(1));
        acknowledge(file, state(2, TWO));
        clock.addAndGet(Duration.ofHours(1).toMillis());
        Await.until(SOON, "the second table is written", () -> writtenVersion() == 2);
        assertEquals(List.of(TWO), endpoints());
        Await.until(SOON, "what is in it is not told twice", () -> !Files.exists(directory.resolve("routes.changes")));
        acknowledge(file, state(3, ONE));
        assertEquals(List.of(ONE), endpoints());
    }

    @Test
    void renewsItsDateWhenNothingChanges() throws IOException {
        TableFile file = written(Duration.ZERO);
        clock.addAndGet(Duration.ofHours(20).toMillis());
        file.acknowledged();
        Await.until(SOON, "the date is new", () -> stored().orElseThrow().atMillis() == clock.get());
        clock.addAndGet(Duration.ofHours(25).toMillis());
        assertTrue(stored().isEmpty(), "too old");
    }

    /** On a slow disk the table is there long before its writing has ended. */
    @Test
    void countsItsPauseFromTheBeginningOfAWriting() throws IOException {
        long later = clock.get() + Duration.ofHours(1).toMillis();
        TableFile file = file(Duration.ofHours(1), () -> writtenVersion() < 0 ? clock.get() : later);
        acknowledge(file, BOTH);
        Await.until(SOON, "the first table is written", () -> writtenVersion() == 1);
        acknowledge(file, state(2, TWO));
        Await.until(SOON, "the second table is written", () -> writtenVersion() == 2);
        clock.set(later);
        assertEquals(later, stored().orElseThrow().atMillis());
    }

    @Test
    void dropsWhatAnEarlierProcessHasLeft() throws IOException {
        written(NEVER).close();
        TableFile next = file(NEVER);
        assertEquals(List.of(ONE, TWO), endpoints(), "until the table of Redis is known");
        apply(next, state(5, TWO));
        next.claim();
        assertTrue(stored().isEmpty(), "what has left between the two processes is not known");
    }

    @Test
    void leavesTheFilesToTheProcessThatIsBeingReplaced() throws IOException {
        TableFile old = written(NEVER);
        TableFile next = file(NEVER);
        acknowledge(next, state(2, TWO));
        assertEquals(1, writtenVersion());
        old.close();
        acknowledge(next, state(2, TWO));
        Await.until(SOON, "the successor writes", () -> writtenVersion() == 2);
    }

    @Test
    void ignoresAFileThatIsNotWhole() throws IOException {
        written(NEVER);
        Path routes = directory.resolve("routes");
        String text = Files.readString(routes);
        Files.writeString(routes, text.substring(0, text.length() / 2));
        assertTrue(stored().isEmpty());
        Files.writeString(routes, "");
        assertTrue(stored().isEmpty());
        Files.write(routes, new byte[] {(byte) 0xff, 0, 1, 2, (byte) 0xfe});
        assertTrue(stored().isEmpty());
        Files.writeString(routes, text);
        Files.writeString(directory.resolve("routes.changes"), "route a.apps.io 10.0.0.\nnoapp a.apps.io");
        assertTrue(stored().isEmpty(), "who knows what else has changed");
    }

    @Test
    void acknowledgesNothingWhileTheDiskCannotForget() throws IOException {
        TableFile file = written(NEVER);
        Path changes = directory.resolve("routes.changes");
        Files.createDirectory(changes);
        Files.createFile(changes.resolve("x"));
        apply(file, state(2, TWO));
        assertThrows(IOException.class, file::secure);
        assertFalse(Files.exists(directory.resolve("routes")), "the table at least is gone");
        Files.delete(changes.resolve("x"));
        file.secure();
        assertTrue(stored().isEmpty());
    }
}
