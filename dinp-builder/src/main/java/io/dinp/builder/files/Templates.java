package io.dinp.builder.files;

import io.dinp.builder.core.ArchiveKind;
import io.dinp.builder.core.Dockerfiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The Dockerfile templates of the configuration, read once at start so that a missing one is told then. */
public final class Templates {
    /** Marks a template that comes with the builder, such as {@code builtin:binary}. */
    public static final String BUILTIN = "builtin:";

    private final SortedMap<String, String> texts;

    private Templates(SortedMap<String, String> texts) {
        this.texts = texts;
    }

    /** Reads the template of one {@code tplmapping} value: a file, or one of ours. */
    public static String read(String location) throws IOException {
        if (!location.startsWith(BUILTIN)) {
            return Files.readString(Path.of(location));
        }
        String name = location.substring(BUILTIN.length());
        try (InputStream in = Templates.class.getResourceAsStream("/templates/" + name + ".tpl")) {
            if (in == null) {
                throw new NoSuchFileException(location);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The templates by the names of their bases. */
    public static Templates of(Map<String, String> texts) {
        return new Templates(new TreeMap<>(texts));
    }

    /** The bases and the archives that each takes. */
    public SortedMap<String, Set<ArchiveKind>> bases() {
        SortedMap<String, Set<ArchiveKind>> bases = new TreeMap<>();
        texts.forEach((name, text) -> bases.put(name, Dockerfiles.accepts(text)));
        return bases;
    }

    /** The text of a base's template; the base must be one of {@link #bases()}. */
    public String textOf(String base) {
        String text = texts.get(base);
        if (text == null) {
            throw new IllegalArgumentException("no template for base '" + base + "'");
        }
        return text;
    }
}
