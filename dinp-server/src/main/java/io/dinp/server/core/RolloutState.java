package io.dinp.server.core;

import java.util.Locale;

/** How far the change of an app to its target revision has come. */
public enum RolloutState {
    /** Instances of the target are being brought up. */
    ROLLING,
    /** The target serves. */
    DONE,
    /** The target was given up; the last good revision serves until the row changes or its status is set to 0. */
    FAILED;

    /** The form that stands in MySQL and in the API. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The state of a stored text. */
    public static RolloutState of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
