package io.dinp.agent.instances;

import io.dinp.agent.core.Inspected;
import io.dinp.agent.core.Legacy;
import io.dinp.agent.core.Listed;
import io.dinp.agent.docker.ContainerEvents.ContainerEvent;
import io.dinp.agent.docker.DockerAway;
import io.dinp.agent.docker.DockerEngine;
import io.dinp.agent.docker.DockerRefused;
import io.dinp.agent.probe.Prober;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds the containers of the original among those of the engine. Each is inspected once a start, since a list does not show
 * the environment, and probed until it listens.
 */
public final class LegacyContainers {
    private final DockerEngine engine;
    private final Prober prober;
    private final Map<String, Inspected> inspected = new ConcurrentHashMap<>();
    private final Map<String, Boolean> listening = new ConcurrentHashMap<>();

    /** Over the given engine. */
    public LegacyContainers(DockerEngine engine, Prober prober) {
        this.engine = engine;
        this.prober = prober;
    }

    /** The original's containers among the listed ones. */
    public List<Legacy> find(List<Listed> listed) throws DockerAway, DockerRefused, InterruptedException {
        List<Legacy> found = new ArrayList<>();
        List<Listed> candidates = listed.stream()
                .filter(container -> container.cluster().isEmpty() && container.running() && container.publishes8080())
                .toList();
        for (Listed candidate : candidates) {
            Optional<Inspected> seen = inspect(candidate.id());
            if (seen.isPresent() && Legacy.isOne(seen.get())) {
                found.add(new Legacy(seen.get(), candidate.status(), listens(seen.get())));
            }
        }
        List<String> ids = candidates.stream().map(Listed::id).toList();
        inspected.keySet().retainAll(ids);
        listening.keySet().retainAll(ids);
        return found;
    }

    /** Forgets what it knows of a container to which something has happened. */
    public void event(ContainerEvent event) {
        inspected.remove(event.container());
        listening.remove(event.container());
    }

    private Optional<Inspected> inspect(String id) throws DockerAway, DockerRefused, InterruptedException {
        Inspected known = inspected.get(id);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<Inspected> seen = engine.inspect(id);
        seen.ifPresent(container -> inspected.put(id, container));
        return seen;
    }

    private boolean listens(Inspected container) {
        return listening.computeIfAbsent(
                        container.id(), id -> prober.tcp(container.address()).isEmpty() ? Boolean.TRUE : null)
                != null;
    }
}
