package io.dinp.server.core;

import io.dinp.server.core.Forecast.Outcome;
import io.dinp.server.core.Forecast.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** Puts a trial that has ended into words and into lists of bounded length. */
final class Telling {

    private static final int NAMED = 3;

    private final Change change;
    private final Situation before;
    private final Trial trial;
    private final List<Outcome> outcomes;
    private final List<Event> events;

    Telling(Change change, Situation before, Trial trial, SortedMap<String, Outcome> outcomes) {
        this.change = change;
        this.before = before;
        this.trial = trial;
        this.outcomes = new ArrayList<>(outcomes.values());
        this.outcomes.sort(Comparator.comparing(this::isWell).thenComparing(Outcome::app));
        this.events = trial.events().stream()
                .filter(event -> event.app().isEmpty() ? isAboutTheNode(event) : outcomes.containsKey(event.app()))
                .toList();
    }

    /** The trial knows few of the apps, so what it tells of other nodes may come from that. */
    private boolean isAboutTheNode(Event event) {
        return event.kind().equals("cut-off")
                || (change instanceof Change.NodeDown down && down.ip().equals(event.node()));
    }

    Forecast forecast() {
        boolean complete = outcomes.stream().allMatch(this::isWell);
        List<Step> steps = events.stream()
                .limit(Forecast.MAX_LISTED)
                .map(e -> new Step(e.kind(), e.app(), e.instance(), e.node(), e.reason()))
                .toList();
        return new Forecast(
                complete,
                summary(complete),
                steps,
                events.size() - steps.size(),
                outcomes.stream().limit(Forecast.MAX_LISTED).toList(),
                Math.max(0, outcomes.size() - Forecast.MAX_LISTED));
    }

    private boolean isWell(Outcome outcome) {
        if (!trial.settled() || outcome.after() < outcome.wanted()) {
            return false;
        }
        Rollout rollout = trial.situation().progress().rollouts().get(outcome.app());
        boolean deployed =
                change instanceof Change.Deploy deploy && deploy.app().equals(outcome.app());
        return !deployed || rollout == null || rollout.state() == RolloutState.DONE;
    }

    private String summary(boolean complete) {
        List<String> sentences = new ArrayList<>();
        if (change instanceof Change.NodeDown down) {
            nodeDown(down.ip(), sentences);
        } else if (change instanceof Change.Deploy deploy) {
            deployed(deploy.app(), sentences);
        }
        if (!complete) {
            sentences.add("In the end " + shortOnes() + ".");
        } else if (!outcomes.isEmpty() && !events.isEmpty()) {
            sentences.add(
                    outcomes.size() == 1
                            ? "In the end " + served(outcomes.get(0)) + "."
                            : "In the end all of them would serve as wanted.");
        }
        return String.join(" ", sentences);
    }

    private void nodeDown(String ip, List<String> sentences) {
        if (before.progress().standings().get(ip) == NodeStanding.LOST) {
            sentences.add(ip + " is lost already.");
        }
        if (outcomes.isEmpty()) {
            sentences.add("No app has an instance on " + ip + ": none would notice if it died.");
            return;
        }
        long gone = before.real().nodes().get(ip).instances().stream()
                .filter(Instance::live)
                .count();
        sentences.add("If " + ip + " died, " + gone + " instances of " + apps(outcomes.size()) + " would be gone and "
                + count("start") + " would be started elsewhere.");
        List<Outcome> away = outcomes.stream()
                .filter(outcome -> outcome.before() > 0 && outcome.lowest() == 0)
                .toList();
        if (!away.isEmpty()) {
            sentences.add(named(away) + " would not be served until another instance is ready.");
        }
    }

    private static String apps(int count) {
        return count == 1 ? "1 app" : count + " apps";
    }

    private static String named(List<Outcome> some) {
        String names = some.stream().limit(NAMED).map(Outcome::app).collect(Collectors.joining(", "));
        return names + more(some.size());
    }

    private static String more(int size) {
        return size > NAMED ? " and " + (size - NAMED) + " more" : "";
    }

    private void deployed(String app, List<String> sentences) {
        AppRow row = trial.situation().desired().apps().get(app).row();
        if (events.isEmpty()) {
            sentences.add("Nothing would happen: " + app + " is as wanted already.");
            return;
        }
        sentences.add(app + " would have " + row.instances() + " instances of " + row.memoryMb() + " MB of "
                + row.image() + ": " + count("start") + " started, " + count("stop") + " stopped.");
    }

    private long count(String kind) {
        return events.stream().filter(event -> event.kind().equals(kind)).count();
    }

    private String shortOnes() {
        List<Outcome> shorts = outcomes.stream().filter(o -> !isWell(o)).toList();
        return shorts.stream().limit(NAMED).map(Telling::served).collect(Collectors.joining("; "))
                + more(shorts.size());
    }

    private static String served(Outcome outcome) {
        String waiting = outcome.waiting().isEmpty() ? "" : ": " + outcome.waiting();
        return outcome.app() + " would serve with " + outcome.after() + " of " + outcome.wanted() + waiting;
    }
}
