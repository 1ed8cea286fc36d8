package io.dinp.server.mysql;

import io.dinp.common.model.Revision;
import io.dinp.server.core.Event;
import io.dinp.server.core.KeptExit;
import io.dinp.server.core.KeptFailure;
import io.dinp.server.core.Plan;
import io.dinp.server.core.Rollout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What plans want stored and MySQL has not taken yet. Later plans overrule earlier ones, so that it stays small however
 * long MySQL is away. Used under the lock of its owner.
 */
public final class Batch {

    private static final int MAX_EVENTS = 10_000;
    private static final int MAX_EXITS = 2_000;
    private static final int MAX_FAILURES = 2_000;

    private final Map<String, Rollout> rollouts = new LinkedHashMap<>();
    private final Map<String, Integer> statuses = new LinkedHashMap<>();
    private final Set<String> dropped = new LinkedHashSet<>();
    private final Map<String, Revision> revisions = new LinkedHashMap<>();
    private final List<KeptFailure> failures = new ArrayList<>();
    private final Map<String, KeptExit> exits = new LinkedHashMap<>();
    private final Set<String> forgottenNodes = new LinkedHashSet<>();
    private final List<Event> events = new ArrayList<>();

    /** Adds what a plan wants stored. */
    public void add(Plan plan) {
        for (String app : plan.dropped()) {
            rollouts.remove(app);
            statuses.remove(app);
            dropped.add(app);
        }
        for (Rollout rollout : plan.rollouts()) {
            dropped.remove(rollout.app());
            rollouts.put(rollout.app(), rollout);
        }
        statuses.putAll(plan.statuses());
        plan.revisions().forEach(revision -> revisions.put(revision.id(), revision));
        plan.failures().forEach(failure -> add(new KeptFailure(failure, List.of())));
        plan.events().forEach(this::add);
    }

    /** Adds why a deploy was given up, or the same once more when its output has become known; the oldest are lost when too many wait. */
    public void add(KeptFailure failure) {
        if (failures.size() >= MAX_FAILURES) {
            failures.remove(0);
        }
        failures.add(failure);
    }

    /** Adds how an instance ended, or the same once more with its output; false when too many wait. */
    public boolean add(KeptExit exit) {
        boolean room = exits.size() < MAX_EXITS || exits.containsKey(exit.exit().instance());
        if (room) {
            exits.put(exit.exit().instance(), exit);
        }
        return room;
    }

    /** Adds that a node is gone for good. */
    public void forgetNode(String ip) {
        forgottenNodes.add(ip);
    }

    /** Adds an event; the oldest ones are lost when too many wait. */
    public void add(Event event) {
        if (events.size() >= MAX_EVENTS) {
            events.remove(0);
        }
        events.add(event);
    }

    /** Adds what has been added to another batch after this one was taken. */
    public void addAll(Batch later) {
        later.dropped.forEach(app -> {
            rollouts.remove(app);
            statuses.remove(app);
        });
        dropped.addAll(later.dropped);
        dropped.removeAll(later.rollouts.keySet());
        rollouts.putAll(later.rollouts);
        statuses.putAll(later.statuses);
        revisions.putAll(later.revisions);
        later.failures.forEach(this::add);
        forgottenNodes.addAll(later.forgottenNodes);
        later.exits.values().forEach(this::add);
        later.events.forEach(this::add);
    }

    /** True when there is nothing to store. */
    public boolean isEmpty() {
        return rollouts.isEmpty()
                && statuses.isEmpty()
                && dropped.isEmpty()
                && revisions.isEmpty()
                && failures.isEmpty()
                && exits.isEmpty()
                && forgottenNodes.isEmpty()
                && events.isEmpty();
    }

    /** Rollouts to store, one for each app. */
    public Iterable<Rollout> rollouts() {
        return rollouts.values();
    }

    /** Statuses to write, by app. */
    public Map<String, Integer> statuses() {
        return statuses;
    }

    /** Apps of which nothing is to be kept. */
    public Set<String> dropped() {
        return dropped;
    }

    /** Specs to store. */
    public Iterable<Revision> revisions() {
        return revisions.values();
    }

    /** Why deploys were given up. */
    public List<KeptFailure> failures() {
        return failures;
    }

    /** How instances ended, each once. */
    public Iterable<KeptExit> exits() {
        return exits.values();
    }

    /** Addresses of nodes that are gone for good. */
    public Set<String> forgottenNodes() {
        return forgottenNodes;
    }

    /** What happened, oldest first. */
    public List<Event> events() {
        return events;
    }
}
