package io.dinp.builder.web;

import io.dinp.builder.core.Build;
import io.dinp.builder.core.BuildStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;

/** A build as pages and JSON show it; public so that the page templates may call it. */
public final class BuildView {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

    private final Build build;

    private BuildView(Build build) {
        this.build = build;
    }

    static BuildView of(Build build) {
        return new BuildView(build);
    }

    public long id() {
        return build.id();
    }

    public String app() {
        return build.app();
    }

    public String version() {
        return build.version();
    }

    /** What is new in this version; not named {@code resume}, which JFinal's engine forbids to call. */
    public String news() {
        return build.resume();
    }

    public String base() {
        return build.base();
    }

    public String image() {
        return build.image();
    }

    public String tarball() {
        return build.tarball();
    }

    public String status() {
        return build.status();
    }

    public String userName() {
        return build.userName();
    }

    public boolean finished() {
        return build.isFinished();
    }

    /** Creation, UTC. */
    public String createdAt() {
        return TIME.format(Instant.ofEpochMilli(build.createAt()));
    }

    /** How long it took, such as {@code 12 s}; empty while it runs. */
    public String took() {
        if (build.finishedAt() <= 0) {
            return "";
        }
        return Math.max(
                        0,
                        Duration.ofMillis(build.finishedAt() - build.createAt()).toSeconds()) + " s";
    }

    /** The look of the status: {@code good}, {@code bad} or {@code busy}. */
    public String mood() {
        if (build.status().equals(BuildStatus.SUCCESSFUL)) {
            return "good";
        }
        return build.isFinished() ? "bad" : "busy";
    }

    /** The row under the column names of the contract. */
    Map<String, Object> json() {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", build.id());
        row.put("app", build.app());
        row.put("version", build.version());
        row.put("resume", build.resume());
        row.put("base", build.base());
        row.put("image", build.image());
        row.put("tarball", build.tarball());
        row.put("repo", build.repo());
        row.put("branch", build.branch());
        row.put("status", build.status());
        row.put("user_id", build.userId());
        row.put("user_name", build.userName());
        row.put("create_at", createdAt());
        return row;
    }

    /** Text made safe for HTML, in content and in quoted attributes. */
    static String escaped(String text) {
        StringBuilder out = new StringBuilder(text.length() + 32);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.append(c);
            }
        }
        return out.toString();
    }
}
