package io.dinp.agent.images;

import io.dinp.agent.core.DiskUse;
import io.dinp.agent.core.Entry;
import io.dinp.agent.core.FetchedImage;
import io.dinp.agent.core.FetchedImage.Use;
import io.dinp.agent.core.ImageChoice;
import io.dinp.agent.docker.DockerAway;
import io.dinp.agent.docker.DockerRefused;
import io.dinp.agent.docker.LocalImage;
import io.dinp.agent.docker.LocalImages;
import io.dinp.agent.node.Machine;
import io.dinp.common.metrics.Metrics;
import io.dinp.common.model.ImageRef;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The regular look at what the agent has fetched and what of it can go. */
public final class ImageCleaning {
    private static final Logger log = LoggerFactory.getLogger(ImageCleaning.class);
    private static final int MOST_A_LOOK = 100;
    private static final Counter REMOVED =
            Metrics.counter("dinp_agent_images_removed_total", "Images removed, by why: old, disk or inodes", "why");
    private static final Gauge DISK = Metrics.gauge(
            "dinp_agent_disk_used_percent", "How full the disk of the engine's data root is: bytes or inodes", "of");

    private final LocalImages images;
    private final ImageBook book;
    private final Supplier<List<Entry>> instances;
    private final ImageChoice.Rules rules;
    private final LongSupplier clock;
    private boolean blind;

    /**
     * Looks at nothing before the first {@link #look}.
     *
     * @param instances the journal: what runs or is about to
     * @param clock epoch milliseconds
     */
    public ImageCleaning(
            LocalImages images,
            ImageBook book,
            Supplier<List<Entry>> instances,
            ImageChoice.Rules rules,
            LongSupplier clock) {
        this.images = images;
        this.book = book;
        this.instances = instances;
        this.rules = rules;
        this.clock = clock;
    }

    /** Looks once and removes what may go. An engine that does not answer is asked again at the next look. */
    public void look() {
        try {
            instances.get().forEach(this::stays);
            clean(new HashSet<>(images.inUse()));
        } catch (DockerAway | DockerRefused e) {
            log.debug("images are looked at later", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            book.flush();
        }
    }

    private void stays(Entry entry) {
        String digest = entry.run().digest().isEmpty()
                ? entry.spec().digest()
                : entry.run().digest();
        Use use = new Use(entry.spec().app(), entry.spec().revision(), clock.getAsLong());
        try {
            book.wanted(ImageRef.parse(entry.spec().image()), digest, use);
        } catch (IllegalArgumentException e) {
            log.debug("an adopted container's label is no image instance={}", entry.instance(), e);
        }
    }

    private void clean(Set<String> untouchable) throws DockerAway, DockerRefused, InterruptedException {
        for (int i = 0; i < MOST_A_LOOK; i++) {
            Optional<ImageChoice.Going> next =
                    ImageChoice.next(book.all(), untouchable, disk(), rules, clock.getAsLong());
            if (next.isEmpty()) {
                return;
            }
            untouchable.add(next.get().image().id());
            remove(next.get());
        }
    }

    private void remove(ImageChoice.Going going) throws DockerAway, InterruptedException {
        FetchedImage image = going.image();
        try {
            Optional<LocalImage> here = images.find(image.id());
            if (here.isEmpty()) {
                book.forget(image.id());
            } else if (!here.get().names().stream().allMatch(image::isCalled)) {
                log.info(
                        "image left alone, it has names of somebody else names={}",
                        here.get().names());
                book.forget(image.id());
            } else if (book.remove(image, images)) {
                String why = going.why().name().toLowerCase(Locale.ROOT);
                REMOVED.labelValues(why).inc();
                log.info(
                        "image removed names={} why={} uses={}",
                        image.names(),
                        why,
                        image.uses().size());
            }
        } catch (DockerRefused e) {
            log.info("image stays names={} reason={}", image.names(), e.getMessage());
        }
    }

    /** Empty where the agent cannot see the engine's disk: then only the count of revisions decides. */
    private Optional<DiskUse> disk() throws DockerAway, DockerRefused, InterruptedException {
        String root = images.dataRoot();
        Optional<DiskUse> use = Machine.disk(root);
        use.ifPresent(known -> {
            DISK.labelValues("bytes").set(known.bytesPercent());
            DISK.labelValues("inodes").set(known.inodesPercent());
        });
        if (use.isEmpty() && !blind) {
            log.warn("how full the engine's disk is cannot be seen, images go by their number only root={}", root);
        }
        blind = use.isEmpty();
        return use;
    }
}
