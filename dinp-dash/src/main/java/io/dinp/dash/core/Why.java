package io.dinp.dash.core;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Why an app is as it is.
 *
 * @param summary how it stands now, for a person
 * @param decisions newest first
 */
public record Why(String summary, List<Decision> decisions) {

    /**
     * One thing that the server did, or did not do.
     *
     * @param at epoch ms
     * @param inputs what it was decided from, by name
     */
    public record Decision(
            long at, String kind, String instance, String node, String reason, Map<String, Object> inputs) {

        public Decision {
            inputs = inputs == null ? new LinkedHashMap<>() : new LinkedHashMap<>(inputs);
        }

        /** The kind as words: {@code start-failed} is "start failed". */
        public String words() {
            return kind == null ? "" : kind.replace('-', ' ');
        }
    }

    public Why {
        decisions = decisions == null ? List.of() : List.copyOf(decisions);
    }
}
