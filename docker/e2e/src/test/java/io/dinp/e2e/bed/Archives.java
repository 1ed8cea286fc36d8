package io.dinp.e2e.bed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** The daemons' archives as {@code mvn package} has left them, and their unpacked programs. */
final class Archives {
    private static final Map<String, String> MODULES = Map.of("uic", "dash");

    private final Path project;
    private final Path target;

    Archives(Path project, Path target) {
        this.project = project;
        this.target = target;
    }

    /** Unpacks a daemon's archive and gives its {@code bin/dinp-x}. */
    Path unpack(String daemon) {
        Path archive = archive(daemon);
        try {
            Files.createDirectories(target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Shell.run("tar", "-xzf", archive.toString(), "-C", target.toString());
        String folder = archive.getFileName().toString().replace(".tar.gz", "");
        return target.resolve(folder).resolve("bin").resolve("dinp-" + daemon);
    }

    private Path archive(String daemon) {
        Path built =
                project.resolve("dinp-" + MODULES.getOrDefault(daemon, daemon)).resolve("target");
        try (Stream<Path> files = Files.list(built)) {
            return files.filter(file -> file.getFileName().toString().matches("dinp-" + daemon + "-.*\\.tar\\.gz"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no archive of dinp-" + daemon + " in " + built));
        } catch (IOException e) {
            throw new UncheckedIOException("mvn package has not been run", e);
        }
    }
}
