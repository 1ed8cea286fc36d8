package io.dinp.builder.core;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Dockerfile templates of the contract: plain Dockerfiles with {@code {{.Registry}}}, {@code {{.Tarball}}} and
 * {@code {{.AppDir}}}. A comment line {@code # accepts: .war .tar.gz} says which archives a base takes; without it,
 * {@code .tar.gz}.
 */
public final class Dockerfiles {
    /** Where an app lives in its image. */
    public static final String APP_DIR = "/opt/app";

    private static final Pattern VARIABLE = Pattern.compile("\\{\\{\\s*\\.(\\w+)\\s*}}");
    private static final Pattern ACCEPTS = Pattern.compile("(?m)^#\\s*accepts:(.*)$");

    private Dockerfiles() {}

    /**
     * The Dockerfile of a template.
     *
     * @param tarball name of the archive in the build context
     * @throws IllegalArgumentException when the template uses a variable that does not exist
     */
    public static String render(String template, String registry, String tarball) {
        Map<String, String> values = Map.of("Registry", registry, "Tarball", tarball, "AppDir", APP_DIR);
        return VARIABLE.matcher(template).replaceAll(match -> {
            String value = values.get(match.group(1));
            if (value == null) {
                throw new IllegalArgumentException("the template uses '" + match.group()
                        + "' which does not exist, use {{.Registry}}, {{.Tarball}} or {{.AppDir}}");
            }
            return Matcher.quoteReplacement(value);
        });
    }

    /** The archives that the base of this template takes. */
    public static Set<ArchiveKind> accepts(String template) {
        Matcher line = ACCEPTS.matcher(template);
        if (!line.find()) {
            return Set.of(ArchiveKind.TAR_GZ);
        }
        Set<ArchiveKind> kinds = EnumSet.noneOf(ArchiveKind.class);
        for (String word : line.group(1).strip().split("[\\s,]+")) {
            ArchiveKind.ofName("x" + word).ifPresent(kinds::add);
        }
        return Set.copyOf(kinds);
    }
}
