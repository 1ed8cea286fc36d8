package io.dinp.common.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * The server's answer to a beat.
 *
 * @param code 0 accepted, 1 refused
 * @param releasedPorts resting ports that every registered router has let go of and that may be leased again
 */
public record HeartbeatReply(
        @JsonProperty("Code") int code,
        @JsonProperty("ReleasedPorts") List<Integer> releasedPorts) {

    public HeartbeatReply {
        releasedPorts = releasedPorts == null ? List.of() : List.copyOf(releasedPorts);
    }
}
