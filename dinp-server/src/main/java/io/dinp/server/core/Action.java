package io.dinp.server.core;

import io.dinp.common.model.ImageOrder;
import io.dinp.common.model.InstanceSpec;

/** One order to an agent, idempotent under its instance id, or under what it says about an image. */
public sealed interface Action {

    /** Address of the node it goes to. */
    String node();

    /** The app it is for. */
    String app();

    /** The instance it is about, "" when it is about an image. */
    String instance();

    /** What tells it from other orders under way. */
    default String key() {
        return instance();
    }

    /** Bring an instance up. */
    record Start(String node, InstanceSpec spec) implements Action {
        @Override
        public String instance() {
            return spec.instance();
        }

        @Override
        public String app() {
            return spec.app();
        }
    }

    /** Have an image ready before the instances come. */
    record Pull(String node, ImageOrder order) implements Action {
        @Override
        public String instance() {
            return "";
        }

        @Override
        public String app() {
            return order.app();
        }

        @Override
        public String key() {
            return node + " " + order.image() + "@" + order.digest() + " " + order.wish();
        }
    }

    /** End an instance that runs: SIGTERM, the grace, SIGKILL, removal. */
    record Stop(String node, String instance, String app, int graceSeconds) implements Action {}

    /** Drop what is left of an instance that ended by itself, once its end has been recorded. */
    record Forget(String node, String instance, String app) implements Action {}
}
