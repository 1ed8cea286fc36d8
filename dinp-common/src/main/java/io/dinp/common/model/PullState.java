package io.dinp.common.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How far a node has come with an image that it was told to have ready; lower-case on the wire. */
public enum PullState {
    /** It is on its way, or waits for its turn. */
    PULLING,
    /** It is on the node's disk. */
    READY,
    /** It could not be had; only another wish tries again. */
    FAILED;

    /** The word on the wire. */
    @JsonValue
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads the word on the wire; throws {@link IllegalArgumentException} for an unknown one. */
    @JsonCreator
    public static PullState of(String wire) {
        return valueOf(wire.toUpperCase(Locale.ROOT));
    }
}
