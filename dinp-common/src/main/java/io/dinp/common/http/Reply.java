package io.dinp.common.http;

import io.dinp.common.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** An answer of an {@link ApiServer}. */
public record Reply(int status, String contentType, byte[] body) {

    /** A value as JSON. */
    public static Reply json(int status, Object value) {
        return new Reply(status, "application/json; charset=utf-8", Json.writeBytes(value));
    }

    /** Plain text. */
    public static Reply text(int status, String text) {
        return new Reply(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    /** {@code {"msg":…}}: what is wrong, and what to do. */
    public static Reply error(int status, String message) {
        return json(status, Map.of("msg", message));
    }

    /** No body. */
    public static Reply empty(int status) {
        return new Reply(status, "", new byte[0]);
    }
}
