package io.dinp.router.disk;

import io.dinp.common.daemon.Ticker;
import io.dinp.router.core.StoredTable;
import io.dinp.router.core.TableDiff;
import io.dinp.router.core.TableState;
import io.dinp.router.core.TableText;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last table on disk, from which a router serves that is started without Redis.
 *
 * <p>What it holds must never be older than what was acknowledged: the server leases an endpoint's port again on the strength of that, and ends
 * the instances of which the router knows the successors. The table itself is written at leisure, on a thread of its own, beside and renamed;
 * but each change is appended to a second file before the table with it is acknowledged, and is applied when the table is read. It is not
 * forced to the disk, since a slow disk must not keep the router from following: a power cut may cost its last seconds, and no agent leases a port
 * again so soon.
 */
public final class TableFile implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TableFile.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    /** Unchanged routes are written again after this time, for the sake of their date. */
    private static final long REFRESH_MILLIS = Duration.ofMinutes(10).toMillis();
    /** When more has changed since the last writing, the table is taken away instead; the next one is not far. */
    private static final int MOST_CHANGES = 10_000;
    /** So often is the table read again when it was replaced between the two files. */
    private static final int READS = 5;

    private static final int BUFFER = 64 * 1024;

    private final Path directory;
    private final Path table;
    private final Path changes;
    private final String router;
    private final long pauseMillis;
    private final LongSupplier clock;
    private final Ticker writer = new Ticker("table-file", TICK, this::writeWhenDue);

    private FileChannel lock;
    private TableState current = TableState.NOTHING;
    private long seenMillis;
    private TableState written;
    /** When the last writing began, epoch ms. */
    private long writtenMillis;
    /** What has changed since the table on disk, or the one that is being written, the oldest first. */
    private List<String> since = new ArrayList<>();
    /** Whether a table is on disk, or being written, that needs the changes. */
    private boolean kept;

    private boolean outdated;
    private boolean failing;

    /**
     * @param router this router's name
     * @param pause between two writings
     * @param clock epoch ms
     */
    public TableFile(Path directory, String router, Duration pause, LongSupplier clock) {
        this.directory = directory;
        this.table = directory.resolve("routes");
        this.changes = directory.resolve("routes.changes");
        this.router = router;
        this.pauseMillis = pause.toMillis();
        this.clock = clock;
    }

    public void start() {
        writer.start();
    }

    // ---- reading

    /** The table that was kept, when there is one and it may be served by; why not is said in the log. */
    public Optional<StoredTable> load() {
        try {
            StoredTable stored = readTable();
            Optional<String> objection = stored.objection(router, clock.getAsLong());
            objection.ifPresent(reason -> log.warn("the table on disk is not used file={} reason={}", table, reason));
            return objection.isPresent() ? Optional.empty() : Optional.of(stored);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
            log.warn("the table on disk cannot be read and is not used file={} reason={}", table, e.getMessage());
            return Optional.empty();
        }
    }

    /** Both files as they belong together: another process may write meanwhile, first the table and then what has changed since. */
    private StoredTable readTable() throws IOException {
        for (int i = 0; i < READS; i++) {
            Object before = identity();
            try (BufferedReader reader = Files.newBufferedReader(table)) {
                StoredTable stored = TableText.read(reader.lines().iterator(), readChanges());
                if (before.equals(identity())) {
                    return stored;
                }
            }
        }
        throw new IOException("it is replaced again and again");
    }

    private Object identity() throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(table, BasicFileAttributes.class);
        return List.of(attributes.fileKey(), attributes.lastModifiedTime());
    }

    private List<String> readChanges() throws IOException {
        try {
            return Files.readAllLines(changes);
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    // ---- writing

    /**
     * Takes the files over when no other process of this router has them, such as one that is being replaced and finishes its requests.
     * What they held is dropped: nobody knows what has left since.
     *
     * @throws IOException when what they hold cannot be dropped; then nothing may be acknowledged
     */
    public synchronized void claim() throws IOException {
        if (lock != null) {
            return;
        }
        FileChannel channel = openLock();
        if (channel == null) {
            return;
        }
        try {
            if (isFree(channel)) {
                drop();
                lock = channel;
            }
        } finally {
            if (lock != channel) {
                channel.close();
            }
        }
    }

    private FileChannel openLock() throws IOException {
        try {
            Files.createDirectories(directory);
            return FileChannel.open(
                    directory.resolve("routes.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            failed(e);
            if (Files.exists(table)) {
                throw e;
            }
            return null;
        }
    }

    private static boolean isFree(FileChannel channel) throws IOException {
        try {
            FileLock held = channel.tryLock();
            return held != null;
        } catch (OverlappingFileLockException e) {
            return false; // another router of this process, in tests
        }
    }

    /**
     * A table is in use from now on; {@link #secure} says whether it may be acknowledged.
     *
     * @param diff from the one before
     */
    public synchronized void applied(TableState next, TableDiff diff) {
        boolean news = !diff.isEmpty() || !next.isAsOf(current);
        current = next;
        if (lock == null || !kept || !news) {
            return;
        }
        List<String> lines = TableText.changes(next, diff);
        since.addAll(lines);
        try {
            if (since.size() > MOST_CHANGES) {
                drop();
            } else {
                append(lines, changes);
            }
        } catch (IOException e) {
            failed(e);
            outdated = true;
        }
    }

    /**
     * Makes sure that nothing on disk leads where the table in use does not.
     *
     * @throws IOException when that cannot be; then the table may not be acknowledged
     */
    public synchronized void secure() throws IOException {
        if (outdated) {
            drop();
            outdated = false;
        }
    }

    private static void append(List<String> entries, Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((String.join("\n", entries) + "\n").getBytes(StandardCharsets.UTF_8));
        try (FileChannel out = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        }
    }

    private void drop() throws IOException {
        kept = false;
        Files.deleteIfExists(table);
        syncDirectory();
        Files.deleteIfExists(changes);
        since.clear();
        written = null;
        writtenMillis = 0;
    }

    /** The server can see now that this router lives. */
    public synchronized void acknowledged() {
        seenMillis = clock.getAsLong();
        if (!kept && lock != null) {
            writer.signal(); // without a table on disk, this router depends on Redis
        }
    }

    private void writeWhenDue() {
        StoredTable next;
        List<String> before;
        long begun = clock.getAsLong();
        synchronized (this) {
            if (!isDue(begun)) {
                return;
            }
            next = new StoredTable(router, seenMillis, current);
            before = since;
            since = new ArrayList<>();
            kept = true;
        }
        boolean done = write(next);
        synchronized (this) {
            writtenMillis = begun; // when it was as it is on disk, not when the disk was done
            if (!kept) {
                dropAgain();
            } else if (done) {
                written = next.state();
                shortenChanges();
            } else {
                since.addAll(0, before);
            }
        }
    }

    /** The table was dropped while it was written, and with it what had changed meanwhile. */
    private void dropAgain() {
        try {
            drop();
        } catch (IOException e) {
            failed(e);
            outdated = true;
        }
    }

    private boolean isDue(long now) {
        if (lock == null || seenMillis == 0 || Math.abs(now - writtenMillis) < pauseMillis) {
            return false;
        }
        return !current.equals(written) || Math.abs(now - writtenMillis) >= REFRESH_MILLIS;
    }

    private boolean write(StoredTable next) {
        Path beside = directory.resolve("routes.new");
        try {
            try (FileChannel channel = FileChannel.open(
                            beside,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.TRUNCATE_EXISTING);
                    Writer out = new BufferedWriter(Channels.newWriter(channel, StandardCharsets.UTF_8), BUFFER)) {
                TableText.write(next, out);
                out.flush();
                channel.force(true);
            }
            replace(beside, table);
            failing = false;
            return true;
        } catch (IOException e) {
            failed(e);
            return false;
        }
    }

    /** What changed before the table was written is in it; a file that says so once more costs nothing but its reading. */
    private void shortenChanges() {
        try {
            if (since.isEmpty()) {
                Files.deleteIfExists(changes);
            } else {
                Path beside = directory.resolve("routes.changes.new");
                Files.deleteIfExists(beside);
                append(since, beside);
                replace(beside, changes);
            }
        } catch (IOException e) {
            failed(e);
        }
    }

    private void replace(Path beside, Path file) throws IOException {
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        syncDirectory();
    }

    /** A name that was changed is on the disk only when its directory is. */
    private void syncDirectory() throws IOException {
        try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    private void failed(IOException e) {
        if (!failing) {
            log.warn("the table cannot be kept on disk directory={} reason={}", directory, e.toString());
        }
        failing = true;
    }

    /** Stops writing and gives the files free. */
    @Override
    public void close() throws IOException {
        writer.close();
        synchronized (this) {
            if (lock != null) {
                lock.close();
                lock = null;
            }
        }
    }
}
