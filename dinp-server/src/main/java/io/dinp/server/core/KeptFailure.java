package io.dinp.server.core;

import java.util.List;

/**
 * A failure with the last output of its instance, oldest line first, none when there was none to be had.
 */
public record KeptFailure(Failure failure, List<String> log) {

    /** Copies the lines. */
    public KeptFailure {
        log = List.copyOf(log);
    }
}
