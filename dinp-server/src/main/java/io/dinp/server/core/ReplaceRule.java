package io.dinp.server.core;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Takes or refuses the health monitor's judgements: at most one instance of an app is replaced at a time. */
public final class ReplaceRule {

    private static final int LIFETIME_INTERVALS = 3;

    private ReplaceRule() {}

    /** Why a verdict on an instance is refused, empty when it is taken. */
    public static Optional<String> refusal(Instance instance, Map<String, Verdict> live) {
        if (instance.legacy()) {
            return Optional.of("a container of the original is not ours to replace");
        }
        return live.values().stream()
                .filter(v -> v.app().equals(instance.app()) && !v.instance().equals(instance.id()))
                .map(v -> "instance " + v.instance() + " of this app is being replaced already")
                .findFirst();
    }

    /** The verdicts with one more, or with one that is repeated and so keeps its age. */
    public static Map<String, Verdict> with(
            Map<String, Verdict> live, Instance instance, String reason, Duration interval, long now) {
        Verdict known = live.get(instance.id());
        Map<String, Verdict> next = new HashMap<>(live);
        next.put(
                instance.id(),
                new Verdict(
                        instance.id(),
                        instance.app(),
                        reason,
                        known == null ? now : known.since(),
                        now + interval.toMillis() * LIFETIME_INTERVALS));
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
