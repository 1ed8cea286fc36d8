package io.dinp.server.core;

import io.dinp.common.model.ContainerReport;
import io.dinp.common.model.FailureStage;
import io.dinp.common.model.ImageOrder;
import io.dinp.common.model.ImagePull;
import io.dinp.common.model.InstanceSpec;
import io.dinp.common.model.InstanceState;
import io.dinp.common.model.NodeReport;
import io.dinp.common.model.PortMapping;
import io.dinp.common.model.PullState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A node of the simulated world: it takes orders like an agent and lets containers behave as their image's name says:
 * {@code nopull}, {@code exits}, {@code never} (ready), anything else becomes ready.
 */
final class SimNode {

    private static final long PULL_MS = 200;
    private static final long READY_MS = 600;

    final String ip;
    final long capacityMb;
    final Map<String, Container> containers = new TreeMap<>();
    boolean up = true;
    boolean agentUp = true;
    boolean takesImages = true;
    long pullMs = PULL_MS;
    private final Map<ImageOrder, Pulling> pulls = new LinkedHashMap<>();
    Map<String, String> labels;
    private final Map<String, Integer> images = new HashMap<>();
    private int nextPort = 20_000;

    SimNode(String ip, long capacityMb, Map<String, String> labels) {
        this.ip = ip;
        this.capacityMb = capacityMb;
        this.labels = labels;
    }

    /** One container, or what is left of one. */
    static final class Container {
        final InstanceSpec spec;
        final long since;
        final int port;
        InstanceState state = InstanceState.ACCEPTED;
        FailureStage stage;
        Integer exitCode;
        long startedAt;
        boolean ready;
        long stopAt = Long.MAX_VALUE;

        Container(InstanceSpec spec, long since, int port) {
            this.spec = spec;
            this.since = since;
            this.port = port;
        }
    }

    /** An image order and what has become of it. */
    private record Pulling(long since, PullState state) {}

    void pull(ImageOrder order, long now) {
        pulls.putIfAbsent(order, new Pulling(now, PullState.PULLING));
    }

    private boolean passPulls(long now) {
        boolean changed = false;
        for (Map.Entry<ImageOrder, Pulling> pull : pulls.entrySet()) {
            Pulling before = pull.getValue();
            if (before.state == PullState.PULLING && now - before.since >= pullMs) {
                boolean fails = pull.getKey().image().contains("nopull");
                pull.setValue(new Pulling(before.since, fails ? PullState.FAILED : PullState.READY));
                if (!fails) {
                    images.put(pull.getKey().image(), 1);
                }
                changed = true;
            }
        }
        return changed;
    }

    boolean hasImage(String image) {
        return images.containsKey(image);
    }

    boolean isPulling() {
        return pulls.values().stream().anyMatch(pull -> pull.state == PullState.PULLING);
    }

    /** What a pull of the image gives. */
    static String digest(String image) {
        return "sha256:" + HexFormat.of().formatHex(image.getBytes(StandardCharsets.UTF_8));
    }

    private List<ImagePull> pulls() {
        return pulls.entrySet().stream()
                .map(pull -> new ImagePull(
                        pull.getKey().image(),
                        pull.getValue().state == PullState.READY
                                ? digest(pull.getKey().image())
                                : pull.getKey().digest(),
                        pull.getKey().wish(),
                        pull.getValue().state,
                        pull.getValue().state == PullState.FAILED ? "manifest unknown" : ""))
                .toList();
    }

    void take(InstanceSpec spec, long now) {
        containers.putIfAbsent(spec.instance(), new Container(spec, now, nextPort++));
    }

    /** Puts a container of the original there. */
    void legacy(String id, String app, String image) {
        Container container = new Container(
                new InstanceSpec("", app, "", image, "", 0, new TreeMap<>(), "", "", "", 0, 0), 0, nextPort++);
        container.state = InstanceState.RUNNING;
        container.ready = true;
        containers.put(id, container);
    }

    void remove(String instance, long now) {
        Container container = containers.get(instance);
        if (container == null) {
            return;
        }
        if (container.state == InstanceState.EXITED || container.state == InstanceState.FAILED) {
            containers.remove(instance);
        } else {
            container.state = InstanceState.STOPPING;
            container.stopAt = now + 300;
        }
    }

    void crash(String instance) {
        exit(instance, 137);
    }

    /** Lets a running container end by itself. */
    void exit(String instance, int code) {
        Container container = containers.get(instance);
        if (container != null && container.state == InstanceState.RUNNING) {
            container.state = InstanceState.EXITED;
            container.ready = false;
            container.exitCode = code;
        }
    }

    /** Lets time pass; true when something changed, so that an agent would beat. */
    boolean pass(long now) {
        boolean changed = passPulls(now);
        changed |= containers.values().removeIf(c -> c.stopAt <= now);
        for (Container c : containers.values()) {
            changed |= advance(c, now);
        }
        return changed;
    }

    private boolean advance(Container c, long now) {
        String image = c.spec.image();
        if (c.state == InstanceState.ACCEPTED && now - c.since >= PULL_MS) {
            if (image.contains("nopull")) {
                return fail(c, FailureStage.PULL);
            }
            images.put(image, 1);
            c.state = InstanceState.STARTING;
            c.startedAt = now;
            return true;
        }
        if (c.state == InstanceState.STARTING && now - c.startedAt >= READY_MS) {
            if (image.contains("exits")) {
                c.state = InstanceState.EXITED;
                c.exitCode = 1;
                return true;
            }
            if (image.contains("never")) {
                return now - c.startedAt >= 60_000 && fail(c, FailureStage.READY);
            }
            c.state = InstanceState.RUNNING;
            c.ready = true;
            return true;
        }
        return false;
    }

    private static boolean fail(Container c, FailureStage stage) {
        c.state = InstanceState.FAILED;
        c.stage = stage;
        return true;
    }

    long usedMb() {
        return containers.values().stream().mapToLong(c -> c.spec.memoryMb()).sum();
    }

    boolean serves(String endpoint) {
        return up
                && containers.values().stream()
                        .anyMatch(
                                c -> c.ready && c.state == InstanceState.RUNNING && endpoint.equals(ip + ":" + c.port));
    }

    NodeReport report(long seq) {
        List<ContainerReport> reports = new ArrayList<>();
        containers.forEach((id, c) -> reports.add(new ContainerReport(
                id,
                c.spec.image(),
                c.spec.app(),
                c.startedAt > 0 || c.spec.instance().isEmpty() ? List.of(new PortMapping(c.port)) : List.of(),
                "Up",
                c.spec.instance(),
                c.spec.revision(),
                c.spec.instance().isEmpty() ? "" : "dinp",
                c.spec.instance().isEmpty() ? null : c.state,
                c.stage,
                "",
                c.exitCode,
                false,
                c.ready,
                c.startedAt,
                0,
                c.spec.memoryMb(),
                "",
                c.port)));
        return new NodeReport(
                ip,
                capacityMb + seq % 7,
                reports,
                "node-" + ip,
                "dinp",
                seq,
                "boot",
                capacityMb,
                usedMb(),
                1971,
                List.of(),
                labels,
                List.copyOf(images.keySet()),
                "",
                "test",
                takesImages ? pulls() : null);
    }
}
