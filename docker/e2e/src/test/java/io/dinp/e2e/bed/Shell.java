package io.dinp.e2e.bed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs a program to its end and gives back what it printed, so that a test bed that does not come up names the very call that
 * failed and its output.
 */
public final class Shell {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    /** What a program said (both streams, in order) and how it ended. */
    public record Result(int exit, String output) {
        /** Whether the program ended with 0. */
        public boolean ok() {
            return exit == 0;
        }
    }

    private Shell() {}

    /** Runs a program that must succeed; the answer is its trimmed output. */
    public static String run(String... command) {
        return run(Arrays.asList(command));
    }

    /** Runs a program that must succeed; the answer is its trimmed output. */
    public static String run(List<String> command) {
        Result result = attempt(command);
        if (!result.ok()) {
            throw new IllegalStateException(
                    String.join(" ", command) + " ended with " + result.exit() + ":\n" + result.output());
        }
        return result.output();
    }

    /** Runs a program whose failure is one of the expected outcomes. */
    public static Result attempt(String... command) {
        return attempt(Arrays.asList(command));
    }

    /** Runs a program whose failure is one of the expected outcomes. */
    public static Result attempt(List<String> command) {
        Path output = temporary();
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(String.join(" ", command) + " did not end within " + LIMIT);
            }
            return new Result(process.exitValue(), Files.readString(output).strip());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command.get(0), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + command.get(0), e);
        } finally {
            delete(output);
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempFile("dinp-e2e-", ".out");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
