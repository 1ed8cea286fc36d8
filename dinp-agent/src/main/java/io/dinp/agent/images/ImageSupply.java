package io.dinp.agent.images;

import io.dinp.agent.core.FetchedImage.Use;
import io.dinp.agent.docker.DockerAway;
import io.dinp.agent.docker.DockerRefused;
import io.dinp.agent.docker.LocalImage;
import io.dinp.agent.docker.LocalImages;
import io.dinp.common.model.ImageRef;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** The one way by which images come to the node for instances: what is fetched is written down, what is wanted stays. */
public final class ImageSupply {
    private final LocalImages images;
    private final ImageBook book;
    private final LongSupplier clock;

    /**
     * From the engine's registry accounts.
     *
     * @param clock epoch milliseconds
     */
    public ImageSupply(LocalImages images, ImageBook book, LongSupplier clock) {
        this.images = images;
        this.book = book;
        this.clock = clock;
    }

    /**
     * Sees to it that the image is here and answers its digest, empty for an image that never was in a registry.
     *
     * @param digest the content when it is known, else empty: the tag is asked for
     * @param cancelled looked at while it pulls
     */
    public String supply(String app, String revision, ImageRef image, String digest, BooleanSupplier cancelled)
            throws DockerAway, DockerRefused, InterruptedException {
        book.wanted(image, digest, new Use(app, revision, clock.getAsLong()));
        LocalImage local = images.ensure(image, digest, cancelled);
        book.got(local, image, digest.isEmpty(), new Use(app, revision, clock.getAsLong()));
        return local.digest();
    }
}
