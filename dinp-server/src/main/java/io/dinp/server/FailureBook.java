package io.dinp.server;

import io.dinp.server.agents.Agents;
import io.dinp.server.core.Event;
import io.dinp.server.core.Failure;
import io.dinp.server.core.KeptFailure;
import io.dinp.server.core.NodeView;
import io.dinp.server.core.RealState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/**
 * Knows why each app's last deploy was given up, and has the last output of the instance fetched before anything removes
 * that instance. What is left of an instance waits for its output for ten seconds at most, whatever becomes of the fetching.
 */
final class FailureBook {

    private static final int TOLD_LINES = 5;
    private static final long FETCH_MS = 10_000;

    private final Agents agents;
    private final LongSupplier clock;
    private final Map<String, KeptFailure> failures;
    private final Map<String, Long> fetchedUntil = new ConcurrentHashMap<>();

    /** Begins with what MySQL remembers. */
    FailureBook(Agents agents, LongSupplier clock, Map<String, KeptFailure> stored) {
        this.agents = agents;
        this.clock = clock;
        this.failures = new ConcurrentHashMap<>(stored);
    }

    /** Why the last deploy of an app was given up, as far as that revision is concerned. */
    Optional<KeptFailure> of(String app, String revision) {
        return Optional.ofNullable(failures.get(app))
                .filter(kept -> kept.failure().revision().equals(revision));
    }

    /** True while the output of an instance is still to come. */
    boolean needs(String instance) {
        return clock.getAsLong() < fetchedUntil.getOrDefault(instance, 0L);
    }

    /** Drops what is known of an app that is gone. */
    void forget(String app) {
        failures.remove(app);
    }

    /**
     * Takes a failure.
     *
     * @param store takes it once more with its output, and an event with the last lines
     */
    void take(Failure failure, RealState real, BiConsumer<KeptFailure, Event> store) {
        failures.put(failure.app(), new KeptFailure(failure, List.of()));
        NodeView node = real.nodes().get(failure.node());
        if (node == null || failure.instance().isEmpty()) {
            return;
        }
        long now = clock.getAsLong();
        fetchedUntil.values().removeIf(until -> until <= now);
        fetchedUntil.put(failure.instance(), now + FETCH_MS);
        agents.logs(node.ip(), node.agentPort(), failure.instance(), log -> {
            if (!log.isEmpty()) {
                KeptFailure kept = new KeptFailure(failure, log);
                failures.replace(failure.app(), new KeptFailure(failure, List.of()), kept);
                store.accept(kept, told(kept));
            }
            fetchedUntil.remove(failure.instance());
        });
    }

    private Event told(KeptFailure kept) {
        Failure failure = kept.failure();
        List<String> log = kept.log();
        String lines = String.join(" | ", log.subList(Math.max(0, log.size() - TOLD_LINES), log.size()));
        return new Event(clock.getAsLong(), "last-output", failure.app(), failure.instance(), failure.node(), lines);
    }
}
