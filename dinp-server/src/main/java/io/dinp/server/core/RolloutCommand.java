package io.dinp.server.core;

/** What an operator may say to a deploy that is under way. */
public enum RolloutCommand {
    /** Give the target up; the last good revision takes over again. */
    CANCEL,
    /** Start no instance of the target and take none of the others away; the deadline waits too. */
    PAUSE,
    /** Go on. */
    RESUME
}
