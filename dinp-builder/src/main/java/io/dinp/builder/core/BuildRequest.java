package io.dinp.builder.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What a user asks to be built, checked in full before anything is stored or fetched.
 *
 * @param app name of the app, {@value #APP_RULE}
 * @param version digits and dots, becomes the image's tag
 * @param resume free text about this version
 * @param base name of the Dockerfile template
 * @param source where the archive comes from
 */
public record BuildRequest(String app, String version, String resume, String base, Source source) {
    static final String APP_RULE = "a letter or _ first, then letters, digits, - and _";

    private static final Pattern APP = Pattern.compile("[a-zA-Z_]+[a-zA-Z0-9\\-_]*");
    private static final Pattern VERSION = Pattern.compile("[0-9]+[0-9.]*");
    private static final int LONGEST_NAME = 64;
    private static final int LONGEST_RESUME = 255;
    private static final int LONGEST_TARBALL = 1024;
    private static final int SHOWN = 80;

    /** Where the archive comes from. */
    public sealed interface Source {
        /** The archive as {@code build.tarball} names it. */
        String name();

        /** What kind of archive the name promises; a request is valid only with a known one. */
        default ArchiveKind kind() {
            return ArchiveKind.ofName(name()).orElseThrow();
        }
    }

    /** The archive came with the request under this file name. */
    public record Upload(String name) implements Source {}

    /** The archive is fetched by the builder from this address. */
    public record Url(String name) implements Source {}

    /** What became of a form: the request, or all that is wrong with it. */
    public sealed interface Outcome {}

    /** The form was right. */
    public record Valid(BuildRequest request) implements Outcome {}

    /** The form was wrong; each message names the field, its value and the remedy. */
    public record Invalid(List<String> messages) implements Outcome {}

    /**
     * Reads a form.
     *
     * @param fields form fields app, version, resume, base and tarball (the address), each may be absent
     * @param uploadName file name of the uploaded archive, empty when none came
     * @param bases the known bases and the kinds of archive that each takes
     */
    public static Outcome parse(
            Map<String, String> fields, Optional<String> uploadName, Map<String, Set<ArchiveKind>> bases) {
        List<String> wrong = new ArrayList<>();
        String app = field(fields, "app");
        String version = field(fields, "version");
        String resume = field(fields, "resume");
        String base = field(fields, "base");
        check(wrong, fits(APP, app), "app", app, "use " + APP_RULE + ", at most " + LONGEST_NAME);
        check(wrong, fits(VERSION, version), "version", version, "use digits and dots such as 1.0.3");
        check(wrong, resume.length() <= LONGEST_RESUME, "resume", resume, "use at most 255 characters");
        check(wrong, bases.containsKey(base), "base", base, "choose one of " + new TreeSet<>(bases.keySet()));
        Optional<Source> source = source(field(fields, "tarball"), uploadName.map(String::strip), wrong);
        source.ifPresent(s -> check(
                wrong,
                bases.getOrDefault(base, Set.of(s.kind())).contains(s.kind()),
                "file",
                s.name(),
                "the base " + base + " takes " + suffixes(bases.getOrDefault(base, Set.of()))));
        if (!wrong.isEmpty()) {
            return new Invalid(List.copyOf(wrong));
        }
        return new Valid(new BuildRequest(app, version, resume, base, source.orElseThrow()));
    }

    private static Optional<Source> source(String url, Optional<String> uploadName, List<String> wrong) {
        Optional<String> file = uploadName.filter(name -> !name.isEmpty());
        if (file.isPresent() == !url.isEmpty()) {
            wrong.add("file: give either a file or a tarball URL, " + (url.isEmpty() ? "none came" : "both came"));
            return Optional.empty();
        }
        Source source = file.<Source>map(Upload::new).orElseGet(() -> new Url(url));
        String field = file.isPresent() ? "file" : "tarball";
        int before = wrong.size();
        check(
                wrong,
                ArchiveKind.ofName(source.name()).isPresent(),
                field,
                source.name(),
                "its name must end in .tar.gz or .war");
        check(wrong, source.name().length() <= LONGEST_TARBALL, field, source.name(), "use at most 1024 characters");
        if (source instanceof Url) {
            check(
                    wrong,
                    url.matches("(?i)https?://[^\\s]+"),
                    field,
                    url,
                    "use an address that starts with http:// or https://");
        }
        return wrong.size() == before ? Optional.of(source) : Optional.empty();
    }

    private static String suffixes(Set<ArchiveKind> kinds) {
        return String.join(
                ", ", kinds.stream().map(ArchiveKind::suffix).sorted().toList());
    }

    private static boolean fits(Pattern rule, String value) {
        return value.length() <= LONGEST_NAME && rule.matcher(value).matches();
    }

    private static String field(Map<String, String> fields, String name) {
        return fields.getOrDefault(name, "").strip();
    }

    private static void check(List<String> wrong, boolean right, String field, String value, String remedy) {
        if (!right) {
            String shown = value.length() > SHOWN ? value.substring(0, SHOWN) + "…" : value;
            wrong.add(
                    value.isEmpty()
                            ? field + ": is missing, " + remedy
                            : field + ": '" + shown + "' is not valid, " + remedy);
        }
    }
}
