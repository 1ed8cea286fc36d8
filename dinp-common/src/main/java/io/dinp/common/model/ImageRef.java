package io.dinp.common.model;

import java.util.regex.Pattern;

/**
 * The name of an image as Docker understands it: {@code [registry/]repository[:tag][@digest]}.
 *
 * <p>The grammar is that of the distribution project's {@code reference} package.
 */
public record ImageRef(String value) {
    private static final String HOST = "(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::[0-9]{1,5})?/)?";
    private static final String PATH = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
    private static final Pattern SHAPE = Pattern.compile(
            HOST + PATH + "(?:/" + PATH + ")*(?::[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127})?(?:@sha256:[0-9a-f]{64})?");
    private static final int LONGEST = 255;

    public ImageRef {
        if (value == null || value.length() > LONGEST || !SHAPE.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "image '" + value + "': use [registry/]name[:tag], lower-case, at most " + LONGEST + " characters");
        }
    }

    /** Reads an image name; throws {@link IllegalArgumentException} naming the text. */
    public static ImageRef parse(String text) {
        return new ImageRef(text);
    }

    /** The registry's {@code host[:port]}, or an empty text for Docker Hub. */
    public String registry() {
        int slash = value.indexOf('/');
        if (slash < 0) {
            return "";
        }
        String first = value.substring(0, slash);
        return first.contains(".") || first.contains(":") || first.equals("localhost") ? first : "";
    }

    /** The name without tag and digest, with its registry. */
    public String repository() {
        String name = withoutDigest();
        int colon = name.lastIndexOf(':');
        return colon > name.lastIndexOf('/') ? name.substring(0, colon) : name;
    }

    /** The tag, {@code latest} when there is none. */
    public String tag() {
        String name = withoutDigest();
        int colon = name.lastIndexOf(':');
        return colon > name.lastIndexOf('/') ? name.substring(colon + 1) : "latest";
    }

    /** The same repository by content: {@code repository@sha256:…}. */
    public String byDigest(String digest) {
        return repository() + "@" + digest;
    }

    private String withoutDigest() {
        int at = value.indexOf('@');
        return at < 0 ? value : value.substring(0, at);
    }

    @Override
    public String toString() {
        return value;
    }
}
