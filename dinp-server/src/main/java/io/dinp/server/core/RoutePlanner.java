package io.dinp.server.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Turns what serves into the table that Redis should hold, and two tables into the change between them. */
public final class RoutePlanner {

    private final Situation situation;
    private final Map<String, NodeStanding> standings;
    private final RouteTable wanted = RouteTable.empty();
    private final boolean anyUnheard;

    RoutePlanner(Situation situation, Map<String, NodeStanding> standings) {
        this.situation = situation;
        this.standings = standings;
        this.anyUnheard = situation.real().nodes().keySet().stream().anyMatch(this::isUnheard);
    }

    /** Adds an app's host, if it is wanted, and its endpoints: all that serve and are not on their way out. */
    void add(AppFacts facts, Set<Instance> going) {
        addHost(facts);
        if (facts.key().isEmpty() || (facts.wanted() == 0 && !facts.held(facts.rollout()))) {
            return;
        }
        List<String> endpoints = new ArrayList<>();
        for (Instance instance : facts.live()) {
            if (instance.servable() && !going.contains(instance)) {
                endpoints.add(instance.address());
            }
        }
        for (Instance instance : legacyStillNeeded(facts)) {
            if (instance.servable()) {
                endpoints.add(instance.address());
            }
        }
        if (anyUnheard) {
            endpoints.addAll(endpointsOn(facts.key(), this::isUnheard));
        }
        if (endpoints.isEmpty()) {
            endpoints.addAll(endpointsOn(facts.key(), this::isSilent));
        }
        if (!endpoints.isEmpty()) {
            wanted.apps().put(facts.key(), RouteTable.normal(endpoints));
        }
    }

    private void addHost(AppFacts facts) {
        DesiredApp app = facts.desired();
        String host = app != null && app.routed() ? situation.naming().hostOf(app.name()) : "";
        if (!host.isEmpty()) {
            wanted.hosts().put(host, settings(app, facts.rollout()));
        }
    }

    /** Containers of the original with another image than the row's serve until enough of the new ones do. */
    private static List<Instance> legacyStillNeeded(AppFacts facts) {
        if (facts.legacy().isEmpty()) {
            return facts.legacy();
        }
        List<Instance> current = facts.legacyOfTarget();
        long others = facts.live().stream().filter(facts::available).count()
                + current.stream().filter(facts::available).count();
        return others >= facts.wanted() ? current : facts.legacy();
    }

    private List<String> endpointsOn(String key, Predicate<String> node) {
        return situation.routes().table().endpointsOf(key).stream()
                .filter(endpoint -> node.test(endpoint.substring(0, Math.max(0, endpoint.indexOf(':')))))
                .toList();
    }

    /** What a node serves that is not lost, and has not told since the server started, is not to be judged. */
    private boolean isUnheard(String node) {
        NodeView view = situation.real().nodes().get(node);
        return view != null && !view.reported() && standings.get(node) == NodeStanding.SUSPECT;
    }

    /** Silence alone never removes an app's last route: what a silent node served may serve on. */
    private boolean isSilent(String node) {
        return !node.isEmpty() && standings.getOrDefault(node, NodeStanding.LOST) == NodeStanding.LOST;
    }

    /** The whole table, once every app is in, with custom domains: the one that is there if it is the same. */
    RouteTable table() {
        situation.desired().domains().forEach(this::addDomain);
        RouteTable there = situation.routes().table();
        boolean same = same(there.apps(), wanted.apps())
                && same(there.cnames(), wanted.cnames())
                && same(there.hosts(), wanted.hosts());
        return same ? there : wanted;
    }

    /** Both are in order, so they need no searching. */
    private static <V> boolean same(SortedMap<String, V> there, SortedMap<String, V> wanted) {
        if (there.size() != wanted.size()) {
            return false;
        }
        var other = there.entrySet().iterator();
        for (var entry : wanted.entrySet()) {
            if (!entry.equals(other.next())) {
                return false;
            }
        }
        return true;
    }

    private void addDomain(String host, String appName) {
        DesiredApp app = situation.desired().apps().get(appName);
        if (app == null || !app.routed()) {
            return;
        }
        wanted.cnames()
                .put(situation.naming().keys().cname(host), situation.naming().keyOf(appName));
        wanted.hosts().put(host, settings(app, situation.progress().rollouts().get(appName)));
    }

    private static String settings(DesiredApp app, Rollout rollout) {
        String revision = rollout == null ? "" : Rollouts.shortId(rollout.wanted());
        return "{\"app\":\"" + app.name() + "\",\"revision\":\"" + revision + "\"}";
    }

    /** What has to be written so that Redis holds the wanted table. */
    public static RouteChange diff(RouteTable there, RouteTable wanted) {
        SortedSet<String> deleted = new TreeSet<>(there.apps().keySet());
        deleted.addAll(there.cnames().keySet());
        deleted.removeAll(wanted.apps().keySet());
        deleted.removeAll(wanted.cnames().keySet());
        SortedSet<String> deletedHosts = new TreeSet<>(there.hosts().keySet());
        deletedHosts.removeAll(wanted.hosts().keySet());
        return new RouteChange(
                changed(there.apps(), wanted.apps()),
                changed(there.cnames(), wanted.cnames()),
                deleted,
                changed(there.hosts(), wanted.hosts()),
                deletedHosts);
    }

    private static <V> SortedMap<String, V> changed(SortedMap<String, V> there, SortedMap<String, V> wanted) {
        SortedMap<String, V> changed = new TreeMap<>(wanted);
        changed.entrySet().removeIf(entry -> entry.getValue().equals(there.get(entry.getKey())));
        return changed;
    }
}
