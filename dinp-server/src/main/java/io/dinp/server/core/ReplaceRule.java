package io.dinp.server.core;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Takes or refuses the health monitor's judgements and people's wishes: at most one instance of an app is replaced at a time,
 * and a sick one comes before one that somebody only wishes to be replaced.
 */
public final class ReplaceRule {

    private static final int LIFETIME_INTERVALS = 3;

    /** A wish waits as long as a deploy that makes no progress; it is not repeated. */
    private static final Duration WISH_LIFETIME = Duration.ofMinutes(5);

    private ReplaceRule() {}

    /** Why a verdict on an instance is refused, empty when it is taken. */
    public static Optional<String> refusal(Instance instance, Map<String, Verdict> live) {
        return refusal(instance, live, false);
    }

    /**
     * The same for a verdict or a wish.
     *
     * @param asked whether it is a wish, for which wishes about others are in the way, too
     */
    public static Optional<String> refusal(Instance instance, Map<String, Verdict> live, boolean asked) {
        if (instance.legacy()) {
            return Optional.of("a container of the original is not ours to replace");
        }
        return live.values().stream()
                .filter(v -> isOfAnother(v, instance) && (asked || !v.asked()))
                .map(v -> "instance " + v.instance() + " of this app is being replaced already")
                .findFirst();
    }

    private static boolean isOfAnother(Verdict verdict, Instance instance) {
        return verdict.app().equals(instance.app()) && !verdict.instance().equals(instance.id());
    }

    /** The verdicts with one more, or with one that is repeated and so keeps its age; wishes about the app's others give way. */
    public static Map<String, Verdict> with(
            Map<String, Verdict> live, Instance instance, String reason, Duration interval, long now) {
        Verdict known = live.get(instance.id());
        Map<String, Verdict> next = new HashMap<>(live);
        next.values().removeIf(verdict -> verdict.asked() && isOfAnother(verdict, instance));
        next.put(
                instance.id(),
                new Verdict(
                        instance.id(),
                        instance.app(),
                        reason,
                        known == null || known.asked() ? now : known.since(),
                        now + interval.toMillis() * LIFETIME_INTERVALS,
                        false));
        return Map.copyOf(next);
    }

    /** The verdicts with a wish about an instance, unless that is called sick already. */
    public static Map<String, Verdict> asked(Map<String, Verdict> live, Instance instance, String reason, long now) {
        Map<String, Verdict> next = new HashMap<>(live);
        next.putIfAbsent(
                instance.id(),
                new Verdict(instance.id(), instance.app(), reason, now, now + WISH_LIFETIME.toMillis(), true));
        return Map.copyOf(next);
    }

    /** The verdicts on instances that are still there: one that is gone holds up no other. */
    public static Map<String, Verdict> among(Map<String, Verdict> verdicts, RealState real) {
        Map<String, Verdict> present = new HashMap<>(verdicts);
        present.keySet()
                .retainAll(real.nodes().values().stream()
                        .flatMap(node -> node.instances().stream())
                        .map(Instance::id)
                        .toList());
        return Map.copyOf(present);
    }

    /** The verdicts that have not expired. */
    public static Map<String, Verdict> live(Map<String, Verdict> verdicts, long now) {
        Map<String, Verdict> live = new HashMap<>(verdicts);
        live.values().removeIf(verdict -> verdict.expires() <= now);
        return Map.copyOf(live);
    }
}
