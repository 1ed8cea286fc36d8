package io.dinp.agent.core;

import io.dinp.common.model.InstanceSpec;
import java.util.Map;
import java.util.TreeMap;

/** Orders and containers for the tests. */
public final class Examples {
    /** The boot in which the examples run. */
    public static final String BOOT = "boot-1";

    private Examples() {}

    /** An order for the app demo. */
    public static InstanceSpec spec(String instance) {
        return new InstanceSpec(
                instance,
                "demo",
                "rev-1",
                "registry:5000/me/demo:1",
                "",
                128,
                new TreeMap<>(Map.of("A", "b")),
                "/health",
                "",
                "",
                1463,
                60);
    }

    /** A container that runs, started at the given time. */
    public static Inspected running(long startedAt) {
        return container(true, startedAt, 0, false);
    }

    /** A container that has ended. */
    public static Inspected ended(int exitCode, boolean oomKilled) {
        return container(false, 1000, exitCode, oomKilled);
    }

    /** An instance that runs and is ready. */
    public static Entry ready() {
        return Entry.accepted(spec("i1"), 20000)
                .pulling()
                .creating("sha256:aa")
                .starting("c1", "sha256:aa")
                .started(running(1000), BOOT)
                .ready(2000);
    }

    private static Inspected container(boolean running, long startedAt, int exitCode, boolean oomKilled) {
        return new Inspected(
                "c1",
                "registry:5000/me/demo:1",
                running,
                startedAt,
                exitCode,
                oomKilled,
                running ? "172.17.0.2" : "",
                running ? 20000 : 0,
                128,
                Map.of("APP_NAME", "demo"),
                Map.of());
    }
}
