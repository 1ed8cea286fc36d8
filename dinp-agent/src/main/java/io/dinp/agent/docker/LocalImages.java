package io.dinp.agent.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.PullImageCmd;
import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.api.model.Image;
import com.github.dockerjava.api.model.PullResponseItem;
import io.dinp.common.config.Secret;
import io.dinp.common.model.ImageRef;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The images on the node's disk, and how they get there. */
public final class LocalImages {
    private static final Logger log = LoggerFactory.getLogger(LocalImages.class);
    private static final Duration LOOK = Duration.ofSeconds(10);
    private static final Duration CANCEL_CHECK = Duration.ofMillis(100);
    private static final Duration STALLED = Duration.ofMinutes(2);
    private static final String NO_NAME = "<none>";

    /**
     * Account at a registry.
     *
     * @param user name
     * @param password password
     */
    public record Account(String user, Secret password) {}

    private final DockerCalls calls;
    private final Map<String, Account> accounts;

    /** Over the given calls, with accounts by registry ({@code host:port}). */
    public LocalImages(DockerCalls calls, Map<String, Account> accounts) {
        this.calls = calls;
        this.accounts = Map.copyOf(accounts);
    }

    /**
     * Sees to it that the image is here and answers its digest, empty for an image that never was in a registry. Under a known
     * digest nothing is fetched when it is here; without one the tag is asked for anew, and what is here under it serves when
     * that fails.
     *
     * @param cancelled looked at while it pulls
     * @throws DockerRefused with the engine's words when it cannot be had
     */
    public String ensure(ImageRef image, String digest, BooleanSupplier cancelled)
            throws DockerAway, DockerRefused, InterruptedException {
        String fixed = digest.isEmpty() ? digestIn(image) : digest;
        if (!fixed.isEmpty()) {
            if (digestOf(image.byDigest(fixed), image).isEmpty()) {
                pull(image, fixed, cancelled);
            }
            return fixed;
        }
        try {
            pull(image, image.tag(), cancelled);
        } catch (DockerRefused e) {
            Optional<String> local = digestOf(image.value(), image);
            if (local.isEmpty() || cancelled.getAsBoolean()) {
                throw e;
            }
            log.warn("image not pulled, the local one serves image={} reason={}", image.value(), e.getMessage());
            return local.get();
        }
        return digestOf(image.value(), image).orElse("");
    }

    /** Names and digests of the newest images on the disk, at most {@code limit}. */
    public List<String> names(int limit) throws DockerAway, DockerRefused, InterruptedException {
        List<Image> images =
                calls.call("list images", LOOK, docker -> docker.listImagesCmd().exec());
        return images.stream()
                .sorted(Comparator.comparing(Image::getCreated, Comparator.nullsFirst(Comparator.naturalOrder()))
                        .reversed())
                .flatMap(image -> Stream.of(image.getRepoTags(), image.getRepoDigests()))
                .filter(Objects::nonNull)
                .flatMap(Arrays::stream)
                .filter(name -> !name.startsWith(NO_NAME))
                .limit(limit)
                .toList();
    }

    /** The digest that the name itself carries, empty without one. */
    private static String digestIn(ImageRef image) {
        int at = image.value().indexOf('@');
        return at < 0 ? "" : image.value().substring(at + 1);
    }

    /** Empty when the image is not here; an empty digest when it is, but has none in its repository. */
    private Optional<String> digestOf(String reference, ImageRef image)
            throws DockerAway, DockerRefused, InterruptedException {
        try {
            List<String> digests = calls.call(
                    "inspect image " + reference,
                    LOOK,
                    docker -> docker.inspectImageCmd(reference).exec().getRepoDigests());
            String prefix = image.byDigest("");
            return Optional.of(Optional.ofNullable(digests).orElse(List.of()).stream()
                    .filter(name -> name.startsWith(prefix))
                    .map(name -> name.substring(prefix.length()))
                    .findFirst()
                    .orElse(""));
        } catch (DockerRefused e) {
            if (e.notFound()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private void pull(ImageRef image, String tagOrDigest, BooleanSupplier cancelled)
            throws DockerAway, DockerRefused, InterruptedException {
        String what = "pull " + image.value();
        AtomicReference<String> error = new AtomicReference<>();
        AtomicLong lastNews = new AtomicLong(System.nanoTime());
        try (DockerStream<PullResponseItem> progress = calls.stream(
                what,
                item -> {
                    lastNews.set(System.nanoTime());
                    if (item.isErrorIndicated()) {
                        error.compareAndSet(
                                null, String.valueOf(item.getErrorDetail().getMessage()));
                    }
                },
                (docker, stream) -> command(docker, image, tagOrDigest).exec(stream))) {
            while (!progress.await(CANCEL_CHECK)) {
                if (cancelled.getAsBoolean()) {
                    throw new DockerRefused(0, what + ": cancelled", null);
                }
                if (System.nanoTime() - lastNews.get() > STALLED.toNanos()) {
                    throw new DockerRefused(0, what + ": no progress for " + STALLED.toSeconds() + " s", null);
                }
            }
        }
        if (error.get() != null) {
            throw new DockerRefused(0, error.get(), null);
        }
    }

    private PullImageCmd command(DockerClient docker, ImageRef image, String tagOrDigest) {
        PullImageCmd command = docker.pullImageCmd(image.repository()).withTag(tagOrDigest);
        Account account = accounts.get(image.registry());
        if (account != null) {
            command.withAuthConfig(new AuthConfig()
                    .withRegistryAddress(image.registry())
                    .withUsername(account.user())
                    .withPassword(account.password().value()));
        }
        return command;
    }
}
