package io.dinp.server.core;

import java.util.Locale;

/**
 * Why a deploy was given up, for the person who has to mend it.
 *
 * @param revision id of the target that was given up
 * @param at epoch ms
 * @param stage where it failed: a {@link io.dinp.common.model.FailureStage} in lower case, {@link #HEALTH},
 *     {@link #DEADLINE} or {@link #CANCEL}
 * @param reason with the result of the last probe where there was one
 * @param node where it happened, "" when it was no single instance
 * @param exitCode null when nothing has exited
 */
public record Failure(
        String app,
        String revision,
        long at,
        String stage,
        String reason,
        String node,
        String instance,
        Integer exitCode,
        boolean oomKilled) {

    /** The image cannot be had. */
    static final String PULL = "pull";

    /** The health monitor has called a new instance sick. */
    static final String HEALTH = "health";

    /** There was no progress for too long. */
    static final String DEADLINE = "deadline";

    /** An operator has cancelled it. */
    static final String CANCEL = "cancel";

    private static final String EXIT = "exit";

    /** A failure that no single instance is the cause of. */
    static Failure of(Rollout rollout, long now, String stage, String reason) {
        return new Failure(rollout.app(), rollout.target(), now, stage, reason, "", "", null, false);
    }

    /** The end of an instance that ended by itself. */
    static Failure of(Rollout rollout, long now, Instance fallen) {
        return of(rollout, now, stageOf(fallen), fallen.cause()).at(fallen);
    }

    /** Where an instance that ended by itself had come to. */
    static String stageOf(Instance fallen) {
        return fallen.stage() == null ? EXIT : fallen.stage().name().toLowerCase(Locale.ROOT);
    }

    /** The same with the node where it happened. */
    Failure on(String where) {
        return new Failure(app, revision, at, stage, reason, where, instance, exitCode, oomKilled);
    }

    /** The same with the instance that shows it. */
    Failure at(Instance instance) {
        return new Failure(
                app,
                revision,
                at,
                stage,
                reason,
                instance.node(),
                instance.id(),
                instance.exitCode(),
                instance.oomKilled());
    }
}
