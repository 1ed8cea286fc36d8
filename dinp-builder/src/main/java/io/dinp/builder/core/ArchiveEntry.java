package io.dinp.builder.core;

/**
 * One entry of an archive, as far as its safety is concerned.
 *
 * @param path as the archive spells it
 * @param type what the entry would create
 * @param target of a link, else empty
 * @param size bytes of content
 */
public record ArchiveEntry(String path, Type type, String target, long size) {

    /** What an entry would create. */
    public enum Type {
        FILE,
        DIRECTORY,
        SYMLINK,
        HARDLINK,
        /** Devices, pipes and everything else that no web application needs. */
        OTHER
    }
}
