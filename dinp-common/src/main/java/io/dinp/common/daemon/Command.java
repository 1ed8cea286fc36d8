package io.dinp.common.daemon;

import java.util.List;

/** A sub-command of a daemon's program, {@code dinp-server migrate}. */
@FunctionalInterface
public interface Command<C> {
    /**
     * Does it and returns the exit status.
     *
     * @param arguments what follows the command's name
     */
    int run(C config, List<String> arguments) throws Exception;
}
