package io.dinp.server.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The apps that a plan has to work out: those that were not calm in the plan before, and those of which something is new since.
 *
 * @param all every app there is
 * @param apps which, when it is not all of them
 * @param nodes those of which something is new for the apps on them; of the others the plan before has the instances
 * @param wanted of the apps that are wanted now
 */
record News(boolean all, Set<String> apps, Set<String> nodes, WantedIndex wanted) {

    private static final int FEW = 4;

    /** Every app of a situation before which nothing is known. */
    static News everything(Situation situation) {
        return new News(true, Set.of(), situation.real().nodes().keySet(), WantedIndex.of(situation.desired()));
    }

    /** The instances of each app to be worked out that is wanted or of which something is left, by name; those on lost nodes do not count. */
    Map<String, List<Instance>> instancesByApp(Draft draft, Parts before) {
        Map<String, List<Instance>> byApp = all ? everyWanted(draft.situation()) : stayed(draft.situation(), before);
        int expected = byApp.size();
        for (String ip : nodes) {
            NodeView node = draft.situation().real().nodes().get(ip);
            if (node != null && draft.standing(ip) != NodeStanding.LOST) {
                node.instances().forEach(instance -> add(instance, byApp));
            }
        }
        if (!all) {
            byApp.values().forEach(instances -> instances.sort(Comparator.comparing(Instance::node)));
        }
        // Those expected are there in order; only one of which nothing but an instance is known disturbs it.
        return byApp.size() == expected ? byApp : new TreeMap<>(byApp);
    }

    private void add(Instance instance, Map<String, List<Instance>> byApp) {
        if (all || apps.contains(instance.app())) {
            byApp.computeIfAbsent(instance.app(), app -> new ArrayList<>(FEW)).add(instance);
        }
    }

    private static Map<String, List<Instance>> everyWanted(Situation situation) {
        Set<String> wanted = situation.desired().apps().keySet();
        Map<String, List<Instance>> byApp = new LinkedHashMap<>(wanted.size() * 2);
        wanted.forEach(app -> byApp.put(app, new ArrayList<>(FEW)));
        situation.progress().rollouts().keySet().forEach(app -> byApp.computeIfAbsent(app, a -> new ArrayList<>(FEW)));
        return byApp.size() == wanted.size() ? byApp : new TreeMap<>(byApp);
    }

    /** The instances of the apps on the other nodes. */
    private Map<String, List<Instance>> stayed(Situation situation, Parts before) {
        Map<String, List<Instance>> byApp = new LinkedHashMap<>();
        for (String app : new TreeSet<>(apps)) {
            List<Instance> instances = new ArrayList<>(FEW);
            AppPart known = before.get(app);
            if (known != null) {
                instances.addAll(known.instances());
                instances.removeIf(instance -> nodes.contains(instance.node()));
            }
            boolean wanted = situation.desired().apps().containsKey(app)
                    || situation.progress().rollouts().containsKey(app);
            if (wanted || !instances.isEmpty()) {
                byApp.put(app, instances);
            }
        }
        return byApp;
    }

    /** The apps of which nothing is left but what is known of them. */
    Set<String> ended(Set<String> left) {
        Set<String> ended = new HashSet<>(apps);
        ended.removeAll(left);
        return ended;
    }
}
