package io.dinp.server.core;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A change of state with its reason, for people: it becomes a row, a log line and the answer to "why".
 *
 * @param inputs what the decision was made from, in words, the most important first; at most {@link #MAX_INPUTS}
 */
public record Event(
        long at, String kind, String app, String instance, String node, String reason, Map<String, String> inputs) {

    /** So many inputs an event keeps. */
    public static final int MAX_INPUTS = 16;

    private static final int MAX_TEXT = 200;

    /** Copies the inputs, in their order and within bounds. */
    public Event {
        inputs = bounded(inputs);
    }

    /** An event of which its reason says everything. */
    public Event(long at, String kind, String app, String instance, String node, String reason) {
        this(at, kind, app, instance, node, reason, Map.of());
    }

    private static Map<String, String> bounded(Map<String, String> inputs) {
        if (inputs.isEmpty()) {
            return Map.of();
        }
        Map<String, String> kept = new LinkedHashMap<>();
        inputs.entrySet().stream().limit(MAX_INPUTS).forEach(input -> kept.put(input.getKey(), cut(input.getValue())));
        return Collections.unmodifiableMap(kept);
    }

    private static String cut(String text) {
        return text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text;
    }
}
