package io.dinp.builder.core;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Decides, entry by entry, whether an archive may become an image. It stops at the first entry that would write outside
 * of the app's directory or that exceeds the limits, so a bomb is noticed before it is unpacked whole.
 */
public final class ArchiveCheck {
    /** The file that starts the app, at the root of a {@code .tar.gz}. */
    public static final String CONTROL = "control";

    /**
     * Bounds of an archive.
     *
     * @param bytes of content, unpacked
     * @param entries number of entries
     */
    public record Limits(long bytes, int entries) {
        /** 1 GiB and 10 000 entries. */
        public static final Limits DEFAULT = new Limits(1L << 30, 10_000);
    }

    private static final int LONGEST_PATH = 4096;

    private final ArchiveKind kind;
    private final Limits limits;
    private final Set<String> links = new HashSet<>();
    private final Set<String> files = new HashSet<>();
    private long bytes;
    private int entries;
    private boolean control;

    public ArchiveCheck(ArchiveKind kind, Limits limits) {
        this.kind = kind;
        this.limits = limits;
    }

    /** Looks at the next entry; the answer is what is wrong with it. */
    public Optional<String> next(ArchiveEntry entry) {
        entries++;
        bytes += Math.max(0, entry.size());
        if (entries > limits.entries()) {
            return Optional.of(
                    "the archive has more than " + limits.entries() + " entries, leave out what the app does not need");
        }
        if (bytes > limits.bytes()) {
            return Optional.of("the archive unpacks to more than " + (limits.bytes() >> 20)
                    + " MiB, leave out what the app does not need");
        }
        String path = normalized(entry.path());
        Optional<String> wrong = wrongPath(entry).or(() -> wrongLink(entry)).or(() -> throughLink(entry, path));
        switch (entry.type()) {
            case SYMLINK -> links.add(path);
            case FILE -> {
                files.add(path);
                control |= path.equals(CONTROL);
            }
            default -> {}
        }
        return wrong;
    }

    /** Looks at the archive as a whole, after its last entry; the answer is what is wrong with it. */
    public Optional<String> end() {
        if (entries == 0) {
            return Optional.of("the archive is empty");
        }
        if (kind == ArchiveKind.TAR_GZ && !control) {
            return Optional.of(
                    "the archive has no file 'control' at its root, pack the content of the app's folder and not the folder itself");
        }
        return Optional.empty();
    }

    private Optional<String> throughLink(ArchiveEntry entry, String path) {
        for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
            if (links.contains(path.substring(0, slash))) {
                return refused(entry, "lies behind a symbolic link of the archive, pack the folder itself");
            }
        }
        return Optional.empty();
    }

    /** The path without {@code .} parts and doubled or trailing slashes; empty for the root itself. */
    public static String normalized(String path) {
        Deque<String> parts = new ArrayDeque<>();
        for (String part : path.split("/")) {
            if (!part.isEmpty() && !part.equals(".")) {
                parts.addLast(part);
            }
        }
        return String.join("/", parts);
    }

    private static Optional<String> wrongPath(ArchiveEntry entry) {
        String path = entry.path();
        if (path.length() > LONGEST_PATH || entry.target().length() > LONGEST_PATH) {
            return Optional.of("an entry of the archive has a path of more than " + LONGEST_PATH + " characters");
        }
        if (path.startsWith("/")) {
            return refused(entry, "has an absolute path, pack with relative paths");
        }
        if (path.indexOf('\0') >= 0 || path.indexOf('\\') >= 0 || entry.target().indexOf('\0') >= 0) {
            return refused(entry, "has a backslash or a zero byte in a path, rename it");
        }
        if (hasParentPart(path)) {
            return refused(entry, "has '..' in its path, pack from within the app's folder");
        }
        if (entry.type() == ArchiveEntry.Type.OTHER) {
            return refused(entry, "is neither file, folder nor link, leave it out");
        }
        return Optional.empty();
    }

    private Optional<String> wrongLink(ArchiveEntry entry) {
        return switch (entry.type()) {
            case SYMLINK ->
                escapes(entry)
                        ? refused(
                                entry,
                                "is a symbolic link out of the app's folder (to '" + entry.target()
                                        + "'), link to files of the app only")
                        : Optional.empty();
            case HARDLINK ->
                entry.target().startsWith("/") || hasParentPart(entry.target())
                        ? refused(entry, "is a hard link out of the app's folder, link to files of the app only")
                        : wrongHardLink(entry, normalized(entry.target()));
            default -> Optional.empty();
        };
    }

    /** A second name of a symbolic link would lead elsewhere than the link that was looked at. */
    private Optional<String> wrongHardLink(ArchiveEntry entry, String target) {
        return files.contains(target) && !links.contains(target)
                ? throughLink(entry, target)
                : refused(entry, "is a hard link to no file before it in the archive");
    }

    /**
     * Whether a symbolic link leads above the root or, absolute, out of the app's directory. Upward steps count only at
     * the start of a target: further on, another link could be hidden before them.
     */
    private static boolean escapes(ArchiveEntry link) {
        String target = link.target();
        if (target.startsWith("/")) {
            return hasParentPart(target)
                    || !(target.equals(Dockerfiles.APP_DIR) || target.startsWith(Dockerfiles.APP_DIR + "/"));
        }
        String own = normalized(link.path());
        int depth = own.isEmpty() ? 0 : own.split("/").length - 1;
        String rest = normalized(target);
        while (rest.equals("..") || rest.startsWith("../")) {
            depth--;
            rest = rest.equals("..") ? "" : rest.substring("../".length());
        }
        return depth < 0 || hasParentPart(rest);
    }

    private static boolean hasParentPart(String path) {
        return ("/" + path + "/").contains("/../");
    }

    private static Optional<String> refused(ArchiveEntry entry, String why) {
        return Optional.of("the archive's entry '" + entry.path() + "' " + why);
    }
}
