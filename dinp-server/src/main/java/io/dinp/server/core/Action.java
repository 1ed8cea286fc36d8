package io.dinp.server.core;

import io.dinp.common.model.InstanceSpec;

/** One order to an agent, idempotent under its instance id. */
public sealed interface Action {

    /** Address of the node it goes to. */
    String node();

    /** The instance it is about. */
    String instance();

    /** Bring an instance up. */
    record Start(String node, InstanceSpec spec) implements Action {
        @Override
        public String instance() {
            return spec.instance();
        }
    }

    /** End an instance that runs: SIGTERM, the grace, SIGKILL, removal. */
    record Stop(String node, String instance, String app, int graceSeconds) implements Action {}

    /** Drop what is left of an instance that ended by itself, once its end has been recorded. */
    record Forget(String node, String instance, String app) implements Action {}
}
