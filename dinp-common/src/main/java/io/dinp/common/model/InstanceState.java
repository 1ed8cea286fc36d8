package io.dinp.common.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Where an instance is in its life, as its agent reports it; lower-case on the wire. */
public enum InstanceState {
    /** The order is in the agent's journal. */
    ACCEPTED,
    /** The image is being pulled. */
    PULLING,
    /** The container is being created. */
    CREATING,
    /** The container is being started. */
    STARTING,
    /** The container runs; whether it is ready is said beside. */
    RUNNING,
    /** A stop was ordered. */
    STOPPING,
    /** The container ended by itself. */
    EXITED,
    /** The instance could not be brought up. */
    FAILED;

    /** The word on the wire. */
    @JsonValue
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads the word on the wire; throws {@link IllegalArgumentException} for an unknown one. */
    @JsonCreator
    public static InstanceState of(String wire) {
        return valueOf(wire.toUpperCase(Locale.ROOT));
    }
}
