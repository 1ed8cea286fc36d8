package io.dinp.server.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Says in one paragraph how an app stands and what holds it up, for the person who asks why it is not otherwise. */
public final class Why {

    private final String app;
    private final Situation situation;
    private final DesiredApp desired;
    private final Rollout rollout;
    private final Standing standing;
    private final List<String> sentences = new ArrayList<>();

    private Why(String app, Situation situation) {
        this.app = app;
        this.situation = situation;
        this.desired = situation.desired().apps().get(app);
        this.rollout = situation.progress().rollouts().get(app);
        this.standing = Standing.of(app, situation);
    }

    /** The present state of an app, in words. */
    public static String summary(String app, Situation situation) {
        Why why = new Why(app, situation);
        why.wish();
        why.counts();
        why.deploy();
        why.health();
        why.surroundings();
        return String.join(" ", why.sentences);
    }

    private void say(String sentence) {
        sentences.add(sentence.endsWith(".") ? sentence : sentence + ".");
    }

    private void wish() {
        if (desired == null) {
            say("Nobody wants " + app + ": there is no such app");
        } else if (desired.faulty()) {
            say("The row of " + app + " cannot be used, so what runs stays as it is: " + desired.fault());
        } else if (desired.revision().isEmpty()) {
            say(app + " has never been deployed: its row names no image");
        }
    }

    private void counts() {
        int wanted = desired == null ? 0 : desired.instances();
        int serving = standing.serving().size();
        List<String> parts = new ArrayList<>();
        parts.add(app + " wants " + wanted + (wanted == 1 ? " instance" : " instances"));
        parts.add(serving == wanted && wanted > 0 ? "and as many serve" : serving + serve(serving));
        if (!standing.starting().isEmpty()) {
            parts.add(standing.starting().size() + " on the way (" + states() + ")");
        }
        if (!standing.going().isEmpty()) {
            parts.add(standing.going().size() + " on the way out");
        }
        if (!standing.away().isEmpty()) {
            parts.add(standing.away().size() + " out of sight on " + nodesOf(standing.away()) + ", which is lost");
        }
        say(String.join(", ", parts));
    }

    private static String serve(int count) {
        return count == 1 ? " serves" : " serve";
    }

    private String states() {
        Map<String, Integer> states = new TreeMap<>();
        for (Instance instance : standing.starting()) {
            String state = instance.servable()
                    ? "ready, not routed yet"
                    : instance.state().name().toLowerCase(Locale.ROOT);
            states.merge(state + " on " + instance.node(), 1, Integer::sum);
        }
        return String.join(", ", states.keySet());
    }

    private static String nodesOf(List<Instance> instances) {
        return String.join(
                ", ", instances.stream().map(Instance::node).distinct().sorted().toList());
    }

    private void deploy() {
        if (rollout == null || desired == null || desired.faulty()) {
            return;
        }
        String reason = rollout.reason();
        if (rollout.state() == RolloutState.FAILED) {
            String goesOn = rollout.lastGood().isEmpty()
                    ? "nothing older can take its place"
                    : Rollouts.shortId(rollout.lastGood()) + " goes on";
            say("The deploy of " + Rollouts.shortId(rollout.target()) + " has failed: " + reason + "; " + goesOn);
        } else if (rollout.changes()) {
            long now = situation.now();
            say("A deploy of " + Rollouts.shortId(rollout.target()) + " ("
                    + desired.row().image() + ") has been under way for "
                    + Inputs.seconds(Math.max(0, now - rollout.startedAt()))
                    + (reason.isEmpty() ? "" : "; it waits: " + reason));
            if (!rollout.paused()) {
                say("Without progress it is given up in " + Inputs.seconds(Math.max(0, rollout.deadline() - now)));
            }
        } else if (!reason.isEmpty()) {
            say("What is missing waits: " + reason);
        }
        if (rollout.crashes() > 0) {
            say("It has crashed " + rollout.crashes() + (rollout.crashes() == 1 ? " time" : " times")
                    + " since it was last stable");
        }
    }

    private void health() {
        situation.verdicts().values().stream()
                .filter(verdict -> verdict.app().equals(app))
                .sorted((a, b) -> a.instance().compareTo(b.instance()))
                .forEach(verdict -> say(
                        verdict.asked()
                                ? "Instance " + verdict.instance() + " is to be replaced: " + verdict.reason()
                                : "The health monitor calls instance " + verdict.instance() + " sick: "
                                        + verdict.reason()));
    }

    private void surroundings() {
        if (desired != null && !desired.routed() && !desired.faulty()) {
            say("It is not routed: an earlier app has the same host name");
        }
        if (!situation.routes().reachable()) {
            say("Redis does not answer: routes stay as they are, and no routed instance is stopped");
        }
        if (!situation.progress().warm()) {
            say("The server has just started: it acts when every known node has beaten or has had the time to");
        } else if (NodeJudge.cutOff(
                situation.real(), situation.desired().nodes(), situation.policy(), situation.now())) {
            say("Most nodes fell silent together: the server takes itself to be cut off, and replaces nothing");
        }
    }
}
