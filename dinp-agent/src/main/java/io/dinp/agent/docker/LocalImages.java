package io.dinp.agent.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.command.PullImageCmd;
import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.api.model.Container;
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
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The images on the node's disk, and how they get there. */
public final class LocalImages implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LocalImages.class);
    private static final Duration LOOK = Duration.ofSeconds(10);
    private static final Duration REMOVE = Duration.ofSeconds(60);
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

    /** What somebody wants: an image by its content, or, with an empty digest, what its tag means now. */
    private record Wanted(ImageRef image, String digest) {
        @Override
        public String toString() {
            return digest.isEmpty() ? image.value() : image.byDigest(digest);
        }
    }

    private final DockerCalls calls;
    private final Map<String, Account> accounts;
    private final SharedPulls<Wanted, LocalImage> pulls;

    /**
     * Over the given calls.
     *
     * @param accounts by registry ({@code host:port})
     * @param atOnce most different pulls at the same time
     */
    public LocalImages(DockerCalls calls, Map<String, Account> accounts, int atOnce) {
        this.calls = calls;
        this.accounts = Map.copyOf(accounts);
        this.pulls = new SharedPulls<>(atOnce, this::fetch);
    }

    /**
     * Sees to it that the image is here. Under a known digest nothing is fetched when it is here; without one the tag is asked
     * for anew, and what is here under it serves when that fails. All who want the same at the same time share one pull.
     *
     * @param cancelled looked at while it pulls
     * @throws DockerRefused with the engine's words when it cannot be had
     */
    public LocalImage ensure(ImageRef image, String digest, BooleanSupplier cancelled)
            throws DockerAway, DockerRefused, InterruptedException {
        Wanted wanted = new Wanted(image, digest.isEmpty() ? digestIn(image) : digest);
        Optional<LocalImage> here = wanted.digest.isEmpty() ? Optional.empty() : find(wanted);
        return here.isPresent() ? here.get() : pulls.get(wanted, cancelled);
    }

    /** An image by its id, empty when it is not here. */
    public Optional<LocalImage> find(String id) throws DockerAway, DockerRefused, InterruptedException {
        return inspect(id, "");
    }

    /** Ids of the images that some container was made from, whatever it does now. */
    public Set<String> inUse() throws DockerAway, DockerRefused, InterruptedException {
        return calls.call(
                "list the containers' images",
                LOOK,
                docker -> docker.listContainersCmd().withShowAll(true).exec().stream()
                        .map(Container::getImageId)
                        .collect(Collectors.toUnmodifiableSet()));
    }

    /**
     * Removes an image with all its names. The engine refuses it while a container has it.
     *
     * @throws DockerRefused with the engine's words, also when it has names in several repositories
     */
    public void remove(String id) throws DockerAway, DockerRefused, InterruptedException {
        calls.call(
                "remove image " + id,
                REMOVE,
                docker -> docker.removeImageCmd(id).withForce(false).exec());
    }

    /** Where the engine keeps images and containers. */
    public String dataRoot() throws DockerAway, DockerRefused, InterruptedException {
        String root = calls.call("info", LOOK, docker -> docker.infoCmd().exec().getDockerRootDir());
        return Objects.requireNonNullElse(root, "");
    }

    @Override
    public void close() {
        pulls.close();
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

    /** On the thread of a shared pull: another one may have brought it while this one waited in line. */
    private LocalImage fetch(Wanted wanted, BooleanSupplier abandoned)
            throws DockerAway, DockerRefused, InterruptedException {
        Optional<LocalImage> here = wanted.digest.isEmpty() ? Optional.empty() : find(wanted);
        if (here.isPresent()) {
            return here.get();
        }
        Set<String> before = ids();
        try {
            pull(wanted.image, wanted.digest.isEmpty() ? wanted.image.tag() : wanted.digest, abandoned);
        } catch (DockerRefused e) {
            Optional<LocalImage> local = wanted.digest.isEmpty() ? find(wanted) : Optional.empty();
            if (local.isEmpty() || abandoned.getAsBoolean()) {
                throw e;
            }
            log.warn("image not pulled, the local one serves image={} reason={}", wanted.image, e.getMessage());
            return local.get();
        }
        LocalImage pulled = find(wanted)
                .orElseThrow(() -> new DockerRefused(0, "pull " + wanted + ": it was removed at once", null));
        return pulled.asFetched(!before.contains(pulled.id()));
    }

    private Optional<LocalImage> find(Wanted wanted) throws DockerAway, DockerRefused, InterruptedException {
        return inspect(wanted.toString(), wanted.image.byDigest(""));
    }

    /** Empty when the image is not here. */
    private Optional<LocalImage> inspect(String reference, String prefix)
            throws DockerAway, DockerRefused, InterruptedException {
        try {
            return Optional.of(calls.call(
                    "inspect image " + reference,
                    LOOK,
                    docker -> local(docker.inspectImageCmd(reference).exec(), prefix)));
        } catch (DockerRefused e) {
            if (e.notFound()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static LocalImage local(InspectImageResponse image, String prefix) {
        List<String> digests = Objects.requireNonNullElse(image.getRepoDigests(), List.of());
        List<String> tags = Objects.requireNonNullElse(image.getRepoTags(), List.of());
        String digest = digests.stream()
                .filter(name -> !prefix.isEmpty() && name.startsWith(prefix))
                .map(name -> name.substring(prefix.length()))
                .findFirst()
                .orElse("");
        List<String> names = Stream.concat(tags.stream(), digests.stream())
                .filter(name -> !name.startsWith(NO_NAME))
                .toList();
        return new LocalImage(image.getId(), digest, names, false);
    }

    private Set<String> ids() throws DockerAway, DockerRefused, InterruptedException {
        return calls.call(
                "list image ids",
                LOOK,
                docker -> docker.listImagesCmd().withShowAll(true).exec().stream()
                        .map(Image::getId)
                        .collect(Collectors.toUnmodifiableSet()));
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
