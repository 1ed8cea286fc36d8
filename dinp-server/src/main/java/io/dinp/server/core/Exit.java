package io.dinp.server.core;

/**
 * The end of an instance that nobody had ordered, or that the health monitor had replaced.
 *
 * @param revision id of the revision it was made from
 * @param at epoch ms when the server learnt of it
 * @param stage where it had come to: a {@link io.dinp.common.model.FailureStage} in lower case, {@link Failure#HEALTH}
 *     or {@link Failure#DEADLINE}
 * @param exitCode null when nothing has exited
 */
public record Exit(
        String app,
        String instance,
        String node,
        String revision,
        long at,
        String stage,
        String reason,
        Integer exitCode,
        boolean oomKilled) {

    /** The end of an instance that ended by itself. */
    static Exit of(Instance fallen, long now) {
        return of(fallen, now, Failure.stageOf(fallen), fallen.cause());
    }

    /** The end of the instance that a deploy was given up for. */
    static Exit of(Failure failure) {
        return new Exit(
                failure.app(),
                failure.instance(),
                failure.node(),
                failure.revision(),
                failure.at(),
                failure.stage(),
                failure.reason(),
                failure.exitCode(),
                failure.oomKilled());
    }

    /** The end of an instance for a reason that it does not know itself. */
    static Exit of(Instance instance, long now, String stage, String reason) {
        return new Exit(
                instance.app(),
                instance.id(),
                instance.node(),
                instance.revision(),
                now,
                stage,
                reason,
                instance.exitCode(),
                instance.oomKilled());
    }
}
