package io.dinp.builder.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The working directories of builds, {@code build-<id>} in the temporary directory. */
public final class Workspaces {
    private static final List<String> OURS = List.of("build-", "upload-", "undertow");

    private Workspaces() {}

    /** The working directory of a build. */
    public static Path of(Path directory, long build) {
        return directory.resolve("build-" + build);
    }

    /** Removes a directory with all that is in it; fine when there is none. */
    public static void remove(Path work) throws IOException {
        if (!Files.exists(work)) {
            return;
        }
        List<Path> deepestFirst;
        try (Stream<Path> files = Files.walk(work)) {
            deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : deepestFirst) {
            Files.delete(file);
        }
    }

    /** Removes what a builder that ended in the middle has left behind. */
    public static void clean(Path directory) throws IOException {
        Files.createDirectories(directory);
        List<Path> left;
        try (Stream<Path> files = Files.list(directory)) {
            left = files.filter(
                            file -> OURS.stream().anyMatch(file.getFileName().toString()::startsWith))
                    .toList();
        }
        for (Path file : left) {
            remove(file);
        }
    }
}
