package io.dinp.router;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** A router's name in Redis. It outlives restarts, so that the server does not take a restarted router for a further one. */
final class RouterId {
    private RouterId() {}

    /**
     * The configured name, or the one kept in the directory, made when there is none yet.
     *
     * @throws IOException when it cannot be kept
     */
    static String of(String configured, Path directory) throws IOException {
        if (!configured.isEmpty()) {
            return configured;
        }
        Path file = directory.resolve("router-id");
        if (Files.exists(file)) {
            String kept = Files.readString(file).strip();
            if (!kept.isEmpty()) {
                return kept;
            }
        }
        String made = UUID.randomUUID().toString();
        Files.createDirectories(directory);
        Path beside = Files.writeString(directory.resolve("router-id.new"), made + "\n");
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return made;
    }
}
