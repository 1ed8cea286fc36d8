package io.dinp.dash.node;

import java.util.List;
import java.util.Locale;

/**
 * What the server says of one app at this moment, or why it says nothing.
 *
 * @param away why the server could not be asked, empty when it answered
 * @param state {@code rolling done failed}, or empty when it has nothing to do
 * @param nextStart epoch ms of the next try after a crash, 0 when none is planned
 */
public record Live(String away, String state, String reason, int desired, long nextStart, List<Instance> instances) {

    /** One instance. */
    public record Instance(
            String instance,
            String node,
            String address,
            String revision,
            String image,
            String state,
            boolean ready,
            boolean routed,
            boolean draining,
            String reason,
            long startedAt,
            int memoryMb) {

        public Instance {
            image = image == null ? "" : image;
            state = state == null ? "" : state;
            reason = reason == null ? "" : reason;
        }

        /** The word for the badge. */
        public String badge() {
            if (draining) {
                return "draining";
            }
            String word = state.toLowerCase(Locale.ROOT);
            return word.equals("running") && !ready ? "starting" : word;
        }

        /** How the badge is coloured: {@code running rolling failed stopped}. */
        public String tone() {
            return switch (badge()) {
                case "running" -> "running";
                case "failed", "exited" -> "failed";
                case "draining", "stopping" -> "stopped";
                default -> "rolling";
            };
        }
    }

    public Live {
        away = away == null ? "" : away;
        state = state == null ? "" : state;
        reason = reason == null ? "" : reason;
        instances = instances == null ? List.of() : List.copyOf(instances);
    }

    static Live silent(String why) {
        return new Live(why, "", "", 0, 0, List.of());
    }

    /** How many answer requests. */
    public long ready() {
        return instances.stream().filter(i -> i.ready() && !i.draining()).count();
    }
}
