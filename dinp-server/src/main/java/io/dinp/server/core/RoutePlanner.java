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

/** Turns what serves into the entries of the table that Redis should hold, and two tables into the change between them. */
public final class RoutePlanner {

    private final Situation situation;
    private final Map<String, NodeStanding> standings;
    private final Map<String, List<String>> domains;
    private final boolean anyUnheard;

    RoutePlanner(Situation situation, Map<String, NodeStanding> standings, Map<String, List<String>> domains) {
        this.situation = situation;
        this.standings = standings;
        this.domains = domains;
        this.anyUnheard = anyUnheard(situation.real(), standings);
    }

    /** True when some node that is not lost has told nothing since the server started: what it serves is not to be judged. */
    static boolean anyUnheard(RealState real, Map<String, NodeStanding> standings) {
        return real.nodes().values().stream().anyMatch(node -> isUnheard(node, standings));
    }

    private static boolean isUnheard(NodeView node, Map<String, NodeStanding> standings) {
        return !node.reported() && standings.get(node.ip()) == NodeStanding.SUSPECT;
    }

    /** An app's host, if it is wanted, and its endpoints: all that serve and are not on their way out. */
    AppRoutes of(AppFacts facts, Set<Instance> going) {
        DesiredApp app = facts.desired();
        boolean named = app != null && app.routed();
        return new AppRoutes(
                facts.key(),
                RouteTable.normal(endpoints(facts, going)),
                named ? situation.naming().hostOf(app.name()) : "",
                named ? domains.getOrDefault(app.name(), List.of()) : List.of(),
                named ? settings(app, facts.rollout()) : "");
    }

    private List<String> endpoints(AppFacts facts, Set<Instance> going) {
        if (facts.key().isEmpty() || (facts.wanted() == 0 && !facts.held(facts.rollout()))) {
            return List.of();
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
            endpoints.addAll(endpointsOn(facts, this::isUnheard));
        }
        if (endpoints.isEmpty()) {
            endpoints.addAll(endpointsOn(facts, this::isSilent));
        }
        return endpoints;
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

    private static List<String> endpointsOn(AppFacts facts, Predicate<String> node) {
        return facts.draft().routes().table().endpointsOf(facts.key()).stream()
                .filter(endpoint -> node.test(endpoint.substring(0, Math.max(0, endpoint.indexOf(':')))))
                .toList();
    }

    private boolean isUnheard(String node) {
        NodeView view = situation.real().nodes().get(node);
        return view != null && isUnheard(view, standings);
    }

    /** Silence alone never removes an app's last route: what a silent node served may serve on. */
    private boolean isSilent(String node) {
        return !node.isEmpty() && standings.getOrDefault(node, NodeStanding.LOST) == NodeStanding.LOST;
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
