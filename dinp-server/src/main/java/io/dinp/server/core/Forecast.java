package io.dinp.server.core;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * What would happen if something changed, by the real planner on a copy of what is known: nothing is sent, stored or
 * changed. All goes well in it: images can be pulled, instances become ready, nobody else dies.
 *
 * @param complete every app that the change bears on would serve as wanted in the end
 * @param summary the same in words, with the reason when it would not
 * @param steps what would be decided, in order, as far as it bears on these apps; at most {@link #MAX_LISTED}
 * @param moreSteps how many steps were left out
 * @param apps the apps that the change bears on; at most {@link #MAX_LISTED}, those that would be short first
 * @param moreApps how many apps were left out
 */
public record Forecast(
        boolean complete, String summary, List<Step> steps, int moreSteps, List<Outcome> apps, int moreApps) {

    /** So many steps and apps are listed. */
    public static final int MAX_LISTED = 200;

    /** So many apps that are on the move anyway take part, because they want room on the same nodes. */
    private static final int MAX_OTHERS = 200;

    /** One decision, as an {@link Event} would tell it. */
    public record Step(String kind, String app, String instance, String node, String reason) {}

    /**
     * What would become of an app.
     *
     * @param wanted instances, with the change
     * @param before how many serve now
     * @param lowest how many serve right after the change, before anything is done about it
     * @param after how many would serve in the end
     * @param waiting what would be missing in the end, "" when nothing
     */
    public record Outcome(String app, int wanted, int before, int lowest, int after, String waiting) {}

    /**
     * What the change would lead to from here. The situation has an app or node that the change names.
     *
     * @param enough asked again and again whether to stop, with what is known by then
     */
    public static Forecast of(Situation situation, Change change, BooleanSupplier enough) {
        Set<String> touched = touched(situation, change);
        Set<String> others = restless(situation);
        others.removeAll(touched);
        Set<String> all = new TreeSet<>(touched);
        others.stream().limit(MAX_OTHERS).forEach(all::add);
        Situation before = narrowed(situation, all);
        Situation changed = changed(before, change);
        Trial trial = Trial.run(changed, enough);
        SortedMap<String, Outcome> outcomes = outcomes(all, before, change, changed, trial);
        if (all.size() > touched.size()) {
            Map<String, Outcome> without = outcomes(all, before, change, before, Trial.run(before, enough));
            outcomes.keySet().removeIf(app -> !touched.contains(app) && sameEnd(outcomes.get(app), without.get(app)));
        }
        return new Telling(change, before, trial, outcomes).forecast();
    }

    private static boolean sameEnd(Outcome one, Outcome other) {
        return one.after() == other.after() && one.waiting().equals(other.waiting());
    }

    /** The apps that a change bears on directly. */
    private static Set<String> touched(Situation situation, Change change) {
        Set<String> apps = new TreeSet<>();
        if (change instanceof Change.Deploy deploy) {
            apps.add(deploy.app());
        } else if (change instanceof Change.NodeDown down) {
            situation.real().nodes().get(down.ip()).instances().stream()
                    .filter(Instance::live)
                    .filter(i -> situation.desired().apps().containsKey(i.app()))
                    .forEach(i -> apps.add(i.app()));
        }
        return apps;
    }

    /** The apps that are not in order now. */
    private static Set<String> restless(Situation situation) {
        Progress progress = situation.progress();
        Set<String> apps = new TreeSet<>();
        Map<String, Integer> live = new HashMap<>();
        for (NodeView node : situation.real().nodes().values()) {
            boolean lost = progress.standings().get(node.ip()) == NodeStanding.LOST;
            boolean drained = situation.desired().wish(node.ip()).draining();
            for (Instance instance : node.instances()) {
                if (instance.live() && !lost) {
                    live.merge(instance.app(), 1, Integer::sum);
                }
                if (drained || progress.draining().contains(instance.id())) {
                    apps.add(instance.app());
                }
            }
        }
        apps.retainAll(situation.desired().apps().keySet());
        situation.desired().apps().forEach((name, app) -> {
            Rollout rollout = progress.rollouts().get(name);
            boolean calm = rollout == null
                    || (rollout.state() != RolloutState.ROLLING
                            && rollout.reason().isEmpty());
            if (!calm || live.getOrDefault(name, 0) != app.instances()) {
                apps.add(name);
            }
        });
        return apps;
    }

    /** The same situation as if there were no other apps; what the nodes have promised to those stays promised. */
    private static Situation narrowed(Situation s, Set<String> apps) {
        SortedMap<String, NodeView> nodes = new TreeMap<>();
        s.real().nodes().forEach((ip, node) -> nodes.put(ip, narrowed(node, apps)));
        Map<String, Verdict> verdicts = new HashMap<>(s.verdicts());
        verdicts.values().removeIf(verdict -> !apps.contains(verdict.app()));
        return new Situation(
                s.desired().only(apps),
                s.revisions(),
                new RealState(s.real().since(), s.real().stored(), nodes),
                s.routes().only(narrowed(s.routes().table(), s, apps), addresses(nodes.values())),
                narrowed(s.progress(), apps),
                verdicts,
                Map.of(),
                s.policy(),
                s.naming(),
                s.now());
    }

    private static NodeView narrowed(NodeView node, Set<String> apps) {
        List<Instance> instances =
                node.instances().stream().filter(i -> apps.contains(i.app())).toList();
        return node.with(instances, node.usedMb(), node.images(), node.pulls());
    }

    private static Set<String> addresses(Collection<NodeView> nodes) {
        return nodes.stream()
                .flatMap(node -> node.instances().stream())
                .map(Instance::address)
                .collect(Collectors.toSet());
    }

    private static RouteTable narrowed(RouteTable table, Situation situation, Set<String> apps) {
        RouteTable narrow = RouteTable.empty();
        for (String app : apps) {
            String key = situation.naming().keyOf(app);
            String host = situation.naming().hostOf(app);
            if (table.apps().containsKey(key)) {
                narrow.apps().put(key, table.apps().get(key));
            }
            if (table.hosts().containsKey(host)) {
                narrow.hosts().put(host, table.hosts().get(host));
            }
        }
        return narrow;
    }

    private static Progress narrowed(Progress p, Set<String> apps) {
        SortedMap<String, Rollout> rollouts = new TreeMap<>(p.rollouts());
        rollouts.keySet().retainAll(apps);
        return new Progress(
                p.warm(),
                rollouts,
                p.draining(),
                p.live(),
                p.returned(),
                p.judged(),
                p.avoid(),
                p.standings(),
                p.notices());
    }

    /** The same situation with the change made. */
    static Situation changed(Situation s, Change change) {
        DesiredState desired = s.desired();
        RealState real = s.real();
        if (change instanceof Change.Deploy deploy) {
            desired = desired.with(wish(s, deploy));
        } else if (change instanceof Change.NodeDown down) {
            SortedMap<String, NodeView> nodes = new TreeMap<>(real.nodes());
            long silent = s.now() - s.policy().staleMs() - 1;
            nodes.computeIfPresent(
                    down.ip(), (ip, node) -> node.seen(Math.min(node.lastSeen(), silent), node.downAt()));
            real = new RealState(real.since(), real.stored(), nodes);
        }
        return new Situation(
                desired,
                s.revisions(),
                real,
                s.routes(),
                s.progress(),
                s.verdicts(),
                s.commands(),
                s.policy(),
                s.naming(),
                s.now());
    }

    /** An app's row as a deploy would write it, checked like any other; see {@link DesiredApp#fault()}. */
    public static DesiredApp wish(Situation situation, Change.Deploy deploy) {
        DesiredApp app = situation.desired().apps().get(deploy.app());
        AppRow row = app.row();
        AppRow written = row.deployed(
                deploy.image() == null ? row.image() : deploy.image(),
                deploy.memoryMb() == null ? row.memoryMb() : deploy.memoryMb(),
                deploy.instances() == null ? row.instances() : deploy.instances());
        DesiredApp checked = DesiredState.of(List.of(written), List.of(), situation.naming())
                .apps()
                .get(deploy.app());
        return new DesiredApp(written, checked.revision(), checked.fault(), checked.constraints(), app.routed());
    }

    private static SortedMap<String, Outcome> outcomes(
            Set<String> apps, Situation before, Change change, Situation changed, Trial trial) {
        Situation end = trial.situation();
        SortedMap<String, Outcome> outcomes = new TreeMap<>();
        for (String app : apps) {
            int wanted = changed.desired().apps().get(app).instances();
            int serving = Standing.of(app, before).serving().size();
            int after = serving(app, end, change);
            String waiting = waiting(app, wanted - after, before, trial);
            outcomes.put(app, new Outcome(app, wanted, serving, serving(app, before, change), after, waiting));
        }
        return outcomes;
    }

    /** How many serve; none on a node that is supposed to be dead, whatever the server makes of its silence. */
    private static int serving(String app, Situation situation, Change change) {
        return (int) Standing.of(app, situation).serving().stream()
                .filter(i ->
                        !(change instanceof Change.NodeDown down && down.ip().equals(i.node())))
                .count();
    }

    private static String waiting(String app, int missing, Situation before, Trial trial) {
        Rollout earlier = before.progress().rollouts().get(app);
        Rollout rollout = trial.situation().progress().rollouts().get(app);
        boolean news = rollout != null
                && rollout.state() == RolloutState.FAILED
                && (earlier == null || !earlier.sameRow(rollout));
        boolean waits = rollout != null && rollout.state() != RolloutState.FAILED;
        if (missing <= 0 && !news && !waits) {
            return "";
        }
        if (!trial.settled()) {
            return "it takes more steps than can be foreseen in a moment";
        }
        if (rollout != null && !rollout.reason().isEmpty()) {
            return rollout.reason();
        }
        if (missing <= 0) {
            return "";
        }
        return trial.events().stream()
                .filter(event -> event.kind().equals("cut-off"))
                .map(Event::reason)
                .findFirst()
                .orElse("nothing would be done about it");
    }
}
