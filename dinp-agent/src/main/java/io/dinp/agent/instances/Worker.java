package io.dinp.agent.instances;

import io.dinp.agent.core.Entry;
import io.dinp.agent.core.Inspected;
import io.dinp.agent.core.Labels;
import io.dinp.agent.core.NodeFacts;
import io.dinp.agent.core.Observation;
import io.dinp.agent.core.Readiness;
import io.dinp.agent.docker.DockerAway;
import io.dinp.agent.docker.DockerEngine;
import io.dinp.agent.docker.DockerRefused;
import io.dinp.agent.images.ImageSupply;
import io.dinp.agent.journal.PortBook;
import io.dinp.agent.probe.Prober;
import io.dinp.common.model.FailureStage;
import io.dinp.common.model.ImageRef;
import io.dinp.common.model.InstanceSpec;
import io.dinp.common.model.InstanceState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves an instance on: pull, create, start, probe, ready, or stop and remove. Each step starts from the entry and from what
 * the engine has, never from what an earlier step remembers, so it may be repeated after any interruption. One worker at a
 * time is at an instance.
 */
final class Worker {
    /** How many last lines of an ended container are kept. */
    static final int LAST_LINES = 50;

    private static final Logger log = LoggerFactory.getLogger(Worker.class);
    /** Containers that are being created or started; two processors are busy with fewer. */
    private static final int STARTS_AT_ONCE = 6;

    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration KILL_LIMIT = Duration.ofSeconds(10);

    private final NodeFacts node;
    private final DockerEngine engine;
    private final ImageSupply images;
    private final PortBook ports;
    private final Prober prober;
    private final LongSupplier clock;
    private final Turns turns = new Turns(STARTS_AT_ONCE);

    Worker(NodeFacts node, DockerEngine engine, ImageSupply images, PortBook ports, Prober prober, LongSupplier clock) {
        this.node = node;
        this.engine = engine;
        this.images = images;
        this.ports = ports;
        this.prober = prober;
        this.clock = clock;
    }

    /** Works until nothing is left to do and no news has come since; the slot must have been claimed. */
    void run(Slot slot) {
        try {
            long seen;
            do {
                do {
                    seen = slot.news();
                } while (!settled(slot, seen));
            } while (!slot.release(seen));
        } catch (InterruptedException e) {
            slot.abandon();
            Thread.currentThread().interrupt();
        }
    }

    private boolean settled(Slot slot, long seen) throws InterruptedException {
        Entry entry = slot.entry();
        try {
            return step(slot, entry);
        } catch (DockerAway e) {
            log.debug("step waits for Docker instance={} state={}", entry.instance(), entry.state(), e);
        } catch (DockerRefused e) {
            fail(slot, entry, e.getMessage());
        } catch (RuntimeException e) {
            log.error("step failed instance={} state={}", entry.instance(), entry.state(), e);
            fail(slot, entry, e.toString());
        }
        slot.awaitNews(seen, RETRY);
        return false;
    }

    private boolean step(Slot slot, Entry entry) throws DockerAway, DockerRefused, InterruptedException {
        return switch (entry.state()) {
            case ACCEPTED -> begin(slot, entry);
            case PULLING -> pull(slot, entry);
            case CREATING -> inTurn(slot, entry, this::create);
            case STARTING -> inTurn(slot, entry, this::start);
            case RUNNING -> entry.run().ready() ? !look(slot, entry) : untilReady(slot, entry);
            case EXITED -> !look(slot, entry) && explained(slot, entry);
            case FAILED -> silenced(entry);
            case STOPPING -> stopped(slot, entry);
        };
    }

    private interface Step {
        boolean take(Slot slot, Entry entry) throws DockerAway, DockerRefused, InterruptedException;
    }

    private boolean inTurn(Slot slot, Entry entry, Step step) throws DockerAway, DockerRefused, InterruptedException {
        if (!turns.begin(() -> slot.entry().equals(entry))) {
            return false;
        }
        try {
            return step.take(slot, entry);
        } finally {
            turns.end();
        }
    }

    /** A container of an earlier attempt or of the time before a power cut is used again. */
    private boolean begin(Slot slot, Entry entry) throws DockerAway, DockerRefused, InterruptedException {
        Optional<Inspected> existing = own(entry);
        if (existing.isEmpty()) {
            slot.replace(entry, entry.pulling());
        } else if (Orders.isOnPort(existing.get(), entry.port())) {
            slot.replace(entry, entry.starting(existing.get().id(), Orders.digest(existing.get(), entry)));
        } else {
            engine.remove(existing.get().id());
        }
        return false;
    }

    private boolean pull(Slot slot, Entry entry) throws DockerAway, DockerRefused, InterruptedException {
        InstanceSpec spec = entry.spec();
        // One that has run before is the same program again, also when its container is lost and the registry away.
        String known = spec.digest().isEmpty() ? entry.run().digest() : spec.digest();
        String digest = images.supply(
                spec.app(),
                spec.revision(),
                ImageRef.parse(spec.image()),
                known,
                () -> !slot.entry().equals(entry));
        slot.replace(entry, entry.creating(digest));
        return false;
    }

    private boolean create(Slot slot, Entry entry) throws DockerAway, DockerRefused, InterruptedException {
        String id;
        try {
            id = engine.create(Orders.container(node, entry));
        } catch (DockerRefused e) {
            Optional<Inspected> existing = e.conflict() ? own(entry) : Optional.empty();
            if (existing.isEmpty()) {
                throw e;
            }
            id = existing.get().id();
        }
        slot.replace(entry, entry.starting(id, entry.run().digest()));
        return false;
    }

    private boolean start(Slot slot, Entry entry) throws DockerAway, DockerRefused, InterruptedException {
        String id = entry.run().containerId();
        try {
            engine.start(id);
        } catch (DockerRefused e) {
            boolean neverRan =
                    engine.inspect(id).filter(seen -> seen.startedAt() == 0).isPresent();
            if (e.portTaken() && neverRan) {
                return onOtherPort(slot, entry, e);
            }
            throw e;
        }
        Optional<Inspected> seen = engine.inspect(id);
        if (seen.isEmpty()) {
            slot.replace(entry, entry.exited(null, false, "its container was removed by somebody else"));
            return false;
        }
        Entry started = entry.started(seen.get(), node.bootId());
        slot.replace(entry, withLines(Observation.judge(started, seen, node.bootId())));
        return false;
    }

    /** Somebody outside holds the port; it was never published, so another one does as well. */
    private boolean onOtherPort(Slot slot, Entry entry, DockerRefused taken)
            throws DockerAway, DockerRefused, InterruptedException {
        OptionalInt other = ports.lease();
        if (other.isEmpty()) {
            slot.replace(entry, entry.failed(FailureStage.START, taken.getMessage() + "; " + ports.shortage()));
            return false;
        }
        log.warn("port taken by somebody else port={} instance={} next={}", entry.port(), entry.instance(), other);
        engine.remove(entry.run().containerId());
        boolean moved = slot.replace(entry, entry.onPort(other.getAsInt()));
        ports.rest(moved ? entry.port() : other.getAsInt());
        return false;
    }

    private boolean untilReady(Slot slot, Entry entry) throws DockerAway, DockerRefused, InterruptedException {
        Duration limit = Duration.ofSeconds(entry.spec().startupSeconds());
        long begun = System.nanoTime();
        while (true) {
            long seen = slot.news();
            Optional<String> fault = prober.probe(
                    entry.run().address(), entry.spec().health(), entry.spec().healthSign());
            if (fault.isEmpty()) {
                slot.replace(entry, entry.ready(clock.getAsLong()));
                return false;
            }
            Duration taken = Duration.ofNanos(System.nanoTime() - begun);
            if (taken.compareTo(limit) >= 0) {
                String why = "not ready within " + limit.toSeconds() + " s; last probe: " + fault.get();
                slot.replace(entry, withLines(entry.failed(FailureStage.READY, why)));
                return false;
            }
            if (slot.awaitNews(seen, Readiness.pause(taken)) && look(slot, entry)) {
                return false;
            }
        }
    }

    /** Looks at the container; answers whether the entry is another one now. */
    private boolean look(Slot slot, Entry entry) throws DockerAway, DockerRefused, InterruptedException {
        Optional<Inspected> seen = engine.inspect(entry.run().containerId());
        Entry next = Observation.judge(entry, seen, node.bootId());
        if (!next.equals(entry)) {
            slot.replace(entry, withLines(next));
        }
        return !slot.entry().equals(entry);
    }

    private Entry withLines(Entry ended) throws DockerAway, InterruptedException {
        boolean over = ended.state() == InstanceState.EXITED || ended.state() == InstanceState.FAILED;
        return over ? ended.withLastLines(engine.tail(ended.run().containerId(), LAST_LINES)) : ended;
    }

    /** The death of a ready instance is told at once; what it was comes after. */
    private boolean explained(Slot slot, Entry entry) throws DockerAway, DockerRefused, InterruptedException {
        Optional<Inspected> seen = engine.inspect(entry.run().containerId());
        if (seen.isPresent() && entry.lastLines().isEmpty()) {
            List<String> lines = engine.tail(seen.get().id(), LAST_LINES);
            slot.replace(entry, entry.exitedAs(seen.get(), lines));
        }
        return true;
    }

    /** What never became ready uses no more memory; its logs stay until the server has it removed. */
    private boolean silenced(Entry entry) throws DockerAway, DockerRefused, InterruptedException {
        Optional<Inspected> seen = own(entry);
        if (seen.isPresent() && seen.get().running()) {
            engine.signal(seen.get().id(), "SIGKILL");
        }
        return true;
    }

    private boolean stopped(Slot slot, Entry entry) throws DockerAway, DockerRefused, InterruptedException {
        Optional<Inspected> seen = own(entry);
        if (seen.isPresent()) {
            String id = seen.get().id();
            if (seen.get().running()) {
                end(id, Duration.ofSeconds(entry.graceSeconds()));
            }
            engine.remove(id);
        }
        if (entry.port() > 0) {
            ports.rest(entry.port());
        }
        slot.forget();
        log.info("instance removed app={} instance={} port={}", entry.spec().app(), entry.instance(), entry.port());
        return true;
    }

    private void end(String container, Duration grace) throws DockerAway, DockerRefused, InterruptedException {
        engine.signal(container, "SIGTERM");
        if (!engine.awaitExit(container, grace)) {
            engine.signal(container, "SIGKILL");
            engine.awaitExit(container, KILL_LIMIT);
        }
    }

    /** The instance's container, empty when there is none; one of the name that is not ours is not ours to touch. */
    private Optional<Inspected> own(Entry entry) throws DockerAway, DockerRefused, InterruptedException {
        String id = entry.run().containerId();
        return engine.inspect(id.isEmpty() ? Orders.name(entry) : id)
                .filter(seen -> node.cluster().equals(seen.labels().get(Labels.CLUSTER))
                        && entry.instance().equals(seen.labels().get(Labels.INSTANCE)));
    }

    private static void fail(Slot slot, Entry entry, String reason) {
        switch (entry.state()) {
            case ACCEPTED, CREATING -> slot.replace(entry, entry.failed(FailureStage.CREATE, reason));
            case PULLING -> slot.replace(entry, entry.failed(FailureStage.PULL, reason));
            case STARTING -> slot.replace(entry, entry.failed(FailureStage.START, reason));
            default ->
                log.warn(
                        "step is tried again instance={} state={} reason={}",
                        entry.instance(),
                        entry.state().wire(),
                        reason);
        }
    }
}
