package io.dinp.common.model;

/**
 * An order to an agent: have an image ready, because instances of it are to come. The same order twice is one.
 *
 * @param image text of the app's row
 * @param digest the image's content when it is known, else empty: ask for the tag
 * @param app whose instances are to come
 * @param revision of which revision
 * @param wish what the image is wanted for, such as one try of a deploy: a pull that has failed is begun again only for another
 */
public record ImageOrder(String image, String digest, String app, String revision, String wish) {

    public ImageOrder {
        image = orEmpty(image);
        digest = orEmpty(digest);
        app = orEmpty(app);
        revision = orEmpty(revision);
        wish = orEmpty(wish);
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }
}
