package io.dinp.agent.images;

import io.dinp.agent.core.FetchedImage;
import io.dinp.agent.core.FetchedImage.Use;
import io.dinp.agent.docker.DockerAway;
import io.dinp.agent.docker.DockerRefused;
import io.dinp.agent.docker.LocalImage;
import io.dinp.agent.docker.LocalImages;
import io.dinp.agent.journal.ImageFile;
import io.dinp.common.model.ImageRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which images this agent has fetched, and who wanted them when. Nothing else is ever removed. A removal holds the book, so an
 * instance that wants the image at that moment waits and finds it gone instead of losing it under its hands. Thread-safe.
 */
public final class ImageBook {
    private static final Logger log = LoggerFactory.getLogger(ImageBook.class);
    private static final int MOST = 1000;

    private final ImageFile file;
    private final Map<String, FetchedImage> images = new LinkedHashMap<>();
    private boolean dirty;

    /** Reads what was written last. */
    public ImageBook(ImageFile file) throws IOException {
        this.file = file;
        file.read().forEach(image -> images.put(image.id(), image));
    }

    /** Somebody wants an image that may be here, by its content or, with an empty digest, by its tag. */
    public synchronized void wanted(ImageRef image, String digest, Use use) {
        String name = digest.isEmpty() ? byTag(image) : image.byDigest(digest);
        images.replaceAll((id, one) -> one.isCalled(name) ? touched(one.used(use)) : one);
    }

    /**
     * Somebody has got an image; it enters the book only when it was not on the disk before.
     *
     * @param tagged whether it was asked for by its tag, which is this agent's doing then
     */
    public synchronized void got(LocalImage local, ImageRef image, boolean tagged, Use use) {
        FetchedImage known = images.get(local.id());
        if (known == null && !local.fetched()) {
            return;
        }
        List<String> names = Stream.of(
                        tagged ? byTag(image) : "", local.digest().isEmpty() ? "" : image.byDigest(local.digest()))
                .filter(name -> !name.isEmpty())
                .toList();
        FetchedImage next = known == null
                ? FetchedImage.of(local.id(), names, use)
                : known.called(names).used(use);
        images.put(local.id(), next);
        shrink();
        save();
    }

    /** All fetched images. */
    public synchronized List<FetchedImage> all() {
        return List.copyOf(images.values());
    }

    /** Forgets an image that is gone, or that somebody else has taken over. */
    public synchronized void forget(String id) {
        dirty |= images.remove(id) != null;
    }

    /**
     * Removes an image that nobody has wanted since it was chosen.
     *
     * @return false when somebody has
     */
    synchronized boolean remove(FetchedImage chosen, LocalImages engine)
            throws DockerAway, DockerRefused, InterruptedException {
        if (!chosen.equals(images.get(chosen.id()))) {
            return false;
        }
        engine.remove(chosen.id());
        images.remove(chosen.id());
        save();
        return true;
    }

    /** Puts the latest uses on disk. */
    public synchronized void flush() {
        if (dirty) {
            save();
        }
    }

    private FetchedImage touched(FetchedImage image) {
        dirty = true;
        return image;
    }

    private void shrink() {
        while (images.size() > MOST) {
            FetchedImage oldest = images.values().stream()
                    .min(Comparator.comparingLong(FetchedImage::lastUsed))
                    .orElseThrow();
            images.remove(oldest.id());
            log.warn("image book is full, an image is nobody's to remove any more names={}", oldest.names());
        }
    }

    /** A full disk is said, and stops no instance: the book is in memory, and is written again within a minute. */
    private void save() {
        try {
            file.write(all());
            dirty = false;
        } catch (UncheckedIOException e) {
            dirty = true;
            log.warn("image book is in memory only reason={}", e.getMessage());
        }
    }

    private static String byTag(ImageRef image) {
        return image.repository() + ":" + image.tag();
    }
}
