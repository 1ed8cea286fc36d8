package io.dinp.dash.core;

import java.util.List;

/**
 * An instance that is no more, with the last it said.
 *
 * @param at epoch ms
 * @param stage where it was in its life, see {@link Stage}
 * @param exitCode null when no process ended
 * @param log the last lines of its output, oldest first
 */
public record Exit(
        long at,
        String instance,
        String node,
        String revision,
        String stage,
        String reason,
        Integer exitCode,
        boolean oomKilled,
        List<String> log) {

    public Exit {
        log = log == null ? List.of() : List.copyOf(log);
    }
}
