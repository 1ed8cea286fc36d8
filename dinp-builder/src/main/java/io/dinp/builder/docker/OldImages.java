package io.dinp.builder.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Image;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the images of earlier builds from the builder's own engine, which would keep them all: the registry has them. Only what
 * carries the builder's label and its registry's name is touched, and never what a container is made from, since nothing is
 * forced. On a thread of its own, at most one round waiting: a hung engine holds up no build.
 */
final class OldImages implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OldImages.class);

    private final DockerClient docker;
    private final String prefix;
    private final Queue<String> held = new ConcurrentLinkedQueue<>();
    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(1), OldImages::named, (round, pool) -> {
                LOG.debug("a round waits already");
            });

    OldImages(DockerClient docker, String registry) {
        this.docker = docker;
        this.prefix = registry + "/";
    }

    /** Spares the image of that name, which several builds may be making at the same time. */
    ImageBuilder.Hold hold(String name) {
        held.add(name);
        return () -> held.remove(name);
    }

    /** Begins a round that leaves the newest {@code keep} images, whose layers make the next builds fast. */
    void forget(int keep) {
        thread.execute(() -> round(keep));
    }

    private void round(int keep) {
        try {
            docker.listImagesCmd().withLabelFilter(ImageBuilder.LABEL).exec().stream()
                    .filter(image -> !names(image).isEmpty())
                    .sorted(Comparator.comparing(Image::getCreated)
                            .thenComparing(OldImages::build)
                            .reversed())
                    .skip(keep)
                    .flatMap(image -> names(image).stream())
                    .filter(name -> !held.contains(name))
                    .forEach(this::remove);
        } catch (RuntimeException e) {
            LOG.warn("old images stay for now cause={}", e.getMessage());
        }
    }

    private void remove(String name) {
        try {
            docker.removeImageCmd(name).exec();
            LOG.info("old image removed from the builder's engine image={}", name);
        } catch (DockerException e) {
            LOG.debug("old image stays image={} cause={}", name, e.getMessage());
        }
    }

    private List<String> names(Image image) {
        return image.getRepoTags() == null
                ? List.of()
                : Arrays.stream(image.getRepoTags())
                        .filter(name -> name.startsWith(prefix))
                        .toList();
    }

    private static long build(Image image) {
        String label = image.getLabels().get(ImageBuilder.LABEL);
        return label.matches("[0-9]{1,18}") ? Long.parseLong(label) : 0;
    }

    private static Thread named(Runnable work) {
        Thread thread = new Thread(work, "old-images");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
