package io.dinp.server.core;

import java.util.List;

/** An end with the last output of its instance, oldest line first, none when there was none to be had. */
public record KeptExit(Exit exit, List<String> log) {

    /** Copies the lines. */
    public KeptExit {
        log = List.copyOf(log);
    }
}
