package io.dinp.agent;

import io.dinp.agent.core.NodeFacts;
import io.dinp.agent.core.Reports;
import io.dinp.agent.images.ImagePulls;
import io.dinp.agent.instances.Instances;
import io.dinp.agent.instances.Lookout;
import io.dinp.agent.journal.PortBook;
import io.dinp.agent.node.Machine;
import io.dinp.agent.rpc.Heartbeats;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Tells the servers what there is: every interval, and at once when something changes. It never asks Docker itself, so a slow
 * engine delays no news.
 */
final class AgentLoop {
    /** At most twenty beats a second, however much happens. */
    private static final Duration SHORTEST_GAP = Duration.ofMillis(50);

    private final NodeFacts node;
    private final long capacityMb;
    private final Lookout lookout;
    private final Instances instances;
    private final PortBook ports;
    private final ImagePulls pulls;
    private final Heartbeats heartbeats;
    private long seq;
    private long lastBeat = System.nanoTime() - SHORTEST_GAP.toNanos();

    AgentLoop(
            NodeFacts node,
            long capacityMb,
            Lookout lookout,
            Instances instances,
            PortBook ports,
            ImagePulls pulls,
            Heartbeats heartbeats) {
        this.node = node;
        this.capacityMb = capacityMb;
        this.lookout = lookout;
        this.instances = instances;
        this.ports = ports;
        this.pulls = pulls;
        this.heartbeats = heartbeats;
    }

    /** One beat, or NodeDown while Docker does not answer; nothing before the first look. */
    void tick() {
        pace();
        Lookout.View view = lookout.view();
        if (!view.looked()) {
            return;
        }
        if (!view.answered()) {
            heartbeats.nodeDown(node.ip());
            return;
        }
        // Starts at the clock, so that numbers rise also over a restart of the agent.
        seq = Math.max(seq + 1, System.currentTimeMillis());
        // Before the report is put together: an order that rests on it may hold a little too short, never too long.
        long clock = Machine.steadyMillis();
        heartbeats.beat(Reports.report(
                        node,
                        new Reports.Snapshot(
                                seq,
                                memFree(),
                                capacityMb,
                                instances.entries(),
                                view.legacy(),
                                view.statuses(),
                                ports.resting(),
                                view.images(),
                                pulls.reports()))
                .at(clock));
    }

    private void pace() {
        long left = SHORTEST_GAP.toNanos() - (System.nanoTime() - lastBeat);
        if (left > 0) {
            try {
                TimeUnit.NANOSECONDS.sleep(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        lastBeat = System.nanoTime();
    }

    private static long memFree() {
        try {
            return Machine.memory().availableMb();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
