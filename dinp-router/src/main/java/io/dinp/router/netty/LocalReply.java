package io.dinp.router.netty;

import io.dinp.router.wire.ByteSink;
import io.dinp.router.wire.ResponseWriter.Persistence;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Writes the router's own answers: text, unless the client asks for HTML or JSON by name. */
final class LocalReply {
    private static final byte[] MONITOR = "ok\n".getBytes(StandardCharsets.US_ASCII);

    private enum Format {
        TEXT("text/plain; charset=utf-8"),
        HTML("text/html; charset=utf-8"),
        JSON("application/json");

        private final String contentType;

        Format(String contentType) {
            this.contentType = contentType;
        }

        byte[] render(Refusal refusal) {
            String body = switch (this) {
                case TEXT -> refusal.text() + "\n";
                case HTML ->
                    "<!doctype html>\n<title>" + refusal.status() + "</title>\n<h1>" + escapeHtml(refusal.text())
                            + "</h1>\n";
                case JSON ->
                    "{\"status\":" + refusal.status() + ",\"error\":\"" + refusal.code() + "\",\"msg\":\""
                            + escapeJson(refusal.text()) + "\"}\n";
            };
            return body.getBytes(StandardCharsets.UTF_8);
        }
    }

    private LocalReply() {}

    /**
     * @param accept the request's Accept value, or null
     * @param bodyless whether the request was HEAD
     */
    static void write(Refusal refusal, String accept, boolean bodyless, Persistence persistence, ByteSink out) {
        Format format = preferred(accept);
        byte[] body = format.render(refusal);
        out.text("HTTP/1.1 " + refusal.status() + " " + refusal.phrase() + "\r\n");
        out.text("Content-Type: " + format.contentType + "\r\n");
        out.text("X-Cf-RouterError: " + refusal.code() + "\r\n");
        out.text("X-Content-Type-Options: nosniff\r\n");
        if (refusal.retryAfterSeconds() > 0) {
            out.text("Retry-After: " + refusal.retryAfterSeconds() + "\r\n");
        }
        finish(body, bodyless, persistence, out);
    }

    /** What a load balancer's monitor gets. */
    static void writeMonitor(boolean healthy, boolean bodyless, Persistence persistence, ByteSink out) {
        out.text(healthy ? "HTTP/1.1 200 OK\r\n" : "HTTP/1.1 503 Service Unavailable\r\n");
        out.text("Content-Type: text/plain; charset=utf-8\r\n");
        byte[] body = healthy ? MONITOR : "draining\n".getBytes(StandardCharsets.US_ASCII);
        finish(body, bodyless, persistence, out);
    }

    private static void finish(byte[] body, boolean bodyless, Persistence persistence, ByteSink out) {
        out.text("Content-Length: ").decimal(body.length).crlf();
        out.put(persistence.line()).crlf();
        if (!bodyless) {
            out.put(body);
        }
    }

    /** The first of our formats that the client names; wildcards name none. */
    private static Format preferred(String accept) {
        if (accept == null) {
            return Format.TEXT;
        }
        for (String range : accept.toLowerCase(Locale.ROOT).split(",")) {
            switch (range.split(";", 2)[0].strip()) {
                case "text/html" -> {
                    return Format.HTML;
                }
                case "application/json" -> {
                    return Format.JSON;
                }
                case "text/plain" -> {
                    return Format.TEXT;
                }
                default -> {
                    // not one of ours
                }
            }
        }
        return Format.TEXT;
    }

    private static String escapeHtml(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String escapeJson(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }
}
