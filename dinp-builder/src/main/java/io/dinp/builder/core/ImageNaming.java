package io.dinp.builder.core;

import io.dinp.common.model.ImageRef;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Names of the images we make: {@code <registry>/<user>/<app>:<version>}, the repository lower-cased (contract). The
 * form's rule for app names is wider than a registry's rule for repositories, so some names are refused here.
 */
public final class ImageNaming {
    /** A path component of a repository: OCI distribution specification, "Pulling manifests". */
    private static final Pattern COMPONENT = Pattern.compile("[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*");

    private final String registry;

    /** Names in the registry at {@code registry}, such as {@code 10.0.0.1:5000}. */
    public ImageNaming(String registry) {
        this.registry = registry;
    }

    /**
     * The name of the image of one build.
     *
     * @throws IllegalArgumentException when user or app makes no repository; names field, value and remedy
     */
    public ImageRef imageOf(String user, String app, String version) {
        return ImageRef.parse(registry + "/" + component("user", user) + "/" + component("app", app) + ":" + version);
    }

    private static String component(String field, String value) {
        String lower = value.toLowerCase(Locale.ROOT);
        if (!COMPONENT.matcher(lower).matches()) {
            throw new IllegalArgumentException(field + ": '" + value
                    + "' makes no image name, use letters and digits at both ends and single . _ - between them");
        }
        return lower;
    }
}
