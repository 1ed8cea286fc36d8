package io.dinp.server.core;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Bounds how many instances leave a node at once, over all apps: a node with many of them empties in steps, so that the
 * others are not asked to start everything in one moment. What is on its way already counts.
 */
final class Moves {

    /** Per node; an app's surge bounds its own moves besides. */
    static final int AT_ONCE = 8;

    private final Map<String, Integer> busy = new HashMap<>();
    private final Map<String, Integer> started = new HashMap<>();

    /** Counts what an app has on its way: what it drains, what is to take the place of others, and whoever is too many. */
    void count(AppFacts facts) {
        List<Instance> leaving = facts.leaving();
        if (leaving.isEmpty()) {
            return;
        }
        int underWay = (int) facts.live().stream()
                .filter(i -> facts.leaves(i) ? facts.draft().wasDraining(i) : !facts.available(i))
                .count();
        int surplus = facts.live().size() - facts.wanted();
        int moving = Math.min(Math.max(underWay, surplus), leaving.size());
        started.put(facts.app(), moving);
        leaving.subList(0, moving).forEach(i -> busy.merge(i.node(), 1, Integer::sum));
    }

    /** True when a further instance of an app may begin to leave. */
    boolean mayBegin(AppFacts facts) {
        return next(facts) >= 0;
    }

    /** Notes that the place of a further instance is being taken. */
    void begun(AppFacts facts) {
        int next = next(facts);
        busy.merge(facts.leaving().get(next).node(), 1, Integer::sum);
        started.merge(facts.app(), 1, Integer::sum);
    }

    private int next(AppFacts facts) {
        List<Instance> leaving = facts.leaving();
        int first = started.getOrDefault(facts.app(), 0);
        return first < leaving.size() && busy.getOrDefault(leaving.get(first).node(), 0) < AT_ONCE ? first : -1;
    }
}
