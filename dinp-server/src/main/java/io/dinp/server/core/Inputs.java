package io.dinp.server.core;

import io.dinp.common.model.Revision;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a decision was made from, by names that an operator understands. Computed only for events that are told, so that
 * a plan with nothing to tell pays nothing for it.
 */
final class Inputs {

    private final Map<String, String> named = new LinkedHashMap<>();

    private Inputs() {}

    private Inputs add(String name, Object value) {
        named.put(name, String.valueOf(value));
        return this;
    }

    private Inputs addAll(Map<String, String> more) {
        named.putAll(more);
        return this;
    }

    private Inputs addUnless(boolean absent, String name, Object value) {
        return absent ? this : add(name, value);
    }

    /**
     * Why one more instance is started, and why there.
     *
     * @param ordered how many this plan has ordered for the app already
     * @param place what spoke for the node
     */
    static Map<String, String> start(
            AppFacts facts,
            Rollout rollout,
            Set<Instance> going,
            Revision revision,
            int ordered,
            Map<String, String> place) {
        return counts(facts)
                .add("on their way", startingOf(facts) + ordered)
                .addUnless(going.isEmpty(), "going", going.size())
                .addUnless(
                        facts.leaving().isEmpty(),
                        "to leave their node",
                        facts.leaving().size())
                .addAll(away(facts))
                .add("memory", revision.memoryMb() + " MB")
                .addUnless(rollout.crashes() == 0, "crashes", rollout.crashes())
                .addAll(place)
                .named;
    }

    /**
     * Why a node is to have an image.
     *
     * @param lacking how many nodes of the change do not have it yet
     */
    static Map<String, String> pull(AppFacts facts, String digest, int lacking) {
        return counts(facts)
                .add("nodes that lack it", lacking)
                .add("content", digest.isEmpty() ? "what the tag names now" : digest)
                .named;
    }

    /** Why an instance leaves the routes. */
    static Map<String, String> drain(AppFacts facts, Rollout rollout, Instance instance, Set<Instance> going) {
        long without = facts.live().stream()
                .filter(i -> !going.contains(i) && !facts.sick(i) && facts.proven(i, rollout))
                .count();
        Verdict verdict = facts.draft().situation().verdicts().get(instance.id());
        return counts(facts)
                .add("serving without it", without + legacyServing(facts))
                .addUnless(
                        rollout == null || !rollout.changes(),
                        "at least to serve",
                        facts.promised(rollout) + " of " + facts.wanted())
                .add("revision", Rollouts.shortId(instance.revision()))
                .addUnless(
                        rollout == null, "wanted revision", rollout == null ? "" : Rollouts.shortId(rollout.wanted()))
                .add(verdict, facts.draft().now())
                .named;
    }

    private Inputs add(Verdict verdict, long now) {
        if (verdict == null) {
            return this;
        }
        String since = seconds(now - verdict.since());
        return verdict.asked()
                ? add("asked", since + " ago")
                : add("health", verdict.reason()).add("sick for", since);
    }

    /** Why nobody is harmed by the stop of an instance. */
    static Map<String, String> stop(AppFacts facts, Instance instance) {
        RouteView routes = facts.draft().routes();
        String endpoint = instance.address();
        boolean routedOnce =
                !endpoint.isEmpty() && (instance.servable() || routes.removed().containsKey(endpoint));
        Inputs inputs = counts(facts);
        if (!routedOnce) {
            return inputs.add("routed", "never").named;
        }
        Stamp removal = routes.removedAt(endpoint);
        long applied = routes.leases().values().stream()
                .filter(lease -> routes.hasApplied(lease, removal))
                .count();
        return inputs.add("out of the routes for", seconds(facts.draft().now() - removal.at()))
                .add("routers that know", applied + " of " + routes.leases().size())
                .add("requests in flight", inflight(routes, endpoint))
                .add("longest drain", seconds(facts.draft().policy().drain().toMillis()))
                .add("grace", seconds(facts.draft().policy().grace().toMillis()))
                .named;
    }

    private static String inflight(RouteView routes, String endpoint) {
        if (routes.leases().isEmpty()) {
            return "no router says";
        }
        long count = routes.leases().values().stream()
                .filter(lease -> lease.inflight() != null)
                .mapToLong(lease -> lease.inflight().getOrDefault(endpoint, 0))
                .sum();
        return Long.toString(count);
    }

    /** What is missing while an app waits. */
    static Map<String, String> waiting(AppFacts facts, Rollout rollout) {
        Inputs inputs = counts(facts).add("on their way", startingOf(facts)).addAll(away(facts));
        facts.draft()
                .revision(rollout.wanted(), facts.desired())
                .ifPresent(revision -> inputs.add("memory", revision.memoryMb() + " MB"));
        return backoff(inputs, rollout, facts.draft().now())
                .addUnless(
                        !rollout.changes(),
                        "given up in",
                        seconds(Math.max(0, rollout.deadline() - facts.draft().now())))
                .named;
    }

    /** What a new deploy is to do. */
    static Map<String, String> deploy(AppFacts facts, Revision revision, String lastGood) {
        Policy policy = facts.draft().policy();
        return counts(facts)
                .add("image", revision.image())
                .add("memory", revision.memoryMb() + " MB")
                .add("variables", revision.env().size())
                .add("replaces", lastGood.isEmpty() ? "nothing" : Rollouts.shortId(lastGood))
                .add("surge", facts.surge())
                .add("may be missing", facts.wanted() - facts.rules().promised(facts.wanted()))
                .add("bake time", seconds(facts.rules().bakeMs(policy)))
                .named;
    }

    /** Why a deploy was given up. */
    static Map<String, String> failed(AppFacts facts, Rollout rollout, Failure cause) {
        return counts(facts)
                .add("serving the new revision", facts.serving(rollout.target()))
                .add("stage", cause.stage())
                .addUnless(cause.exitCode() == null, "exit code", cause.exitCode())
                .addUnless(!cause.oomKilled(), "out of memory", "yes")
                .add("goes on", rollout.lastGood().isEmpty() ? "nothing" : Rollouts.shortId(rollout.lastGood()))
                .add("under way for", seconds(facts.draft().now() - rollout.startedAt()))
                .named;
    }

    /** What is known of the end of an instance, and what it means for the next start. */
    static Map<String, String> fallen(AppFacts facts, Rollout after, Instance instance) {
        Inputs inputs = counts(facts)
                .add("revision", Rollouts.shortId(instance.revision()))
                .addUnless(instance.stage() == null, "stage", Failure.stageOf(instance))
                .addUnless(instance.exitCode() == null, "exit code", instance.exitCode())
                .addUnless(!instance.oomKilled(), "out of memory", "yes");
        return backoff(inputs, after, facts.draft().now()).named;
    }

    private static Inputs backoff(Inputs inputs, Rollout rollout, long now) {
        return inputs.addUnless(rollout.crashes() == 0, "crashes", rollout.crashes())
                .addUnless(rollout.nextStart() <= now, "next start", time(rollout.nextStart()));
    }

    /** How an app stands, for events that need no more. */
    static Map<String, String> of(AppFacts facts) {
        return counts(facts).named;
    }

    /** Why a node is trusted or not. */
    static Map<String, String> node(NodeView node, Policy policy, long now) {
        return new Inputs()
                .add("last beat", seconds(now - node.lastSeen()) + " ago")
                .add("suspect after", seconds(policy.suspectMs()))
                .add("lost after", seconds(policy.staleMs()))
                .addUnless(node.downAt() == 0, "engine away for", seconds(now - node.downAt()))
                .add("instances", node.instances().size())
                .named;
    }

    /** Why the server takes itself to be cut off. */
    static Map<String, String> cutOff(RealState real, Policy policy, long now) {
        long silent = real.nodes().values().stream()
                .filter(node -> now - node.lastSeen() > policy.staleMs())
                .count();
        return new Inputs()
                .add("silent nodes", silent + " of " + real.nodes().size())
                .add("lost after", seconds(policy.staleMs()))
                .named;
    }

    private static Inputs counts(AppFacts facts) {
        return new Inputs().add("wanted", facts.wanted()).add("serving", serving(facts));
    }

    private static long serving(AppFacts facts) {
        return facts.live().stream()
                        .filter(i -> i.servable() && (facts.key().isEmpty() || facts.routed(i)))
                        .count()
                + legacyServing(facts);
    }

    private static long legacyServing(AppFacts facts) {
        return facts.legacy().stream()
                .filter(i -> i.servable() && facts.routed(i))
                .count();
    }

    private static long startingOf(AppFacts facts) {
        return facts.live().stream().filter(i -> !i.servable()).count();
    }

    private static Map<String, String> away(AppFacts facts) {
        List<Instance> away = facts.away();
        String nodes =
                String.join(", ", away.stream().map(Instance::node).distinct().toList());
        return away.isEmpty() ? Map.of() : Map.of("on lost nodes", away.size() + " (" + nodes + ")");
    }

    /** A span of time for people. */
    static String seconds(long ms) {
        return ms < 10_000 ? ms / 1000 + "." + ms % 1000 / 100 + " s" : ms / 1000 + " s";
    }

    /** A moment for people. */
    static String time(long epochMs) {
        return Instant.ofEpochMilli(epochMs).truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
