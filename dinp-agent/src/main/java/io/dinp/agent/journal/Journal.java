package io.dinp.agent.journal;

import io.dinp.agent.core.Entry;
import io.dinp.common.daemon.Health;
import io.dinp.common.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The orders of this node, one file for each instance, so that what the server was told survives the agent and the machine.
 * The directory is locked: a second agent on the same one is refused.
 */
public final class Journal implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Journal.class);
    private static final String SUFFIX = ".json";
    private static final String PART = "journal";

    private final Path directory;
    private final FileChannel lockFile;
    private final FileLock lock;
    private final Health health;

    private Journal(Path directory, FileChannel lockFile, FileLock lock, Health health) {
        this.health = health;
        this.directory = directory;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /**
     * Opens the journal within the agent's state directory, which is created when missing.
     *
     * @throws IOException when the directory cannot be used or another agent uses it
     */
    public static Journal open(Path stateDir, Health health) throws IOException {
        DurableFile.createDirectory(stateDir);
        Path directory = stateDir.resolve("instances");
        DurableFile.createDirectory(directory);
        FileChannel file =
                FileChannel.open(stateDir.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = tryLock(file);
        if (lock == null) {
            file.close();
            throw new IOException("stateDir " + stateDir + " is in use by another agent");
        }
        return new Journal(directory, file, lock, health);
    }

    /** All entries; a file that is cut off or no entry is set aside with one line in the log. */
    public List<Entry> load() throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (Path file : files()) {
            if (DurableFile.isHalfWritten(file)) {
                log.warn("half-written journal file removed, what was before it counts file={}", file);
                Files.delete(file);
            } else if (file.toString().endsWith(SUFFIX)) {
                Entry entry = read(file);
                if (entry != null) {
                    entries.add(entry);
                }
            }
        }
        return entries;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /**
     * Puts the entry on disk before it returns.
     *
     * @throws UncheckedIOException when the disk refuses
     */
    public void write(Entry entry) {
        try {
            DurableFile.write(file(entry.instance()), Json.writeBytes(entry));
            health.ok(PART);
        } catch (IOException e) {
            health.problem(PART, "cannot be written: " + e);
            throw new UncheckedIOException("journal: " + e.getMessage(), e);
        }
    }

    /**
     * Puts on disk what has become of an instance. What has happened has happened: a full disk is said in {@code /health} and
     * stops nothing.
     */
    public void note(Entry entry) {
        try {
            write(entry);
        } catch (UncheckedIOException e) {
            log.debug("entry is in memory only instance={}", entry.instance(), e);
        }
    }

    /** Forgets the instance for good. */
    public void remove(String instance) {
        try {
            DurableFile.delete(file(instance));
        } catch (IOException e) {
            throw new UncheckedIOException("journal: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        lock.release();
        lockFile.close();
    }

    private Path file(String instance) {
        return directory.resolve(instance + SUFFIX);
    }

    private static FileLock tryLock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException e) {
            log.debug("the lock is held within this process", e);
            return null;
        }
    }

    private static Entry read(Path file) throws IOException {
        try {
            Entry entry = Json.read(Files.readAllBytes(file), Entry.class);
            if (entry.state() != null && file.getFileName().toString().equals(entry.instance() + SUFFIX)) {
                return entry;
            }
            log.warn("journal file set aside file={} reason=no entry of that name", DurableFile.setAside(file));
        } catch (RuntimeException | IOException e) {
            log.warn("journal file set aside file={} reason={}", DurableFile.setAside(file), firstLine(e));
        }
        return null;
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
