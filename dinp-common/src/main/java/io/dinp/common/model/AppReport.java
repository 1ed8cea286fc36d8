package io.dinp.common.model;

import java.util.List;

/**
 * What the server says of one app at {@code /status/<name>}: what is wanted, how far it is, and each instance. One record
 * for both ends, so that what the server writes is what the dashboard reads.
 *
 * @param desired instances wanted, 0 for an app that nobody wants any more
 * @param state {@code rolling done failed}, or empty when there is nothing to do
 * @param reason for a person: why it failed or what it waits for, may be empty
 * @param status code of {@link AppStatus}
 * @param target short id of the revision that is being brought up
 * @param lastGood short id of the revision that served last
 * @param paused whether an operator has paused the deploy
 * @param failure why the last deploy was given up, null when it was not
 * @param crashes of the good revision, until it has been stable for a while
 * @param nextStart epoch ms before which a crashed instance is not replaced, 0 when nothing waits for that
 */
public record AppReport(
        String app,
        int desired,
        String state,
        String reason,
        int status,
        String target,
        String lastGood,
        boolean paused,
        Failure failure,
        int crashes,
        long nextStart,
        List<Instance> instances) {

    /**
     * One instance.
     *
     * @param address {@code ip:port}, empty before it has a port
     * @param revision short id
     * @param state {@link InstanceState} in lower case
     * @param routed whether the routes lead to it
     * @param reason for a person: why it failed or is not ready, may be empty
     * @param startedAt epoch ms by the node's clock, 0 when it has not started
     */
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
            instance = orEmpty(instance);
            node = orEmpty(node);
            address = orEmpty(address);
            revision = orEmpty(revision);
            image = orEmpty(image);
            state = orEmpty(state);
            reason = orEmpty(reason);
        }
    }

    /**
     * Why a deploy was given up.
     *
     * @param at epoch ms
     * @param stage {@code pull create start ready exit}, {@code health} for a failed health check, {@code deadline},
     *     {@code cancel}
     * @param reason for a person, with the result of the last probe where there was one
     * @param node where it happened, empty when it was no single instance
     * @param exitCode null when nothing has exited
     * @param log the last lines of the instance's output, oldest first
     */
    public record Failure(
            long at,
            String stage,
            String reason,
            String node,
            String instance,
            Integer exitCode,
            boolean oomKilled,
            List<String> log) {

        public Failure {
            stage = orEmpty(stage);
            reason = orEmpty(reason);
            node = orEmpty(node);
            instance = orEmpty(instance);
            log = log == null ? List.of() : List.copyOf(log);
        }
    }

    public AppReport {
        app = orEmpty(app);
        state = orEmpty(state);
        reason = orEmpty(reason);
        target = orEmpty(target);
        lastGood = orEmpty(lastGood);
        instances = instances == null ? List.of() : List.copyOf(instances);
    }

    /** An app of which the server knows nothing. */
    public static AppReport unknown(String app) {
        return new AppReport(app, 0, "", "", AppStatus.OK.code(), "", "", false, null, 0, 0, List.of());
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }
}
