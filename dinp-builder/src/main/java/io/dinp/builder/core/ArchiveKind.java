package io.dinp.builder.core;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The kinds of archive that a user may bring, told by the end of the name as in the contract. */
public enum ArchiveKind {
    /** A gzipped tar with {@code control} at its root. */
    TAR_GZ(".tar.gz"),
    /** A Java web application. */
    WAR(".war");

    private final String suffix;

    ArchiveKind(String suffix) {
        this.suffix = suffix;
    }

    /** The end of the name, with its dot. */
    public String suffix() {
        return suffix;
    }

    /** The kind that a file name or an address promises. */
    public static Optional<ArchiveKind> ofName(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(kind -> lower.endsWith(kind.suffix) && lower.length() > kind.suffix.length())
                .findFirst();
    }
}
