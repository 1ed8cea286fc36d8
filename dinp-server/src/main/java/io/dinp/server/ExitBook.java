package io.dinp.server;

import io.dinp.common.metrics.Metrics;
import io.dinp.server.agents.Agents;
import io.dinp.server.core.Event;
import io.dinp.server.core.Exit;
import io.dinp.server.core.Failure;
import io.dinp.server.core.KeptExit;
import io.dinp.server.core.KeptFailure;
import io.dinp.server.core.NodeView;
import io.dinp.server.core.Plan;
import io.dinp.server.core.RealState;
import io.prometheus.metrics.core.metrics.Counter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Has the last output of ending instances fetched before anything removes them, and kept with the reason of their end.
 * An order that removes one waits for that ten seconds at most, whatever becomes of the fetching. However many instances
 * end at once, agents are asked for few outputs at a time and MySQL gets few rows a second; the rest is counted and lost.
 */
final class ExitBook {

    private static final int TOLD_LINES = 5;
    private static final long FETCH_MS = 10_000;
    private static final int FETCHES = 256;
    private static final int FETCHES_OF_NODE = 16;
    private static final int ROWS_AT_ONCE = 500;
    private static final int ROWS_PER_SECOND = 50;
    private static final Counter DROPPED = Metrics.counter(
            "dinp_server_exits_dropped_total", "Ends of instances of which no row or no output was kept", "what");

    private final Agents agents;
    private final FailureBook failures;
    private final LongSupplier clock;
    private final Map<String, Fetch> fetches = new HashMap<>();
    private double rows = ROWS_AT_ONCE;
    private long rowsAt;

    /** An output on its way, and the orders that wait for it. */
    private record Fetch(String node, long until, List<Runnable> after) {}

    /** Takes what is to be stored. */
    interface Keeper {
        /** An end, without its output or once more with it; false when too many wait. */
        boolean keep(KeptExit exit);

        /** A failure once more with its output, and the event that tells it. */
        void keep(KeptFailure failure, Event event);
    }

    ExitBook(Agents agents, FailureBook failures, LongSupplier clock) {
        this.agents = agents;
        this.failures = failures;
        this.clock = clock;
        this.rowsAt = clock.getAsLong();
    }

    /** True while the output of an instance is still to come. */
    synchronized boolean needs(String instance) {
        Fetch fetch = fetches.get(instance);
        return fetch != null && clock.getAsLong() < fetch.until();
    }

    /** Gives an order that removes an instance: now, or when its output is there. */
    void then(String instance, Runnable order) {
        synchronized (this) {
            Fetch fetch = fetches.get(instance);
            if (fetch != null) {
                fetch.after().add(order);
                return;
            }
        }
        order.run();
    }

    /** Lets go of what has waited for long enough. */
    void release() {
        List<Runnable> due = new ArrayList<>();
        synchronized (this) {
            long now = clock.getAsLong();
            fetches.values().stream().filter(fetch -> fetch.until() <= now).forEach(fetch -> due.addAll(fetch.after()));
            fetches.values().removeIf(fetch -> fetch.until() <= now);
        }
        due.forEach(Runnable::run);
    }

    /** Takes the ends and the failures of a plan. */
    void take(Plan plan, RealState real, Keeper keeper) {
        Set<String> failed = new HashSet<>();
        for (Failure failure : plan.failures()) {
            failures.take(failure);
            failed.add(failure.instance());
        }
        for (Exit exit : plan.exits()) {
            take(exit, real.nodes().get(exit.node()), failed.contains(exit.instance()), keeper);
        }
    }

    /** What a deploy failed for is never too much: it fails once. */
    private void take(Exit exit, NodeView node, boolean failedDeploy, Keeper keeper) {
        if ((!failedDeploy && !mayStore()) || !keeper.keep(new KeptExit(exit, List.of()))) {
            DROPPED.labelValues("row").inc();
            return;
        }
        if (node == null || node.agentPort() == 0) {
            return;
        }
        if (begin(exit, failedDeploy)) {
            agents.logs(node.ip(), node.agentPort(), exit.instance(), log -> arrived(exit, log, keeper));
        } else {
            DROPPED.labelValues("output").inc();
        }
    }

    private synchronized boolean mayStore() {
        long now = clock.getAsLong();
        rows = Math.min(ROWS_AT_ONCE, rows + Math.max(0, now - rowsAt) * ROWS_PER_SECOND / 1000.0);
        rowsAt = now;
        if (rows < 1) {
            return false;
        }
        rows--;
        return true;
    }

    private synchronized boolean begin(Exit exit, boolean failedDeploy) {
        long ofNode = fetches.values().stream()
                .filter(fetch -> fetch.node().equals(exit.node()))
                .count();
        if (!failedDeploy && (fetches.size() >= FETCHES || ofNode >= FETCHES_OF_NODE)) {
            return false;
        }
        fetches.putIfAbsent(exit.instance(), new Fetch(exit.node(), clock.getAsLong() + FETCH_MS, new ArrayList<>()));
        return true;
    }

    private void arrived(Exit exit, List<String> log, Keeper keeper) {
        if (!log.isEmpty()) {
            keeper.keep(new KeptExit(exit, log));
            failures.output(exit.app(), exit.instance(), log).ifPresent(kept -> keeper.keep(kept, told(kept)));
        }
        Fetch fetch;
        synchronized (this) {
            fetch = fetches.remove(exit.instance());
        }
        if (fetch != null) {
            fetch.after().forEach(Runnable::run);
        }
    }

    private Event told(KeptFailure kept) {
        Failure failure = kept.failure();
        List<String> log = kept.log();
        String lines = String.join(" | ", log.subList(Math.max(0, log.size() - TOLD_LINES), log.size()));
        return new Event(clock.getAsLong(), "last-output", failure.app(), failure.instance(), failure.node(), lines);
    }
}
