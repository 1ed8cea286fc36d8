package io.dinp.e2e.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.dinp.e2e.bed.Await;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** A signed-in person at the builder. */
public final class Builder {
    private static final String FORM = "/";

    private final String base;
    private final Person person;

    /** What became of a build. */
    public record Built(int id, String status, String image, String log) {
        /** Whether the image is in the registry. */
        public boolean succeeded() {
            return status.equals("successfully");
        }
    }

    private Builder(String base, Person person) {
        this.base = base;
        this.person = person;
    }

    /** Signs a person in. */
    public static Builder signIn(Person person, String base, String name, String password) {
        Page end = person.signIn(base, name, password);
        if (end.status() != 200 || !end.uri().toString().startsWith(base)) {
            throw new AssertionError("sign-in ends at " + end.uri() + " with " + end.status() + ": " + end.body());
        }
        return new Builder(base, person);
    }

    /** Uploads an archive; the answer of {@code POST /build}. */
    public Page submit(String app, String version, String baseImage, String fileName, byte[] archive) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("app", app);
        fields.put("version", version);
        fields.put("resume", "by test");
        fields.put("base", baseImage);
        return person.upload(base, FORM, "/build", Multipart.of(fields, fileName, archive));
    }

    /** Uploads an archive that is taken, and waits until its build has ended, well or not. */
    public Built build(String app, String version, String baseImage, byte[] archive) {
        Page taken = submit(app, version, baseImage, app + ".tar.gz", archive);
        if (taken.status() != 302 || !taken.location().contains("/progress/")) {
            throw new AssertionError("POST /build answers " + taken.status() + " " + taken.body());
        }
        int id = Integer.parseInt(taken.location().replaceAll(".*/progress/", ""));
        Await.until(
                Duration.ofMinutes(2),
                "build " + id + " ends",
                () -> ended(result(id)),
                () -> result(id).log());
        return result(id);
    }

    /** How a build stands. */
    public Built result(int id) {
        JsonNode data = person.read(base + "/log/" + id).json().path("data");
        JsonNode build = data.path("build");
        return new Built(
                id,
                build.path("status").asText(),
                build.path("image").asText(),
                data.path("log").asText());
    }

    /** Asks for JSON. */
    public Page read(String path) {
        return person.read(base + path);
    }

    /** A change, whatever comes of it. */
    public Page change(String path, Map<String, String> fields) {
        return person.change(base, FORM, path, fields);
    }

    private static boolean ended(Built build) {
        return build.succeeded() || build.status().startsWith("failed");
    }
}
