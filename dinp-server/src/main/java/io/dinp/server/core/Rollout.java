package io.dinp.server.core;

import io.dinp.common.model.AppStatus;

/**
 * Where an app stands on its way to a revision; one row of the table {@code rollout}.
 *
 * @param target id of the revision wanted, "" when the row cannot be used
 * @param lastGood id of the revision that last served completely, "" when none ever did
 * @param status the {@code app.status} that goes with it
 * @param reason why it failed or waits, "" when there is nothing to say
 * @param deadline epoch ms at which a target that makes no progress is given up
 * @param crashes crashes of the good revision since it was last stable
 * @param nextStart epoch ms before which a crashed instance is not replaced
 * @param paused nothing of the app is started for the target or taken away for it
 * @param readySeen most ready instances of the target seen; progress, which moves the deadline; not stored
 */
public record Rollout(
        String app,
        String target,
        String lastGood,
        RolloutState state,
        int status,
        String reason,
        long startedAt,
        long deadline,
        int crashes,
        long nextStart,
        boolean paused,
        int readySeen) {

    /** A fresh try of a revision. */
    static Rollout begin(String app, String target, String lastGood, long now, long deadline) {
        return new Rollout(
                app, target, lastGood, RolloutState.ROLLING, AppStatus.OK.code(), "", now, deadline, 0, 0, false, 0);
    }

    Rollout failed(int newStatus, String newReason) {
        return new Rollout(
                app,
                target,
                lastGood,
                RolloutState.FAILED,
                newStatus,
                newReason,
                startedAt,
                deadline,
                crashes,
                nextStart,
                false,
                readySeen);
    }

    Rollout done() {
        return new Rollout(
                app,
                target,
                target,
                RolloutState.DONE,
                AppStatus.OK.code(),
                "",
                startedAt,
                deadline,
                crashes,
                nextStart,
                false,
                readySeen);
    }

    /** Nothing is to be tried now: no instance is wanted. */
    Rollout parked() {
        return new Rollout(
                app,
                target,
                lastGood,
                RolloutState.DONE,
                AppStatus.OK.code(),
                "",
                startedAt,
                deadline,
                crashes,
                nextStart,
                false,
                readySeen);
    }

    Rollout because(String newReason) {
        if (newReason.equals(reason)) {
            return this;
        }
        return new Rollout(
                app, target, lastGood, state, status, newReason, startedAt, deadline, crashes, nextStart, paused,
                readySeen);
    }

    Rollout progressed(int ready, long newDeadline) {
        return new Rollout(
                app,
                target,
                lastGood,
                state,
                status,
                reason,
                startedAt,
                newDeadline,
                crashes,
                nextStart,
                paused,
                ready);
    }

    Rollout crashed(int newCrashes, long newNextStart) {
        return new Rollout(
                app,
                target,
                lastGood,
                state,
                status,
                reason,
                startedAt,
                deadline,
                newCrashes,
                newNextStart,
                paused,
                readySeen);
    }

    Rollout withPause(boolean nowPaused, long newDeadline) {
        return new Rollout(
                app,
                target,
                lastGood,
                state,
                status,
                reason,
                startedAt,
                newDeadline,
                crashes,
                nextStart,
                nowPaused,
                readySeen);
    }

    /** True when a revision is wanted and serves completely. */
    public boolean serves(String revision) {
        return state == RolloutState.DONE && target.equals(revision) && lastGood.equals(revision);
    }

    /** True while a revision other than the last good one is being brought up. */
    boolean changes() {
        return state == RolloutState.ROLLING && !target.equals(lastGood);
    }

    /** The revision that instances are to have now: the target, or the last good one once the target has failed. */
    public String wanted() {
        return state == RolloutState.FAILED && !lastGood.isEmpty() ? lastGood : target;
    }

    /** True when new instances of a revision may be started: not of one that has failed. */
    boolean mayStart(String revision) {
        return !revision.isEmpty() && !(state == RolloutState.FAILED && !revision.equals(lastGood));
    }

    /** True when both would be the same row. */
    boolean sameRow(Rollout other) {
        return other != null && progressed(0, deadline).equals(other.progressed(0, other.deadline()));
    }
}
