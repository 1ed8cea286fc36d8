package io.dinp.server.core;

import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.BiPredicate;

/**
 * A plan with what it was made from and what it has found of each app. The part of a calm app is what the next plan would find, too, unless its row,
 * its endpoints, or something on a node where it has instances is another: whatever else a part depends on makes its app not calm
 * ({@link Draft#isTouched}), or is compared as a whole here.
 */
final class Known {

    private final Situation from;
    private final Plan plan;
    private final Parts parts;
    private final WantedIndex wanted;

    private Known(Situation from, Plan plan, Parts parts, WantedIndex wanted) {
        this.from = from;
        this.plan = plan;
        this.parts = parts;
        this.wanted = wanted;
    }

    /** What there is to know of a plan, nothing while some nodes have not been heard at all. */
    static Optional<Known> of(Situation from, Plan plan, Parts parts, WantedIndex wanted) {
        Progress progress = plan.progress();
        if (plan.routes().isEmpty() || RoutePlanner.anyUnheard(from.real(), progress.standings())) {
            return Optional.empty();
        }
        Parts next = parts.next(plan.routes().get(), progress.live());
        return Optional.of(new Known(from, plan, next, wanted));
    }

    Parts parts() {
        return parts;
    }

    /** The apps that a plan from here has to work out; empty when it has to work out all, since something is new that bears on any. */
    Optional<News> newsSince(Situation now, Map<String, NodeStanding> standings) {
        if (!isFollowedBy(now, standings)) {
            return Optional.empty();
        }
        Set<String> apps = differing(from.desired().apps(), now.desired().apps(), DesiredApp::equals);
        Set<String> keys =
                differing(from.routes().table().apps(), now.routes().table().apps(), List::equals);
        parts.forEachRestless(apps::add);
        parts.forEachWithKey(keys, apps::add);
        Set<String> nodes =
                differing(from.real().nodes(), now.real().nodes(), (then, view) -> isSame(then, view, now, standings));
        for (String node : nodes) {
            addAppsOn(from.real().nodes().get(node), apps);
            addAppsOn(now.real().nodes().get(node), apps);
        }
        from.verdicts().values().forEach(verdict -> apps.add(verdict.app()));
        now.verdicts().values().forEach(verdict -> apps.add(verdict.app()));
        apps.addAll(now.commands().keySet());
        return Optional.of(new News(false, apps, nodes, wanted.whenOf(now.desired())));
    }

    /** True when nothing is new that bears on every app. */
    private boolean isFollowedBy(Situation now, Map<String, NodeStanding> standings) {
        return now.progress().equals(plan.progress())
                && now.now() >= from.now()
                && now.policy().equals(from.policy())
                && now.naming().equals(from.naming())
                && now.revisions().equals(from.revisions())
                && now.desired().domains().equals(from.desired().domains())
                && isCutOff(now) == isCutOff(from)
                && !RoutePlanner.anyUnheard(now.real(), standings);
    }

    private static boolean isCutOff(Situation situation) {
        return NodeJudge.cutOff(situation.real(), situation.desired().nodes(), situation.policy(), situation.now());
    }

    /** True when a node is for the apps on it what it was: where there is room on it is asked anew whenever something has to be placed. */
    private boolean isSame(NodeView then, NodeView view, Situation now, Map<String, NodeStanding> standings) {
        String ip = view.ip();
        return standings.get(ip) == plan.progress().standings().get(ip)
                && from.desired().wish(ip).equals(now.desired().wish(ip))
                && then.labels().equals(view.labels())
                && then.instances().equals(view.instances());
    }

    private static void addAppsOn(NodeView node, Set<String> apps) {
        if (node != null) {
            node.instances().forEach(instance -> apps.add(instance.app()));
        }
    }

    /** The keys under which two maps do not have the same. */
    @SuppressWarnings("ReferenceEquality") // often it is the same map
    private static <V> Set<String> differing(
            SortedMap<String, V> one, SortedMap<String, V> other, BiPredicate<V, V> same) {
        Set<String> keys = new HashSet<>();
        if (one == other) {
            return keys;
        }
        if (one.size() == other.size()) {
            // Nearly always they have the same keys, in the same order, and need no searching.
            Iterator<Map.Entry<String, V>> others = other.entrySet().iterator();
            for (Map.Entry<String, V> entry : one.entrySet()) {
                Map.Entry<String, V> next = others.next();
                if (!entry.getKey().equals(next.getKey())) {
                    return searched(one, other, same);
                }
                if (!same.test(entry.getValue(), next.getValue())) {
                    keys.add(entry.getKey());
                }
            }
            return keys;
        }
        return searched(one, other, same);
    }

    private static <V> Set<String> searched(
            SortedMap<String, V> one, SortedMap<String, V> other, BiPredicate<V, V> same) {
        Set<String> keys = new HashSet<>(one.keySet());
        keys.addAll(other.keySet());
        keys.removeIf(key -> one.containsKey(key) && other.containsKey(key) && same.test(one.get(key), other.get(key)));
        return keys;
    }
}
