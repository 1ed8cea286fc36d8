package io.dinp.e2e.bed;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The app of the fault tests in its versions, built on one node, pushed, and pulled by the other: what is measured afterwards is
 * DINP and not a download.
 */
public final class EchoImages {
    /** The good versions. */
    public static final String V1 = "v1";

    public static final String V2 = "v2";

    /** Good, but listens only 5 s after its start. */
    public static final String SLOW = "slow";

    /** Ends at once with exit code 3. */
    public static final String EXITS = "exits";

    /** Runs and never listens on the 8080 that it exposes. */
    public static final String DEAF = "deaf";

    /** Good, and exposes 22 and 9000 beside 8080. */
    public static final String PORTS = "ports";

    /** Good for 3 s, then it ends with exit code 3 and nothing in its hands. */
    public static final String BRIEF = "brief";

    /** A tag that nobody has pushed. */
    public static final String MISSING = "missing";

    private static final Map<String, String> HABITS =
            Map.of(V1, "", V2, "", SLOW, "slow", EXITS, "exits", DEAF, "deaf", BRIEF, "brief");
    private static final List<String> FILES = List.of("echo.pl", "probe.pl", "Dockerfile", "Dockerfile.ports");

    private final String repository;

    EchoImages(String registry) {
        this.repository = registry + "/e2e/echo";
    }

    /** The image of a version, as a row in {@code app} names it. */
    public String image(String version) {
        return repository + ":" + version;
    }

    /** Builds every version on one node and pushes it. */
    void build(Engine builder, String base, Path context) {
        FILES.forEach(file -> copy(file, context));
        builder.docker("pull", "-q", base);
        HABITS.forEach((version, habit) -> build(builder, version, context, "Dockerfile", base, "HABIT=" + habit));
        build(builder, PORTS, context, "Dockerfile.ports", base, "HABIT=");
        builder.docker("push", "-q", "-a", repository);
    }

    /** Has every version on another node too. */
    void pull(Engine other) {
        HABITS.keySet().forEach(version -> other.docker("pull", "-q", image(version)));
        other.docker("pull", "-q", image(PORTS));
    }

    private void build(Engine engine, String version, Path context, String file, String base, String habit) {
        engine.docker(
                "build",
                "-q",
                "-t",
                image(version),
                "-f",
                context.resolve(file).toString(),
                "--build-arg",
                "BASE=" + base,
                "--build-arg",
                "VERSION=" + version,
                "--build-arg",
                habit,
                context.toString());
    }

    private static void copy(String name, Path folder) {
        try (InputStream in = EchoImages.class.getResourceAsStream("/echo/" + name)) {
            Files.createDirectories(folder);
            Files.write(folder.resolve(name), in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
