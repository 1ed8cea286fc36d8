package io.dinp.server.core;

import io.dinp.common.model.ImageRef;
import io.dinp.common.model.InstanceSpec;
import io.dinp.common.model.Revision;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Starts what is missing: first the last good revision while the target does not serve yet, then the target. */
final class Starts {

    private static final int ID_BYTES = 8;

    private final AppFacts facts;
    private final Draft draft;
    private final Rollout rollout;
    private final Set<Instance> going;
    private String waiting = "";
    private int room;
    private int ordered;

    private Starts(AppFacts facts, Rollout rollout, Set<Instance> going) {
        this.facts = facts;
        this.draft = facts.draft();
        this.rollout = rollout;
        this.going = going;
        this.room = room(facts);
    }

    /** How many instances may be added before others have to go. */
    static int room(AppFacts facts) {
        return facts.wanted()
                + facts.surge()
                - facts.live().size()
                - facts.legacyOfTarget().size();
    }

    /**
     * Orders what is missing. Returns why something has to wait, "" when nothing does.
     *
     * @param image what the target's image waits for, "" when its instances may start
     */
    static String order(AppFacts facts, Rollout rollout, Set<Instance> going, String image) {
        if (facts.wanted() == 0 || rollout == null || facts.held(rollout)) {
            return "";
        }
        Starts starts = new Starts(facts, rollout, going);
        if (starts.fallsBack()) {
            starts.start(rollout.lastGood(), starts.lackOfLastGood(), 0);
        }
        boolean held = rollout.changes() && rollout.paused();
        if (rollout.mayStart(rollout.wanted()) && !held && image.isEmpty()) {
            starts.start(rollout.wanted(), lackOf(facts, rollout.wanted(), going), starts.leavingTargets());
        }
        String hold = held ? "paused by command" : image;
        return starts.waiting.isEmpty() ? hold : starts.waiting;
    }

    private boolean fallsBack() {
        return rollout.state() == RolloutState.ROLLING
                && !rollout.lastGood().isEmpty()
                && !rollout.lastGood().equals(rollout.target());
    }

    private int lackOfLastGood() {
        String target = rollout.wanted();
        int there = facts.legacy().size();
        for (Instance instance : facts.live()) {
            boolean counts = instance.revision().equals(target) ? facts.proven(instance, rollout) : staysGood(instance);
            there += counts ? 1 : 0;
        }
        return facts.promised(rollout) - there;
    }

    /** What leaves its node goes for the target, and for another of its own only while the target stands still. */
    private boolean staysGood(Instance instance) {
        return !going.contains(instance) && !(rollout.paused() && facts.leaves(instance));
    }

    /** How many serve as they should but have to leave their nodes. */
    private int leavingTargets() {
        int there = 0;
        for (Instance instance : facts.leaving()) {
            boolean counts =
                    instance.revision().equals(rollout.wanted()) && !going.contains(instance) && !facts.sick(instance);
            there += counts ? 1 : 0;
        }
        return there;
    }

    /** How many instances of the revision are missing where they may stay. */
    static int lackOf(AppFacts facts, String target, Set<Instance> going) {
        int there = facts.legacyOfTarget().size();
        for (Instance instance : facts.live()) {
            boolean counts = instance.revision().equals(target)
                    && !going.contains(instance)
                    && !facts.sick(instance)
                    && !facts.leaves(instance);
            there += counts ? 1 : 0;
        }
        return facts.wanted() - there;
    }

    /**
     * Starts instances of a revision as far as there is room.
     *
     * @param moves how many of them, at most, take the places of others that leave their nodes
     */
    private void start(String revisionId, int count, int moves) {
        if (count <= 0 || room <= 0) {
            return;
        }
        Optional<Revision> revision = draft.revision(revisionId, facts.desired());
        if (revision.isEmpty()) {
            waiting = "the spec of revision " + Rollouts.shortId(revisionId) + " is not stored";
            return;
        }
        if (revisionId.equals(rollout.lastGood()) && rollout.nextStart() > draft.now()) {
            waiting = "crash loop (" + rollout.crashes() + " crashes): next start at "
                    + Instant.ofEpochMilli(rollout.nextStart()).truncatedTo(ChronoUnit.SECONDS);
            draft.followUp(rollout.nextStart());
            return;
        }
        for (int left = count; left > 0 && room > 0; left--) {
            boolean move = left <= moves;
            if ((move && !draft.moves().mayBegin(facts)) || !startOne(revision.get())) {
                return;
            }
            room--;
            if (move) {
                draft.moves().begun(facts);
            }
        }
    }

    private boolean startOne(Revision revision) {
        if (draft.orders() >= draft.policy().maxActions()) {
            draft.followUp(draft.now());
            return false;
        }
        Optional<String> node = place(facts, revision);
        if (node.isEmpty()) {
            waiting = facts.placement().shortage(revision.memoryMb(), facts.constraints());
            return false;
        }
        InstanceSpec spec = spec(revision);
        draft.order(new Action.Start(node.get(), spec));
        Map<String, String> place =
                facts.placement().inputs(node.get(), facts.app(), revision, facts.constraints(), imageNames(revision));
        draft.event(
                "start",
                facts.app(),
                spec.instance(),
                node.get(),
                "revision " + Rollouts.shortId(revision.id()),
                Inputs.start(facts, rollout, going, revision, ordered, place));
        ordered++;
        return true;
    }

    /** The best node for one more instance of the revision, its memory taken. */
    static Optional<String> place(AppFacts facts, Revision revision) {
        Draft draft = facts.draft();
        return facts.placement()
                .place(
                        facts.app(),
                        revision,
                        facts.constraints(),
                        imageNames(revision),
                        ip -> draft.avoids(facts.app(), ip));
    }

    private static Set<String> imageNames(Revision revision) {
        String name = revision.image();
        return revision.digest().isEmpty()
                ? Set.of(name)
                : Set.of(name, ImageRef.parse(name).byDigest(revision.digest()));
    }

    private InstanceSpec spec(Revision revision) {
        String health = facts.desired().row().health();
        return new InstanceSpec(
                instanceId(facts.app(), revision.id(), draft.now(), draft.orders()),
                facts.app(),
                revision.id(),
                revision.image(),
                revision.digest(),
                revision.memoryMb(),
                revision.env(),
                health == null ? "" : health,
                draft.policy().healthSign(),
                draft.policy().scribeIp(),
                draft.policy().scribePort(),
                draft.policy().startupSeconds());
    }

    /** An id without any chance in it: the same plan names the same instances. */
    static String instanceId(String app, String revision, long now, int ordinal) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest((app + "\n" + revision + "\n" + now + "\n" + ordinal).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, ID_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
