package io.dinp.agent.core;

import java.util.Map;

/**
 * A container as the engine's list shows it.
 *
 * @param id the engine's id, 64 hex digits
 * @param running whether its process lives
 * @param status the engine's words, such as {@code Up 3 seconds}
 * @param publishes8080 whether 8080/tcp has an IPv4 binding
 * @param labels its labels
 */
public record Listed(String id, boolean running, String status, boolean publishes8080, Map<String, String> labels) {

    /** The cluster that it belongs to, empty when it is none of DINP's labelled containers. */
    public String cluster() {
        return labels.getOrDefault(Labels.CLUSTER, "");
    }

    /** The instance that it is, empty without that label. */
    public String instance() {
        return labels.getOrDefault(Labels.INSTANCE, "");
    }
}
