package io.dinp.agent.instances;

import io.dinp.agent.core.Entry;
import io.dinp.agent.core.Inspected;
import io.dinp.agent.core.Labels;
import io.dinp.agent.core.Listed;
import io.dinp.agent.core.NodeFacts;
import io.dinp.agent.core.Observation;
import io.dinp.agent.docker.ContainerEvents.ContainerEvent;
import io.dinp.agent.docker.DockerAway;
import io.dinp.agent.docker.DockerEngine;
import io.dinp.agent.docker.DockerRefused;
import io.dinp.agent.images.ImageSupply;
import io.dinp.agent.journal.Journal;
import io.dinp.agent.journal.PortBook;
import io.dinp.agent.probe.Prober;
import io.dinp.common.model.InstanceSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All instances of the node. Orders come from the server's API, news from Docker's events and the regular look; each is put
 * into the instance's slot, and a worker does the rest. An instance has at most one thread, so their number is bounded by
 * what the node has room for. Stopping the agent stops no container.
 */
public final class Instances implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Instances.class);
    private static final int REMEMBERED = 1000;

    /** What became of an order. */
    public enum Answer {
        /** It is on disk and has begun. */
        ACCEPTED,
        /** It was there already. */
        KNOWN,
        /** Another order has that id. */
        CONFLICT
    }

    private final NodeFacts node;
    private final Journal journal;
    private final PortBook ports;
    private final DockerEngine engine;
    private final Prober prober;
    private final Worker worker;
    private final Runnable changed;
    private final Map<String, Slot> slots = new ConcurrentHashMap<>();
    private final Set<String> removed = new LinkedHashSet<>();
    private final ExecutorService workers;

    /**
     * Without instances before {@link #resume}.
     *
     * @param clock epoch milliseconds
     * @param changed called after each change, must not wait
     */
    public Instances(
            NodeFacts node,
            Journal journal,
            PortBook ports,
            DockerEngine engine,
            ImageSupply images,
            Prober prober,
            LongSupplier clock,
            Runnable changed) {
        this.node = node;
        this.journal = journal;
        this.ports = ports;
        this.engine = engine;
        this.prober = prober;
        this.worker = new Worker(node, engine, images, ports, prober, clock);
        this.changed = changed;
        AtomicLong number = new AtomicLong();
        this.workers = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "instance-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Takes up what the journal has: what runs is looked at, what was begun goes on, what a power cut ended starts. */
    public void resume() throws IOException {
        for (Entry entry : journal.load()) {
            if (entry.port() > 0) {
                ports.claim(entry.port());
            }
            slots.put(entry.instance(), new Slot(journal, entry, changed));
        }
        log.info("journal read instances={}", slots.size());
        slots.values().forEach(this::kick);
    }

    /**
     * Takes an order; it is on disk when this returns.
     *
     * @throws UncheckedIOException when it cannot be put on disk
     */
    public synchronized Answer put(InstanceSpec spec) {
        Slot known = slots.get(spec.instance());
        if (known != null) {
            Entry entry = known.entry();
            if (!entry.isOrder(spec)) {
                return Answer.CONFLICT;
            }
            if (entry.adopted()) {
                known.order(now -> now.withSpec(spec));
            }
            return Answer.KNOWN;
        }
        OptionalInt port = ports.lease();
        Entry entry = port.isPresent() ? Entry.accepted(spec, port.getAsInt()) : Entry.refused(spec, ports.shortage());
        try {
            journal.write(entry);
        } catch (UncheckedIOException e) {
            port.ifPresent(ports::cancel);
            throw e;
        }
        log.info(
                "instance ordered app={} instance={} image={} port={}",
                spec.app(),
                spec.instance(),
                spec.image(),
                entry.port());
        add(entry);
        return Answer.ACCEPTED;
    }

    /**
     * Has an instance stopped and removed; the order is on disk when this returns.
     *
     * @param grace seconds between SIGTERM and SIGKILL
     * @return false when there is no such instance
     */
    public boolean stop(String instance, int grace) {
        Slot slot = slots.get(instance);
        if (slot == null) {
            return false;
        }
        slot.order(entry -> entry.stopping(grace));
        kick(slot);
        return true;
    }

    /** Whether the text may name an instance, and so a file and a container. */
    public static boolean isInstanceId(String text) {
        return Orders.isInstanceId(text);
    }

    /** All entries as they are now. */
    public List<Entry> entries() {
        return slots.values().stream().map(Slot::entry).toList();
    }

    /** The last output of an instance, also of one that has ended; empty when there is no such instance. */
    public Optional<List<String>> logs(String instance, int lines) throws DockerAway, InterruptedException {
        Slot slot = slots.get(instance);
        if (slot == null) {
            return Optional.empty();
        }
        Entry entry = slot.entry();
        String container = entry.run().containerId();
        List<String> tail = container.isEmpty() ? List.of() : engine.tail(container, lines);
        return Optional.of(tail.isEmpty() ? entry.lastLines() : tail);
    }

    /** Compares the engine's containers with the journal: looks closer where they disagree, adopts what is unknown. */
    public void observe(List<Listed> listed) throws DockerAway, DockerRefused, InterruptedException {
        Map<String, Listed> byId = new HashMap<>();
        for (Listed container : listed) {
            byId.put(container.id(), container);
            boolean ours = node.cluster().equals(container.cluster()) && Orders.isInstanceId(container.instance());
            if (ours && !slots.containsKey(container.instance())) {
                adopt(container);
            }
        }
        for (Slot slot : slots.values()) {
            Entry entry = slot.entry();
            Optional<Listed> container =
                    Optional.ofNullable(byId.get(entry.run().containerId()));
            if (Observation.isDue(entry, container, node.bootId())) {
                kick(slot);
            }
        }
    }

    /** News of one of our containers; others are none of this class's. */
    public void event(ContainerEvent event) {
        Slot slot = slots.get(event.attributes().getOrDefault(Labels.INSTANCE, ""));
        if (slot == null || !node.cluster().equals(event.attributes().get(Labels.CLUSTER))) {
            return;
        }
        if (event.action().equals("die") && slot.entry().run().ready()) {
            int code = Integer.parseInt(event.attributes().getOrDefault("exitCode", "0"));
            slot.change(entry -> entry.run().containerId().equals(event.container())
                    ? entry.exited(code, false, Observation.exitReason(code, false, 0))
                    : entry);
        }
        kick(slot);
    }

    @Override
    public void close() {
        workers.shutdownNow();
        try {
            if (!workers.awaitTermination(2, TimeUnit.SECONDS)) {
                log.info("a step was cut off, the journal has it");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void adopt(Listed container) throws DockerAway, DockerRefused, InterruptedException {
        Optional<Inspected> seen = engine.inspect(container.id());
        if (seen.isEmpty()) {
            return;
        }
        if (wasRemoved(container.instance())) {
            log.warn("container of a removed instance is removed instance={}", container.instance());
            engine.remove(container.id());
            return;
        }
        Entry entry = Orders.adopted(seen.get(), node.bootId());
        boolean serves =
                seen.get().running() && prober.tcp(entry.run().address()).isEmpty();
        Entry judged = Observation.judge(entry, seen, node.bootId());
        adopt(serves ? judged.ready(seen.get().startedAt()) : judged);
    }

    private synchronized void adopt(Entry entry) {
        if (slots.containsKey(entry.instance()) || wasRemoved(entry.instance())) {
            return;
        }
        if (entry.port() > 0) {
            ports.claim(entry.port());
        }
        journal.note(entry);
        log.info("instance adopted app={} instance={} port={}", entry.spec().app(), entry.instance(), entry.port());
        add(entry);
    }

    private void add(Entry entry) {
        Slot slot = new Slot(journal, entry, changed);
        slots.put(entry.instance(), slot);
        changed.run();
        kick(slot);
    }

    private void kick(Slot slot) {
        slot.tell();
        if (slot.claim()) {
            workers.execute(() -> {
                worker.run(slot);
                if (slot.gone()) {
                    forget(slot.entry().instance());
                }
            });
        }
    }

    private synchronized void forget(String instance) {
        removed.add(instance);
        if (removed.size() > REMEMBERED) {
            removed.remove(removed.iterator().next());
        }
        slots.remove(instance);
        changed.run();
    }

    private synchronized boolean wasRemoved(String instance) {
        return removed.contains(instance);
    }
}
