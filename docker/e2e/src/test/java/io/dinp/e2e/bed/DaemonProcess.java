package io.dinp.e2e.bed;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dinp.e2e.client.RawHttp;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One daemon from its archive, started as an operator would by hand. Killed and started again it keeps its folder, as it would on
 * a real machine.
 */
public final class DaemonProcess {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final String name;
    private final Path folder;
    private final Path program;
    private final List<String> prefix;
    private final InetSocketAddress health;
    private Process process;
    private long started;
    private Path bootId;
    private Duration startTime = Duration.ZERO;

    /**
     * Prepares a daemon.
     *
     * @param name of the process, {@code agent-n1}
     * @param program the unpacked {@code bin/dinp-x}
     * @param namespace that the process joins; empty for the machine's own
     * @param health where {@code /health} answers
     */
    DaemonProcess(String name, Path folder, Path program, String namespace, InetSocketAddress health) {
        this.name = name;
        this.folder = folder;
        this.program = program;
        this.prefix = namespace.isEmpty() ? List.of() : List.of("nsenter", "--net=/var/run/netns/" + namespace);
        this.health = health;
    }

    /** The name of the process. */
    public String name() {
        return name;
    }

    /** Where it answers {@code /health}. */
    public InetSocketAddress address() {
        return health;
    }

    void configure(Map<String, Object> settings) {
        try {
            Files.createDirectories(folder);
            new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(config().toFile(), settings);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the configuration of " + name, e);
        }
    }

    /** Starts the daemon without waiting. */
    public void start() {
        started = System.nanoTime();
        try {
            process = new ProcessBuilder(command())
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + program, e);
        }
    }

    /** Whether its process is there. */
    public boolean alive() {
        return process != null && process.isAlive();
    }

    /** Starts the daemon and waits until it is healthy. */
    public void startAndWait() {
        start();
        awaitHealthy();
    }

    /** Waits for {@code 200} from {@code /health}. */
    public void awaitHealthy() {
        Await.until(START_LIMIT, name + " is healthy", this::healthyWhileAlive, this::tail);
        startTime = Await.since(started);
    }

    /** Whether {@code /health} answers 200. */
    public boolean healthy() {
        try {
            return health().status() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** What {@code /health} answers. */
    public RawHttp.Answer health() throws IOException {
        return RawHttp.once(health, RawHttp.Call.get(health.getHostString(), "/health"), 2000);
    }

    /** SIGKILL. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** SIGSTOP: it keeps its connections and does nothing. */
    public void pause() {
        Signals.stop(process.pid());
    }

    /** SIGCONT. */
    public void resume() {
        Signals.go(process.pid());
    }

    /** From its next start on the daemon sees another boot of its machine: the kernel's file is covered for it alone. */
    void boot() {
        try {
            bootId = Files.writeString(folder.resolve("boot_id"), UUID.randomUUID() + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGTERM, and SIGKILL when that does not help. */
    void stop() {
        if (process == null) {
            return;
        }
        process.destroy();
        awaitEnd();
    }

    /** Runs a sub-command of the daemon to its end, with this on its standard input. */
    public String command(String input, String... arguments) {
        try {
            List<String> words =
                    Stream.concat(command().stream(), Stream.of(arguments)).toList();
            Process command =
                    new ProcessBuilder(words).redirectErrorStream(true).start();
            command.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
            command.getOutputStream().close();
            String output = new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (command.waitFor() != 0) {
                throw new IllegalStateException(words + " ended with " + command.exitValue() + ":\n" + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Resident memory in MB, for the figures. */
    public long residentMb() {
        try {
            return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How long after its last start the daemon was seen healthy. */
    public Duration startTime() {
        return startTime;
    }

    /** The last lines of its log. */
    public String tail() {
        return Logs.tail(log(), 25);
    }

    private boolean healthyWhileAlive() {
        if (!process.isAlive()) {
            throw new AssertionError(name + " ended with " + process.exitValue() + tail());
        }
        return healthy();
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }

    private List<String> command() {
        // A session of its own, as a service manager gives it: the kernel shares a busy machine out by sessions.
        List<String> words = new ArrayList<>(List.of("setsid"));
        words.addAll(prefix);
        if (bootId != null) {
            String cover = "mount --bind \"$0\" /proc/sys/kernel/random/boot_id && exec \"$@\"";
            words.addAll(List.of("unshare", "--mount", "sh", "-c", cover, bootId.toString()));
        }
        words.addAll(List.of(program.toString(), "-c", config().toString()));
        return words;
    }

    private Path config() {
        return folder.resolve("cfg.json");
    }

    private Path log() {
        return folder.resolve("log.txt");
    }
}
