package io.dinp.dash.node;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * A machine as the server sees it.
 *
 * @param memFree MB that its kernel could give away
 * @param updatedAt last beat, in Unix seconds
 * @param state {@code ready suspect lost}, empty when the server is too old to tell
 * @param capacity MB that instances may have
 * @param used MB that instances have been promised
 * @param cordoned whether nothing new is placed there
 * @param drainBy epoch ms at which what is left is moved by force, 0 for never
 */
public record Node(
        @JsonProperty("Ip") String ip,
        @JsonProperty("MemFree") long memFree,
        @JsonProperty("UpdateAt") long updatedAt,
        @JsonProperty("State") String state,
        @JsonProperty("Capacity") long capacity,
        @JsonProperty("Used") long used,
        @JsonProperty("Labels") Map<String, String> labels,
        @JsonProperty("Instances") int instances,
        @JsonProperty("Cordoned") boolean cordoned,
        @JsonProperty("Draining") boolean draining,
        @JsonProperty("DrainBy") long drainBy) {

    public Node {
        state = state == null ? "" : state;
        labels = labels == null ? new TreeMap<>() : new TreeMap<>(labels);
    }

    /** Epoch milliseconds of the last beat. */
    public long updatedMillis() {
        return Instant.ofEpochSecond(updatedAt).toEpochMilli();
    }

    /** How its state's badge is coloured. */
    public String tone() {
        return switch (state) {
            case "ready" -> "running";
            case "lost" -> "failed";
            default -> "held";
        };
    }

    /** Whether a person has something to do with it; such nodes come first. */
    boolean isOdd() {
        return !state.equals("ready") || cordoned || draining;
    }

    /** Whether the server tells more than the original did. */
    public boolean isDetailed() {
        return !state.isEmpty();
    }
}
