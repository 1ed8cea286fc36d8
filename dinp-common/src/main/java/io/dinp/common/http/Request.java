package io.dinp.common.http;

import java.util.Map;

/**
 * A request to an {@link ApiServer}, its body read.
 *
 * @param pathVars values of the path's {@code {name}} parts
 * @param query decoded; of a repeated name the last
 * @param headers by lower-case name; of a repeated name the first
 */
public record Request(
        String method,
        String path,
        Map<String, String> pathVars,
        Map<String, String> query,
        byte[] body,
        Map<String, String> headers) {

    /** The value of a part of the path. */
    public String pathVar(String name) {
        return pathVars.get(name);
    }

    /** A value of the query, or the fallback. */
    public String query(String name, String fallback) {
        return query.getOrDefault(name, fallback);
    }

    /** A whole number of the query within bounds; throws {@link BadRequest} naming it. */
    public int query(String name, int fallback, int min, int max) {
        return (int) query(name, (long) fallback, min, max);
    }

    /** The same for numbers of 64 bits. */
    public long query(String name, long fallback, long min, long max) {
        String text = query.get(name);
        if (text == null) {
            return fallback;
        }
        try {
            long value = Long.parseLong(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw BadRequest.number(name, text, min, max, e);
        }
        throw BadRequest.number(name, text, min, max, null);
    }

    /** A header's value, or an empty text. */
    public String header(String lowerCaseName) {
        return headers.getOrDefault(lowerCaseName, "");
    }
}
