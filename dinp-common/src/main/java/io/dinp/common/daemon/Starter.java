package io.dinp.common.daemon;

/** Starts a daemon's parts; what it starts it gives to the lifecycle. */
@FunctionalInterface
public interface Starter<C> {
    /** Returns when everything runs; throws when the daemon cannot start at all. */
    void start(C config, Lifecycle life) throws Exception;
}
