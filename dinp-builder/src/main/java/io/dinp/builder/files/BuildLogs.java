package io.dinp.builder.files;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The logs of all builds, one file each in the log directory; readers see a running build's log grow. */
public final class BuildLogs {
    private static final long LONGEST_LOG = 8L << 20;
    private static final int SHOWN = 256 << 10;

    private final Path directory;

    public BuildLogs(Path directory) {
        this.directory = directory;
    }

    /** The file name of a build's log, as stored in {@code build.log_path}. */
    public static String nameOf(long build) {
        return "build-" + build + ".log";
    }

    /** Opens the log of a new build for writing. */
    public Log open(long build) throws IOException {
        Files.createDirectories(directory);
        return new Log(Files.newOutputStream(fileOf(build)));
    }

    /** The log so far, its last 256 KiB when it is longer; empty when there is none. */
    public String read(long build) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(fileOf(build).toFile(), "r")) {
            long length = file.length();
            long from = Math.max(0, length - SHOWN);
            byte[] bytes = new byte[(int) (length - from)];
            file.seek(from);
            file.readFully(bytes);
            String text = new String(bytes, StandardCharsets.UTF_8);
            return from == 0
                    ? text
                    : "… (earlier lines are in the builder's log directory)\n" + text.substring(text.indexOf('\n') + 1);
        } catch (FileNotFoundException e) {
            return "";
        }
    }

    /** Removes a build's log; fine when there is none. */
    public void delete(long build) throws IOException {
        Files.deleteIfExists(fileOf(build));
    }

    private Path fileOf(long build) {
        return directory.resolve(nameOf(build));
    }

    /** The log of one running build; what exceeds 8 MiB is dropped with a note. */
    public static final class Log implements AutoCloseable {
        private final OutputStream out;
        private long written;

        private Log(OutputStream out) {
            this.out = out;
        }

        /** Appends text as it is; seen by readers at once. */
        public synchronized void write(String text) {
            if (written >= LONGEST_LOG) {
                return;
            }
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            written += bytes.length;
            put(bytes);
            if (written >= LONGEST_LOG) {
                put("\n… the log is longer than 8 MiB, the rest is dropped\n".getBytes(StandardCharsets.UTF_8));
            }
        }

        /** Appends a line of the builder's own. */
        public void line(String text) {
            write("==> " + text + "\n");
        }

        private void put(byte[] bytes) {
            try {
                out.write(bytes);
                out.flush();
            } catch (IOException e) {
                throw new UncheckedIOException("the build log cannot be written", e);
            }
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }
}
