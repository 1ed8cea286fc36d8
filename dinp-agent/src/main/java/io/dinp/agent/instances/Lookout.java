package io.dinp.agent.instances;

import io.dinp.agent.core.Legacy;
import io.dinp.agent.core.Listed;
import io.dinp.agent.docker.DockerAway;
import io.dinp.agent.docker.DockerEngine;
import io.dinp.agent.docker.DockerRefused;
import io.dinp.agent.docker.LocalImages;
import io.dinp.common.daemon.Health;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The regular look at the engine: whether it answers, and what it has. */
public final class Lookout {
    private static final Logger log = LoggerFactory.getLogger(Lookout.class);
    private static final String PART = "docker";
    private static final int MAX_IMAGES = 200;
    private static final int LOOKS_PER_IMAGE_LIST = 10;

    /**
     * What the last look has shown.
     *
     * @param looked whether there was one
     * @param answered whether the engine has answered
     * @param legacy containers of the original
     * @param statuses the engine's words by container id
     * @param images names of local images
     */
    public record View(
            boolean looked, boolean answered, List<Legacy> legacy, Map<String, String> statuses, List<String> images) {}

    private final DockerEngine engine;
    private final LocalImages images;
    private final Instances instances;
    private final LegacyContainers legacy;
    private final Health health;
    private final Runnable changed;
    private volatile View view = new View(false, false, List.of(), Map.of(), List.of());
    private int looks;

    /** Tells {@code changed} after a look that shows something else than the one before. */
    public Lookout(
            DockerEngine engine,
            LocalImages images,
            Instances instances,
            LegacyContainers legacy,
            Health health,
            Runnable changed) {
        this.engine = engine;
        this.images = images;
        this.instances = instances;
        this.legacy = legacy;
        this.health = health;
        this.changed = changed;
    }

    /** The last look. */
    public View view() {
        return view;
    }

    /** Looks once. Whether the list comes decides whether the engine answers; one container that hangs is not the engine. */
    public void look() {
        View before = view;
        try {
            view = see(engine.list(), before);
            health.ok(PART);
        } catch (DockerAway | DockerRefused e) {
            view = new View(true, false, before.legacy(), before.statuses(), before.images());
            health.problem(PART, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!withoutWords(view).equals(withoutWords(before))) {
            changed.run();
        }
    }

    private View see(List<Listed> listed, View before) throws InterruptedException {
        try {
            instances.observe(listed);
            return new View(true, true, legacy.find(listed), statuses(listed), imageNames(before));
        } catch (DockerAway | DockerRefused e) {
            log.warn("look at Docker is incomplete reason={}", e.getMessage());
            return new View(true, true, before.legacy(), statuses(listed), before.images());
        }
    }

    private List<String> imageNames(View before) throws DockerAway, DockerRefused, InterruptedException {
        return looks++ % LOOKS_PER_IMAGE_LIST == 0 ? images.names(MAX_IMAGES) : before.images();
    }

    private static Map<String, String> statuses(List<Listed> listed) {
        return listed.stream().collect(Collectors.toMap(Listed::id, Listed::status));
    }

    /** The engine's words count seconds, which is no news. */
    private static View withoutWords(View view) {
        List<Legacy> silent = view.legacy().stream()
                .map(one -> new Legacy(one.container(), "", one.listening()))
                .toList();
        return new View(view.looked(), view.answered(), silent, Map.of(), view.images());
    }
}
