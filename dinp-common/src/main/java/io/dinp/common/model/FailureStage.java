package io.dinp.common.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** At which stage an instance failed; lower-case on the wire. */
public enum FailureStage {
    /** Its image could not be pulled. */
    PULL,
    /** Its container could not be created. */
    CREATE,
    /** Its container could not be started. */
    START,
    /** It did not become ready within its startup limit. */
    READY,
    /** It ended by itself. */
    EXIT;

    /** The word on the wire. */
    @JsonValue
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads the word on the wire; throws {@link IllegalArgumentException} for an unknown one. */
    @JsonCreator
    public static FailureStage of(String wire) {
        return valueOf(wire.toUpperCase(Locale.ROOT));
    }
}
