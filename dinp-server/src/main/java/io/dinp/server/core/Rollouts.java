package io.dinp.server.core;

import io.dinp.common.model.AppStatus;
import io.dinp.common.model.FailureStage;
import io.dinp.common.model.InstanceState;
import io.dinp.common.model.Revision;
import java.util.Optional;

/**
 * Moves an app's rollout on: which revision is tried, whether it has succeeded, failed, or its good revision crashed. A
 * failed target is not tried again until the revision changes or somebody sets the row's status to 0.
 */
final class Rollouts {

    private static final long AVOID_MS = 300_000;

    private Rollouts() {}

    /** The rollout after everything that the facts say, null when the app has none. */
    static Rollout advance(AppFacts facts) {
        Rollout aimed = aim(facts);
        if (aimed == null) {
            return null;
        }
        Rollout counted = countFallen(facts, obey(facts, bounded(facts, aimed)));
        return counted.state() == RolloutState.ROLLING ? settle(facts, counted) : counted;
    }

    /** A clock that was set back between two servers makes nobody wait for longer than any wait is meant to be. */
    private static Rollout bounded(AppFacts facts, Rollout rollout) {
        long latest = deadline(facts);
        Rollout due = rollout.deadline() > latest ? rollout.progressed(rollout.readySeen(), latest) : rollout;
        long next = facts.draft().now() + Backoff.LONGEST_MS;
        return due.nextStart() > next ? due.crashed(due.crashes(), next) : due;
    }

    private static Rollout aim(AppFacts facts) {
        DesiredApp desired = facts.desired();
        Rollout before = facts.rollout();
        if (desired == null) {
            return before;
        }
        if (desired.faulty()) {
            return refuse(facts, before);
        }
        if (desired.revision().isEmpty()) {
            return before;
        }
        Revision revision = desired.revision().get();
        if (before == null) {
            return first(facts, revision);
        }
        if (!before.target().equals(revision.id())) {
            return begin(facts, revision, before.lastGood());
        }
        boolean retry = before.state() == RolloutState.FAILED && desired.row().status() == AppStatus.OK.code();
        boolean untried =
                before.state() == RolloutState.DONE && !before.lastGood().equals(before.target()) && facts.wanted() > 0;
        return retry || untried ? begin(facts, revision, before.lastGood()) : before;
    }

    /** Does what an operator has said, as far as a deploy is under way. */
    private static Rollout obey(AppFacts facts, Rollout rollout) {
        RolloutCommand command = facts.draft().situation().commands().get(facts.app());
        if (command == null || facts.desired() == null || rollout.state() != RolloutState.ROLLING) {
            return rollout;
        }
        if (command == RolloutCommand.CANCEL) {
            return fail(
                    facts,
                    rollout,
                    AppStatus.START_FAILED,
                    failure(facts, rollout, Failure.CANCEL, "cancelled by command"));
        }
        boolean pause = command == RolloutCommand.PAUSE;
        if (rollout.paused() != pause) {
            facts.draft().event(pause ? "paused" : "resumed", facts.app(), "", "", "by command", Inputs.of(facts));
        }
        return rollout.withPause(pause, deadline(facts));
    }

    /** An unusable row: recorded as a failed start of this app, once; what runs is not touched. */
    private static Rollout refuse(AppFacts facts, Rollout before) {
        int status = AppStatus.START_FAILED.code();
        String reason = "row refused: " + facts.desired().fault();
        boolean told = before != null
                && before.state() == RolloutState.FAILED
                && before.reason().equals(reason)
                && facts.desired().row().status() == status;
        if (told) {
            return before;
        }
        facts.draft().event("refused", facts.app(), "", "", reason, Inputs.of(facts));
        if (facts.desired().row().status() != status) {
            facts.draft().status(facts.app(), status);
        }
        Rollout base = Rollout.begin(
                facts.app(),
                "",
                before == null ? "" : before.lastGood(),
                facts.draft().now(),
                deadline(facts));
        return base.failed(status, reason);
    }

    private static Rollout first(AppFacts facts, Revision revision) {
        int status = facts.desired().row().status();
        if (status == AppStatus.OK.code()) {
            return begin(facts, revision, "");
        }
        facts.draft().store(revision);
        return Rollout.begin(facts.app(), revision.id(), "", facts.draft().now(), deadline(facts))
                .failed(status, "its status was " + status + " when the server first saw it");
    }

    private static Rollout begin(AppFacts facts, Revision revision, String lastGood) {
        Draft draft = facts.draft();
        if (draft.revision(revision.id(), null).isEmpty()) {
            draft.store(revision);
        }
        if (facts.desired().row().status() != AppStatus.OK.code()) {
            draft.status(facts.app(), AppStatus.OK.code());
        }
        draft.event(
                "deploy",
                facts.app(),
                "",
                "",
                "rolling to " + shortId(revision.id()) + " (" + revision.image() + "), " + facts.wanted()
                        + " instances",
                Inputs.deploy(facts, revision, lastGood));
        return Rollout.begin(facts.app(), revision.id(), lastGood, draft.now(), deadline(facts));
    }

    private static long deadline(AppFacts facts) {
        Policy policy = facts.draft().policy();
        return facts.draft().now()
                + policy.rolloutDeadline().toMillis()
                + facts.rules().bakeMs(policy);
    }

    /** Records instances that ended by themselves; crashes of the good revision delay the next start. */
    private static Rollout countFallen(AppFacts facts, Rollout rollout) {
        long crashes = facts.justFallen().stream()
                .filter(i -> i.revision().equals(rollout.lastGood()))
                .count();
        Rollout counted = Backoff.after(
                rollout, (int) crashes, facts.wanted(), facts.draft().now());
        for (Instance instance : facts.freshlyFallen()) {
            facts.draft()
                    .event(
                            instance.state() == InstanceState.EXITED ? "exited" : "failed",
                            facts.app(),
                            instance.id(),
                            instance.node(),
                            instance.cause(),
                            Inputs.fallen(facts, counted, instance));
            facts.draft().avoid(facts.app(), instance.node(), facts.draft().now() + AVOID_MS);
        }
        if (counted.crashes() > 0) {
            facts.draft().followUp(Backoff.forgottenAt(counted));
        }
        return counted;
    }

    private static Rollout settle(AppFacts facts, Rollout rollout) {
        if (facts.desired() == null || facts.desired().revision().isEmpty()) {
            return rollout;
        }
        boolean good = rollout.target().equals(rollout.lastGood());
        Optional<Instance> failure = facts.justFallen().stream()
                .filter(i -> !good && i.revision().equals(rollout.target()))
                .findFirst();
        if (facts.wanted() == 0) {
            return rollout.parked();
        }
        if (failure.isPresent()) {
            Failure cause = Failure.of(rollout, facts.draft().now(), failure.get());
            return fail(facts, rollout, statusOf(failure.get()), cause);
        }
        Optional<Failure> noImage = good ? Optional.empty() : Prefetch.failure(facts, rollout);
        if (noImage.isPresent()) {
            facts.draft().avoid(facts.app(), noImage.get().node(), facts.draft().now() + AVOID_MS);
            return fail(facts, rollout, AppStatus.PULL_FAILED, noImage.get());
        }
        Optional<Instance> sick = good ? Optional.empty() : sickTarget(facts, rollout);
        if (sick.isPresent()) {
            Failure cause = failure(facts, rollout, Failure.HEALTH, sickness(facts, sick.get()));
            return fail(facts, rollout, AppStatus.START_FAILED, cause.at(sick.get()));
        }
        long serving = facts.serving(rollout.target());
        if (serving >= facts.wanted() && facts.baked(rollout) >= facts.wanted()) {
            return succeed(facts, rollout);
        }
        if (serving > rollout.readySeen()) {
            return rollout.progressed((int) serving, deadline(facts));
        }
        boolean waits = good || rollout.paused();
        return !waits && late(facts, rollout) ? giveUp(facts, rollout) : rollout;
    }

    private static Optional<Instance> sickTarget(AppFacts facts, Rollout rollout) {
        return facts.live().stream()
                .filter(i -> i.revision().equals(rollout.target()) && facts.failsHealth(i))
                .findFirst();
    }

    private static String sickness(AppFacts facts, Instance instance) {
        Verdict verdict = facts.draft().situation().verdicts().get(instance.id());
        return "instance " + instance.id() + " on " + instance.node() + " failed its health check: " + verdict.reason();
    }

    /** While Redis is away no route can be written, so nothing can be late. */
    private static boolean late(AppFacts facts, Rollout rollout) {
        if (facts.draft().now() < rollout.deadline()) {
            facts.draft().followUp(rollout.deadline());
            return false;
        }
        return facts.draft().routes().reachable();
    }

    private static Rollout giveUp(AppFacts facts, Rollout rollout) {
        Optional<Instance> late = facts.live().stream()
                .filter(i -> i.revision().equals(rollout.target()) && !i.ready())
                .findFirst();
        boolean created = facts.live().stream().anyMatch(i -> i.revision().equals(rollout.target()));
        AppStatus status = created ? AppStatus.START_FAILED : notCreated(facts, rollout);
        String reason = "no progress before the deadline. " + rollout.reason();
        Failure cause = failure(facts, rollout, Failure.DEADLINE, reason.strip());
        return fail(facts, rollout, status, late.map(cause::at).orElse(cause));
    }

    private static AppStatus notCreated(AppFacts facts, Rollout rollout) {
        return Prefetch.underWay(facts, rollout) ? AppStatus.PULL_FAILED : AppStatus.CREATE_FAILED;
    }

    private static Failure failure(AppFacts facts, Rollout rollout, String stage, String reason) {
        return Failure.of(rollout, facts.draft().now(), stage, reason);
    }

    private static Rollout succeed(AppFacts facts, Rollout rollout) {
        facts.draft()
                .event(
                        "deployed",
                        facts.app(),
                        "",
                        "",
                        shortId(rollout.target()) + " serves with all its instances",
                        Inputs.of(facts));
        if (facts.desired().row().status() != AppStatus.OK.code()) {
            facts.draft().status(facts.app(), AppStatus.OK.code());
        }
        return rollout.done();
    }

    private static Rollout fail(AppFacts facts, Rollout rollout, AppStatus status, Failure cause) {
        String keeps = rollout.lastGood().isEmpty() ? "" : "; " + shortId(rollout.lastGood()) + " goes on";
        facts.draft()
                .event(
                        "deploy-failed",
                        facts.app(),
                        cause.instance(),
                        cause.node(),
                        shortId(rollout.target()) + " " + cause.reason() + keeps,
                        Inputs.failed(facts, rollout, cause));
        facts.draft().status(facts.app(), status.code());
        facts.draft().failure(cause);
        if (!cause.instance().isEmpty()) {
            facts.draft().exit(Exit.of(cause));
        }
        return rollout.failed(status.code(), cause.reason());
    }

    private static AppStatus statusOf(Instance fallen) {
        if (fallen.stage() == FailureStage.PULL) {
            return AppStatus.PULL_FAILED;
        }
        return fallen.stage() == FailureStage.CREATE ? AppStatus.CREATE_FAILED : AppStatus.START_FAILED;
    }

    /** The part of a revision's id that people read. */
    static String shortId(String id) {
        return id.length() > 8 ? id.substring(0, 8) : id;
    }
}
