package io.dinp.server.sim;

import io.dinp.common.model.ContainerReport;
import io.dinp.common.model.FailureStage;
import io.dinp.common.model.ImageOrder;
import io.dinp.common.model.InstanceSpec;
import io.dinp.common.model.InstanceState;
import io.dinp.common.model.NodeReport;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A machine with its agent. The agent keeps a journal and leases ports as dinp-agent does; containers behave as the name of
 * their image says: {@code nopull}, {@code exits}, {@code never} (ready), {@code dies} (later), {@code sick} (later).
 */
final class SimNode {

    private static final long GAP_MS = 50;

    /** Told of what the network and the laws of the world care for. */
    interface Watcher {
        /** The agent has something to tell. */
        void beats(SimNode node);

        /** A port is leased to an instance. */
        void leases(SimNode node, SimContainer container);

        /** A process begins to listen on its port. */
        void listens(SimNode node, SimContainer container);

        /** A process that served is ended by something that nobody ordered. */
        void taken(SimNode node, SimContainer container);

        /** Something about a container has changed. */
        void changed();
    }

    final String ip;
    final long capacityMb;
    final Map<String, SimContainer> journal = new TreeMap<>();
    private final Map<String, String> labels;
    private static final long CLOCK_BEGINS_MS = 1_000_000_000;

    private final long skewMs;
    private final long intervalMs;
    private final Random random;
    private final Timeline time;
    private final Trace trace;
    private final Watcher watcher;
    private final SimImages images;
    private final HostPorts ports;
    private long seq;
    private int boot = 1;
    private int life;
    private long lastBeat = Long.MIN_VALUE / 2;
    private boolean beatDue;
    private boolean up = true;
    private boolean agentUp = true;
    boolean engineDown;

    SimNode(
            String ip,
            long capacityMb,
            int ports,
            Map<String, String> labels,
            long skewMs,
            long intervalMs,
            Random random,
            Timeline time,
            Trace trace,
            Watcher watcher) {
        this.ip = ip;
        this.capacityMb = capacityMb;
        this.labels = labels;
        this.skewMs = skewMs;
        this.intervalMs = intervalMs;
        this.random = random;
        this.time = time;
        this.trace = trace;
        this.watcher = watcher;
        this.images = new SimImages(random);
        this.ports = new HostPorts(ports);
        time.after(random.nextInt(1_000), this::pulse);
    }

    boolean isUp() {
        return up;
    }

    /** True while its agent takes orders. */
    boolean answers() {
        return up && agentUp;
    }

    int life() {
        return life;
    }

    /** The process that listens on one of this node's ports, null when none does. */
    SimContainer listener(String endpoint) {
        for (SimContainer container : journal.values()) {
            if (container.running && endpoint.endsWith(":" + container.port)) {
                return container;
            }
        }
        return null;
    }

    long usedMb() {
        return journal.values().stream()
                .filter(SimContainer::usesMemory)
                .mapToLong(c -> c.spec.memoryMb())
                .sum();
    }

    // ---- the machine

    /** The power goes, and comes back some time later. */
    void powerCut(long downMs) {
        if (!up) {
            return;
        }
        say("POWER CUT for {} ms", downMs);
        journal.values().forEach(this::takenAway);
        up = false;
        agentUp = false;
        life++;
        time.after(downMs, () -> {
            up = true;
            boot++;
            agentStarts(1_000 + random.nextInt(3_000));
        });
    }

    private void takenAway(SimContainer container) {
        if (container.serves()) {
            watcher.taken(this, container);
        }
        container.running = false;
        container.turn++;
    }

    /** The agent is killed, and comes back some time later. */
    void agentRestart(long downMs) {
        if (!answers()) {
            return;
        }
        say("AGENT KILLED for {} ms", downMs);
        agentUp = false;
        life++;
        agentStarts(downMs);
    }

    private void agentStarts(long ms) {
        int mine = life;
        time.after(ms, () -> {
            if (mine == life && up) {
                agentUp = true;
                say("agent starts");
                images.forgetOrders();
                List.copyOf(journal.values()).forEach(this::resume);
                changed();
            }
        });
    }

    /** What the journal and the engine together say after a start of the agent. */
    private void resume(SimContainer c) {
        boolean ended = !c.running && (c.state == InstanceState.RUNNING || c.state == InstanceState.EXITED);
        if (ended && c.boot == boot && c.state == InstanceState.RUNNING) {
            c.exited();
        } else if (ended && c.boot < boot && (c.state == InstanceState.RUNNING || c.readyAt > 0)) {
            c.state = InstanceState.ACCEPTED;
            c.stage = null;
            c.exitCode = null;
            c.ready = false;
            c.startedAt = 0;
        }
        if (c.state == InstanceState.PULLING || c.state == InstanceState.STARTING) {
            c.state = InstanceState.ACCEPTED;
        }
        goOn(c);
    }

    /** A process ends by itself. */
    void crash(String instance) {
        SimContainer container = journal.get(instance);
        if (container == null || !container.running || !up) {
            return;
        }
        say("{} CRASHES", container);
        takenAway(container);
        if (agentUp && container.state == InstanceState.RUNNING) {
            container.exited();
        } else if (agentUp) {
            goOn(container);
        }
        changed();
    }

    // ---- orders

    /** Takes an order, as often as it comes. */
    void put(InstanceSpec spec) {
        if (journal.containsKey(spec.instance())) {
            return;
        }
        SimContainer c = new SimContainer(spec, ports.lease());
        journal.put(spec.instance(), c);
        say("accepts {}", c);
        if (c.port == 0) {
            c.failed(FailureStage.CREATE, "no free host port");
        } else {
            watcher.leases(this, c);
            goOn(c);
        }
        changed();
    }

    /** Has an instance stopped and removed; an unknown one is gone already. */
    void delete(String instance, int graceSeconds) {
        SimContainer c = journal.get(instance);
        if (c == null || c.state == InstanceState.STOPPING) {
            return;
        }
        say("stops {}", c);
        c.state = InstanceState.STOPPING;
        c.stage = null;
        c.ready = false;
        long needed = c.running ? random.nextInt(random.nextInt(5) == 0 ? graceSeconds * 1_000 + 1 : 300) : 1;
        c.turn++;
        step(c, needed, () -> removed(c));
        changed();
    }

    private void removed(SimContainer c) {
        c.running = false;
        journal.remove(c.spec.instance());
        ports.rest(c.port);
        say("removed {}", c);
    }

    /** Takes the server's word that these ports may be used again. */
    void release(Collection<Integer> released) {
        ports.release(released, port -> say("port {} is free again", port));
    }

    /** Takes an order to have an image ready, as often as it comes. */
    void pull(ImageOrder order) {
        if (!images.order(order)) {
            return;
        }
        say("pulls {}", order);
        int mine = life;
        time.after(images.pullMs(order.image()), () -> {
            if (mine == life && answers()) {
                images.done(order);
                changed();
            }
        });
        changed();
    }

    // ---- the way of an instance

    private void goOn(SimContainer c) {
        switch (c.state) {
            case ACCEPTED -> step(c, 1, () -> c.state = InstanceState.PULLING);
            case PULLING -> step(c, images.pullMs(c.spec.image()), () -> pulled(c));
            case STARTING -> step(c, 20 + random.nextInt(150), () -> started(c));
            case RUNNING -> {
                if (!c.ready) {
                    step(c, readyMs(c), () -> probed(c));
                }
            }
            case STOPPING -> step(c, 100, () -> removed(c));
            default -> c.turn++;
        }
    }

    private long readyMs(SimContainer c) {
        return c.behaves("never") ? c.spec.startupSeconds() * 1_000L : 50 + random.nextInt(1_000);
    }

    private void step(SimContainer c, long ms, Runnable work) {
        long mine = ++c.turn;
        time.after(ms, () -> {
            if (mine == c.turn && answers()) {
                work.run();
                if (journal.containsKey(c.spec.instance())) {
                    goOn(c);
                }
                changed();
            }
        });
    }

    private void pulled(SimContainer c) {
        if (c.behaves("nopull")) {
            c.failed(FailureStage.PULL, "no such tag");
        } else {
            images.add(c.spec.image());
            c.state = InstanceState.STARTING;
        }
    }

    private void started(SimContainer c) {
        c.state = InstanceState.RUNNING;
        c.boot = boot;
        c.startedAt = time.now() + skewMs;
        c.readyAt = 0;
        c.running = true;
        watcher.listens(this, c);
    }

    private void probed(SimContainer c) {
        if (c.behaves("exits")) {
            c.running = false;
            c.exited();
        } else if (c.behaves("never")) {
            c.running = false;
            c.failed(FailureStage.READY, "not ready");
        } else {
            c.ready = true;
            c.servesSince = time.now();
            c.readyAt = time.now() + skewMs;
            if (c.behaves("dies")) {
                time.after(500 + random.nextInt(12_000), () -> crash(c.spec.instance()));
            } else if (c.behaves("sick")) {
                time.after(500 + random.nextInt(12_000), () -> c.sick = true);
            }
        }
    }

    // ---- beats

    private void changed() {
        watcher.changed();
        if (!beatDue && answers()) {
            beatDue = true;
            time.after(Math.max(0, lastBeat + GAP_MS - time.now()), this::beat);
        }
    }

    private void pulse() {
        beat();
        time.after(intervalMs, this::pulse);
    }

    private void beat() {
        beatDue = false;
        if (answers()) {
            lastBeat = time.now();
            watcher.beats(this);
        }
    }

    /** What the agent tells now. */
    NodeReport report() {
        seq = Math.max(seq + 1, time.now() + skewMs);
        List<ContainerReport> reports = new ArrayList<>();
        journal.values().forEach(c -> reports.add(c.report()));
        return new NodeReport(
                        ip,
                        capacityMb,
                        reports,
                        "node-" + ip,
                        "dinp",
                        seq,
                        "boot-" + boot,
                        capacityMb,
                        usedMb(),
                        1971,
                        ports.resting(),
                        labels,
                        images.names(),
                        "",
                        "sim",
                        images.pulls())
                .at(clock());
    }

    /** What the agent's orders are measured by: begins anywhere, goes on through all restarts, and is never set. */
    long clock() {
        return time.now() + CLOCK_BEGINS_MS + Math.floorMod(ip.hashCode(), CLOCK_BEGINS_MS);
    }

    private void say(String format, Object... parts) {
        if (trace.isOn()) {
            trace.say(time.now(), "node " + ip + ": " + format, parts);
        }
    }
}
