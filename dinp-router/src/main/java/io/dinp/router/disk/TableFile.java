package io.dinp.router.disk;

import io.dinp.common.daemon.Ticker;
import io.dinp.common.model.HostPort;
import io.dinp.router.core.StoredTable;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last table on disk, from which a router serves that is started without Redis.
 *
 * <p>What it holds must never be older than what was acknowledged: the server leases an endpoint's port again on the strength of that. The
 * table itself is written at leisure, on a thread of its own, beside and renamed; but endpoints that leave are appended to a second file
 * before the table that lacks them is acknowledged. What is in that file is left out when the table is read. It is not forced to the disk,
 * since a slow disk must not keep the router from following: a power cut may cost its last seconds, and no agent leases a port again so soon.
 */
public final class TableFile implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TableFile.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    /** Unchanged routes are written again after this time, for the sake of their date. */
    private static final long REFRESH_MILLIS = Duration.ofMinutes(10).toMillis();
    /** When more has left since the last writing, the table is taken away instead; the next one is not far. */
    private static final int MOST_GONE = 10_000;

    private static final int BUFFER = 64 * 1024;

    private final Path directory;
    private final Path table;
    private final Path gone;
    private final String router;
    private final long pauseMillis;
    private final LongSupplier clock;
    private final Ticker writer = new Ticker("table-file", TICK, this::writeWhenDue);

    private FileChannel lock;
    private TableState current;
    private long seenMillis;
    private TableState written;
    private long writtenMillis;
    private List<HostPort> goneSince = new ArrayList<>();
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
        this.gone = directory.resolve("routes.gone");
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
            Set<HostPort> left = readGone(); // before the table: one that is written meanwhile lacks them anyway
            StoredTable stored = readTable(left);
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

    private Set<HostPort> readGone() throws IOException {
        Set<HostPort> left = new HashSet<>();
        try {
            Files.readAllLines(gone).forEach(line -> left.add(HostPort.parse(line)));
        } catch (NoSuchFileException e) {
            log.debug("no endpoint has left since the table was written");
        }
        return left;
    }

    private StoredTable readTable(Set<HostPort> left) throws IOException {
        try (BufferedReader reader = Files.newBufferedReader(table)) {
            return TableText.read(reader.lines().iterator(), left);
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
     * @param left endpoints to which it does not lead any more
     */
    public synchronized void applied(TableState next, Collection<HostPort> left) {
        current = next;
        if (lock == null || left.isEmpty() || !Files.exists(table)) {
            return;
        }
        goneSince.addAll(left);
        try {
            if (goneSince.size() > MOST_GONE) {
                drop();
            } else {
                append(left, gone);
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

    private static void append(Collection<HostPort> endpoints, Path file) throws IOException {
        StringBuilder lines = new StringBuilder();
        endpoints.forEach(endpoint -> lines.append(endpoint).append('\n'));
        ByteBuffer bytes = ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.US_ASCII));
        try (FileChannel out = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        }
    }

    private void drop() throws IOException {
        Files.deleteIfExists(table);
        syncDirectory();
        Files.deleteIfExists(gone);
        goneSince.clear();
        written = null;
        writtenMillis = 0;
    }

    /** The server can see now that this router lives. */
    public synchronized void acknowledged() {
        seenMillis = clock.getAsLong();
    }

    private void writeWhenDue() {
        StoredTable next;
        List<HostPort> before;
        synchronized (this) {
            if (!isDue(clock.getAsLong())) {
                return;
            }
            next = new StoredTable(router, seenMillis, current);
            before = goneSince;
            goneSince = new ArrayList<>();
        }
        boolean done = write(next);
        synchronized (this) {
            writtenMillis = clock.getAsLong();
            if (done) {
                written = next.state();
                shortenGone();
            } else {
                goneSince.addAll(before);
            }
        }
    }

    private boolean isDue(long now) {
        if (lock == null || current == null || seenMillis == 0 || Math.abs(now - writtenMillis) < pauseMillis) {
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

    /** What left before the table was written is not in it; a file that says so still costs endpoints, not safety. */
    private void shortenGone() {
        try {
            if (goneSince.isEmpty()) {
                Files.deleteIfExists(gone);
            } else {
                Path beside = directory.resolve("routes.gone.new");
                Files.deleteIfExists(beside);
                append(goneSince, beside);
                replace(beside, gone);
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
