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
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is on disk never leads to an endpoint whose removal was acknowledged. */
class TableFileTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration NEVER = Duration.ofDays(1);
    private static final HostPort ONE = new HostPort("10.0.0.1", 80);
    private static final HostPort TWO = new HostPort("10.0.0.2", 80);
    private static final TableState BOTH = state(1, ONE, TWO);

    private final AtomicLong clock = new AtomicLong(1_700_000_000_000L);
    private final List<TableFile> open = new ArrayList<>();

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
        TableFile file = new TableFile(directory, "r1", pause, clock::get);
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

    /** As the loop does it. */
    private static void acknowledge(TableFile file, TableState state, HostPort... left) throws IOException {
        file.applied(state, Set.of(left));
        file.claim();
        file.secure();
        file.acknowledged();
    }

    private TableFile written(Duration pause) throws IOException {
        TableFile file = file(pause);
        acknowledge(file, BOTH);
        Await.until(SOON, "the first table is written", () -> version() == 1);
        return file;
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
    void forgetsAnEndpointBeforeItsRemovalIsAcknowledged() throws IOException {
        TableFile file = written(NEVER);
        file.applied(state(2, TWO), Set.of(ONE));
        assertEquals(List.of(TWO), endpoints());
        file.applied(state(3), Set.of(TWO));
        assertEquals(List.of(), endpoints());
        assertEquals(1, version(), "the table itself is written at leisure");
    }

    @Test
    void writesAgainAfterAPauseAndKeepsWhatHasLeftSince() throws IOException {
        TableFile file = written(Duration.ofHours(1));
        acknowledge(file, state(2, TWO), ONE);
        clock.addAndGet(Duration.ofHours(1).toMillis());
        Await.until(SOON, "the second table is written", () -> version() == 2);
        assertEquals(List.of(TWO), endpoints());
        Await.until(SOON, "what had left is forgotten", () -> !Files.exists(directory.resolve("routes.gone")));
        acknowledge(file, state(3, ONE), TWO);
        assertEquals(List.of(), endpoints(), "an endpoint that came back is there after the next writing");
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

    @Test
    void dropsWhatAnEarlierProcessHasLeft() throws IOException {
        written(NEVER).close();
        TableFile next = file(NEVER);
        assertEquals(List.of(ONE, TWO), endpoints(), "until the table of Redis is known");
        next.applied(state(5, TWO), Set.of());
        next.claim();
        assertTrue(stored().isEmpty(), "what has left between the two processes is not known");
    }

    @Test
    void leavesTheFilesToTheProcessThatIsBeingReplaced() throws IOException {
        TableFile old = written(NEVER);
        TableFile next = file(NEVER);
        acknowledge(next, state(2, TWO));
        assertEquals(1, version());
        old.close();
        acknowledge(next, state(2, TWO));
        Await.until(SOON, "the successor writes", () -> version() == 2);
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
        Files.writeString(directory.resolve("routes.gone"), "10.0.0.");
        assertTrue(stored().isEmpty(), "who knows what else has left");
    }

    @Test
    void acknowledgesNothingWhileTheDiskCannotForget() throws IOException {
        TableFile file = written(NEVER);
        Path gone = directory.resolve("routes.gone");
        Files.createDirectory(gone);
        Files.createFile(gone.resolve("x"));
        file.applied(state(2, TWO), Set.of(ONE));
        assertThrows(IOException.class, file::secure);
        assertFalse(Files.exists(directory.resolve("routes")), "the table at least is gone");
        Files.delete(gone.resolve("x"));
        file.secure();
        assertTrue(stored().isEmpty());
    }
}
