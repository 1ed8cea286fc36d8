package io.dinp.server.core;

import io.dinp.common.model.InstanceState;
import io.dinp.common.model.RouteKeys;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What tests of the server take for granted: a policy without waits, an instance that serves, a situation in which nothing is known of Redis. */
public final class Samples {

    /** Below {@code apps.io}, beside one host of the platform. */
    public static final Naming NAMING =
            new Naming(new RouteKeys("/rs/", "/cname/"), "apps.io", Set.of("dash.example.com"));

    private Samples() {}

    /** Beats each 5 s, no bake time, no time out of the routes. */
    public static Policy policy(String spreadLabel) {
        return new Policy(
                Duration.ofSeconds(5),
                3,
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                Duration.ZERO,
                25,
                Duration.ZERO,
                Duration.ofMinutes(5),
                60,
                50,
                spreadLabel,
                "",
                "",
                1463);
    }

    /** An instance of the app {@code demo} that serves. */
    public static Instance instance(String id, String node, String revision) {
        return new Instance(
                id,
                "demo",
                revision,
                node,
                node + ":1",
                InstanceState.RUNNING,
                true,
                1,
                128,
                "demo:1",
                "",
                null,
                "",
                null,
                false,
                false);
    }

    /**
     * A situation without rollouts.
     *
     * @param warm every known node has been heard
     */
    public static Situation situation(DesiredState desired, SortedMap<String, NodeView> nodes, boolean warm) {
        Progress progress = new Progress(
                warm, new TreeMap<>(), Set.of(), Set.of(), Set.of(), Set.of(), Map.of(), Map.of(), Set.of());
        return new Situation(
                desired,
                Map.of(),
                new RealState(0, 0, nodes),
                RouteView.unknown(),
                progress,
                Map.of(),
                Map.of(),
                policy(""),
                NAMING,
                1_000_000);
    }
}
