package io.dinp.router.log;

import io.dinp.router.core.AccessLog;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Formats and writes the access log on a thread of its own. What it cannot keep up with is dropped, counted, and announced in the log. */
public final class AccessLogWriter implements AccessLog, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AccessLogWriter.class);
    private static final int CAPACITY = 16 * 1024;
    private static final int BUFFER = 64 * 1024;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final EntryRing ring = new EntryRing(CAPACITY);
    private final LongAdder dropped = new LongAdder();
    private final Path file;
    private final EntryFormat format;
    private final OutputStream out;
    private final Thread thread = new Thread(this::run, "access-log");
    private volatile boolean closed;
    private boolean failing;

    /** @throws IOException when the file cannot be written */
    public AccessLogWriter(Path file, EntryFormat format) throws IOException {
        this.file = file;
        this.format = format;
        this.out = new BufferedOutputStream(
                Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND), BUFFER);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void add(Entry entry) {
        if (!ring.offer(entry)) {
            dropped.increment();
        }
    }

    @Override
    public long dropped() {
        return dropped.sum();
    }

    private void run() {
        long announced = 0;
        boolean last;
        do {
            last = closed;
            long lost = dropped.sum();
            if (lost > announced) {
                write(format.dropped(lost - announced));
                announced = lost;
            }
            writeAll();
            if (!last) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } while (!last);
    }

    private void writeAll() {
        for (Entry entry = ring.poll(); entry != null; entry = ring.poll()) {
            write(format.line(entry));
        }
        try {
            out.flush();
            failing = false;
        } catch (IOException e) {
            failed(e);
        }
    }

    private void write(String line) {
        try {
            out.write(line.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            failed(e);
        }
    }

    private void failed(IOException e) {
        if (!failing) {
            log.warn("access log cannot be written file={} reason={}", file, e.getMessage());
        }
        failing = true;
    }

    /** Writes what is left, within a second. */
    @Override
    public void close() throws IOException {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        out.close();
    }
}
