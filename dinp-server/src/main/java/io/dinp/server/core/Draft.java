package io.dinp.server.core;

import io.dinp.common.model.ImagePull;
import io.dinp.common.model.PullState;
import io.dinp.common.model.Revision;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/** A plan while it is being made: what has been decided so far, and what is left of the nodes. */
final class Draft {

    private static final long SOON_MS = 100;
    private static final int FEW = 4;

    private final Situation situation;
    private final Map<String, NodeStanding> standings;
    private final boolean cutOff;
    private final Moves moves = new Moves();
    private final List<Action> actions = new ArrayList<>();
    private final Map<String, Rollout> changed = new TreeMap<>();
    private final Set<String> dropped = new TreeSet<>();
    private final Map<String, Integer> statuses = new TreeMap<>();
    private final Set<String> draining = new HashSet<>();
    private final Set<String> returned = new HashSet<>();
    private final Set<String> judged = new HashSet<>();
    private final Map<String, Long> avoid = new HashMap<>();
    private final Set<String> notices = new TreeSet<>();
    private final Map<String, Revision> revisions = new TreeMap<>();
    private final List<Failure> failures = new ArrayList<>();
    private final Map<String, Exit> exits = new LinkedHashMap<>();
    private final List<Event> events = new ArrayList<>();
    private Placement placement;
    private Map<String, PullOn> pulls;
    private List<String> live = new ArrayList<>();
    private boolean touched;
    private boolean awaitsRouters;
    private long followUpAt = Long.MAX_VALUE;
    private long silenceAt = Long.MAX_VALUE;

    Draft(Situation situation, Map<String, NodeStanding> standings) {
        this.situation = situation;
        this.standings = new HashMap<>(standings);
        this.cutOff =
                NodeJudge.cutOff(situation.real(), situation.desired().nodes(), situation.policy(), situation.now());
        situation.progress().avoid().forEach((key, until) -> {
            if (until > situation.now()) {
                avoid.put(key, until);
                followUp(until);
            }
        });
    }

    /** Begins with an app: what is noted from now on is noted for it. */
    void begin() {
        live = new ArrayList<>(FEW);
        touched = false;
    }

    /** Ids of the instances of the app begun with that have not come to their end, those just ordered included. */
    List<String> live() {
        return live;
    }

    /**
     * True when the app begun with has left a trace: something was asked for, told or remembered for it, or it looked at something that
     * may be another thing in the next plan without any news of the app itself.
     */
    boolean isTouched() {
        return touched;
    }

    private void touch() {
        touched = true;
    }

    Situation situation() {
        return situation;
    }

    long now() {
        return situation.now();
    }

    Policy policy() {
        return situation.policy();
    }

    /** All that is known of the routes; who asks for more than its own endpoints has to be asked again. */
    RouteView routes() {
        touch();
        return situation.routes();
    }

    /** The endpoints in the table of one app's key. */
    List<String> endpointsOf(String key) {
        return situation.routes().table().endpointsOf(key);
    }

    /** What is left of the nodes, made when the first instance has to be placed; an app asks by its {@link AppFacts#placement}. */
    Placement placement() {
        touch();
        if (placement == null) {
            placement = new Placement(situation, standings);
        }
        return placement;
    }

    /** What is on its way from one node to another; apps are counted in before anything is ordered. */
    Moves moves() {
        touch();
        return moves;
    }

    /** What operators wish of a node. */
    NodeWish wish(String node) {
        return situation.desired().wish(node);
    }

    /** True when the server must take itself to be cut off from most nodes. */
    boolean isCutOff() {
        return cutOff;
    }

    NodeStanding standing(String node) {
        return standings.getOrDefault(node, NodeStanding.LOST);
    }

    /** Takes an order into the plan, unless it is full; then the rest comes with the next plan. */
    boolean order(Action action) {
        touch();
        if (actions.size() >= policy().maxActions()) {
            followUp(now() + SOON_MS);
            return false;
        }
        actions.add(action);
        if (action instanceof Action.Start) {
            live.add(action.instance());
        }
        return true;
    }

    /** How many orders there are: the ordinal of the next instance. */
    int orders() {
        touch();
        return actions.size();
    }

    /** Keeps an app's rollout, as it was before or changed. */
    void rollout(Rollout before, Rollout after) {
        if (!after.equals(before)) {
            touch();
            changed.put(after.app(), after);
        }
    }

    /** Drops the rollout of an app that is gone for good. */
    void drop(Rollout before) {
        touch();
        dropped.add(before.app());
    }

    /** Notes that the row's status must become another one. */
    void status(String app, int status) {
        touch();
        statuses.put(app, status);
    }

    void drains(Instance instance) {
        touch();
        draining.add(instance.id());
    }

    boolean wasDraining(Instance instance) {
        return touchIf(situation.progress().draining().contains(instance.id()));
    }

    /** Notes an instance that has not come to its end. */
    void sawLive(Instance instance) {
        live.add(instance.id());
    }

    /** True when its node was lost and is back, so that others may have been started in its place. */
    boolean isBack(Instance instance) {
        Progress before = situation.progress();
        return touchIf(before.returned().contains(instance.id())
                || before.standings().get(instance.node()) == NodeStanding.LOST);
    }

    /** Remembers an instance that is back for as long as its app has more than it needs. */
    void keepsBack(String instance) {
        touch();
        returned.add(instance);
    }

    private boolean touchIf(boolean remembered) {
        touched = touched || remembered;
        return remembered;
    }

    /** True when the last plan saw this instance live: then its end is news about its revision now. */
    boolean wasLive(Instance instance) {
        touch();
        return situation.progress().live().contains(instance.id());
    }

    /** Marks a fallen instance as counted; true when it had not been before. */
    boolean judge(Instance instance) {
        touch();
        judged.add(instance.id());
        return !situation.progress().judged().contains(instance.id());
    }

    void avoid(String app, String node, long until) {
        touch();
        avoid.put(app + "@" + node, until);
    }

    boolean avoids(String app, String node) {
        touch();
        return !avoid.isEmpty() && avoid.containsKey(app + "@" + node);
    }

    /** An image pull with the node that has told of it. */
    record PullOn(String node, ImagePull pull) {}

    /** A pull in a state that some node has told of for a wish. */
    Optional<PullOn> pull(String wish, PullState state) {
        touch();
        if (pulls == null) {
            pulls = new HashMap<>();
            situation
                    .real()
                    .nodes()
                    .forEach((ip, node) -> node.pulls()
                            .all()
                            .forEach(
                                    pull -> pulls.putIfAbsent(pull.wish() + " " + pull.state(), new PullOn(ip, pull))));
        }
        return Optional.ofNullable(pulls.get(wish + " " + state));
    }

    /** The full spec of a revision with everything known about it. */
    Optional<Revision> revision(String id, DesiredApp desired) {
        Revision stored = revisions.getOrDefault(id, situation.revisions().get(id));
        if (stored != null) {
            return Optional.of(stored);
        }
        return desired == null ? Optional.empty() : desired.revision().filter(r -> r.id().equals(id));
    }

    /** Has a spec stored, when it is new or more is known about it. */
    void store(Revision revision) {
        touch();
        revisions.putIfAbsent(revision.id(), revision);
    }

    /** Notes why a deploy has been given up. */
    void failure(Failure failure) {
        touch();
        failures.add(failure);
    }

    /** Notes how an instance ended; the first reason given is the one that counts. */
    void exit(Exit exit) {
        touch();
        exits.putIfAbsent(exit.instance(), exit);
    }

    /** Tells what was decided, where the reason says everything. */
    void event(String kind, String app, String instance, String node, String reason) {
        event(kind, app, instance, node, reason, Map.of());
    }

    /** Tells what was decided, and what from. */
    void event(String kind, String app, String instance, String node, String reason, Map<String, String> inputs) {
        touch();
        events.add(new Event(now(), kind, app, instance, node, reason, inputs));
    }

    /** An event that is told once, however long its cause stands. */
    void notice(String kind, String app, String node, String reason) {
        notice(kind, app, node, reason, Map::of);
    }

    /** An event that is told once, however long its cause stands; its inputs are asked for only then. */
    void notice(String kind, String app, String node, String reason, Supplier<Map<String, String>> inputs) {
        touch();
        String key = kind + "|" + app + "|" + node + "|" + reason;
        notices.add(key);
        if (!situation.progress().notices().contains(key)) {
            event(kind, app, "", node, reason, inputs.get());
        }
    }

    /** Asks for the next plan at a time, though not at once: plans follow each other at a bounded rate. */
    void followUp(long at) {
        touch();
        followUpAt = Math.min(followUpAt, at);
    }

    /** Asks for the next plan at a time at which a node has been silent for too long, unless it beats before. */
    void followSilence(long at) {
        silenceAt = at;
    }

    void awaitRouters() {
        touch();
        awaitsRouters = true;
    }

    /**
     * The plan, with the routes it leads to; none while the server is not warm.
     *
     * @param allLive ids of the instances of all apps that have not come to their end
     */
    Plan finish(Optional<RouteTable> routes, Set<String> allLive) {
        boolean warm = routes.isPresent();
        Progress before = situation.progress();
        List<Rollout> rows = changed.values().stream()
                .filter(rollout -> !rollout.sameRow(before.rollouts().get(rollout.app())))
                .toList();
        Progress after = new Progress(
                warm,
                rollouts(before.rollouts()),
                known(before.draining(), draining),
                allLive,
                known(before.returned(), returned),
                known(before.judged(), judged),
                Map.copyOf(avoid),
                Map.copyOf(standings),
                notices);
        return new Plan(
                List.copyOf(actions),
                routes,
                after,
                rows,
                statuses,
                dropped,
                List.copyOf(revisions.values()),
                List.copyOf(failures),
                List.copyOf(exits.values()),
                List.copyOf(events),
                awaitsRouters,
                Math.max(Math.min(followUpAt, silenceAt), now() + SOON_MS),
                placement == null ? followUpAt : now());
    }

    private SortedMap<String, Rollout> rollouts(SortedMap<String, Rollout> before) {
        if (changed.isEmpty() && dropped.isEmpty()) {
            return before;
        }
        SortedMap<String, Rollout> after = new TreeMap<>(before);
        after.putAll(changed);
        after.keySet().removeAll(dropped);
        return after;
    }

    /** What was known before, when it is the same: there may be very much of it. */
    private static Set<String> known(Set<String> before, Set<String> now) {
        return before.equals(now) ? before : Set.copyOf(now);
    }
}
