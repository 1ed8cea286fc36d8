package io.dinp.server.core;

/** A change that somebody thinks about before making it. */
public sealed interface Change {

    /** A node dies. */
    record NodeDown(String ip) implements Change {}

    /**
     * An app's row is written, as a deploy or a scale would; what is null stays as it is.
     *
     * @param memoryMb memory limit in MB
     */
    record Deploy(String app, String image, Integer memoryMb, Integer instances) implements Change {}
}
