package io.dinp.agent.journal;

import io.dinp.agent.core.FetchedImage;
import io.dinp.common.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The list of the images that this agent has fetched, on disk. What it has lost it takes for somebody else's and leaves alone. */
public final class ImageFile {
    private static final Logger log = LoggerFactory.getLogger(ImageFile.class);

    private final Path file;

    /** In the agent's state directory. */
    public ImageFile(Path stateDir) {
        this.file = stateDir.resolve("images.json");
    }

    /**
     * The file's content.
     *
     * @param images all fetched images
     */
    private record Saved(List<FetchedImage> images) {}

    /** What was written last; nothing, with one line in the log, when it is unreadable. */
    public List<FetchedImage> read() throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            return List.copyOf(Json.read(Files.readAllBytes(file), Saved.class).images());
        } catch (RuntimeException | IOException e) {
            log.warn(
                    "image book set aside, the images fetched so far are nobody's to remove file={} reason={}",
                    DurableFile.setAside(file),
                    String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
            return List.of();
        }
    }

    /**
     * Puts the list on disk before it returns.
     *
     * @throws UncheckedIOException when the disk refuses
     */
    public void write(List<FetchedImage> images) {
        try {
            DurableFile.write(file, Json.writeBytes(new Saved(images)));
        } catch (IOException e) {
            throw new UncheckedIOException("image book: " + e.getMessage(), e);
        }
    }
}
