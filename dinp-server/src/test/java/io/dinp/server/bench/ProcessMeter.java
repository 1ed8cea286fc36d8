package io.dinp.server.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a process has cost since the meter was made, as the kernel counts it. */
final class ProcessMeter {

    private static final double LEAST_SHOWN = 0.1;

    private final Path proc;
    private final long begunAt = System.nanoTime();
    private final Map<String, Long> before;

    ProcessMeter(long pid) {
        this.proc = Path.of("/proc/" + pid);
        this.before = nanosByThread();
    }

    /** Per cent of one processor, of all its threads together. */
    double percent() {
        return share(nanos());
    }

    /** Time on a processor in ms, of all its threads together. */
    double millis() {
        return nanos() / 1e6;
    }

    private long nanos() {
        return nanosByThread().entrySet().stream()
                .mapToLong(entry -> entry.getValue() - before.getOrDefault(entry.getKey(), 0L))
                .sum();
    }

    /** The same by the names of the threads, without their numbers; the dearest first. */
    String byThread() {
        Map<String, Long> groups = new TreeMap<>();
        nanosByThread()
                .forEach((key, nanos) -> groups.merge(
                        key.substring(key.indexOf(' ') + 1).replaceAll("[-#_ ]*\\d+$", ""),
                        nanos - before.getOrDefault(key, 0L),
                        Long::sum));
        return groups.entrySet().stream()
                .filter(entry -> share(entry.getValue()) >= LEAST_SHOWN)
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .map(entry -> String.format("%s %.1f", entry.getKey(), share(entry.getValue())))
                .collect(Collectors.joining(", "));
    }

    private double share(long nanos) {
        return nanos * 100.0 / (System.nanoTime() - begunAt);
    }

    /** Resident memory in MB. */
    long residentMb() {
        return read(proc.resolve("status"))
                .lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .sum();
    }

    /** Time on a processor of each thread, by its number and name; clock ticks would hide a thousand threads that do little. */
    private Map<String, Long> nanosByThread() {
        Map<String, Long> nanos = new HashMap<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(proc.resolve("task"))) {
            for (Path task : tasks) {
                String stat = read(task.resolve("schedstat"));
                if (!stat.isEmpty()) {
                    String name = read(task.resolve("comm")).strip();
                    nanos.put(task.getFileName() + " " + name, Long.parseLong(stat.split(" ")[0]));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return nanos;
    }

    /** A thread may end between the listing and the reading. */
    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("No such process")) {
                return "";
            }
            throw new UncheckedIOException(e);
        }
    }
}
