package io.dinp.builder.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallbackTemplate;
import com.github.dockerjava.api.command.BuildImageCmd;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.api.model.AuthConfigurations;
import com.github.dockerjava.api.model.BuildResponseItem;
import com.github.dockerjava.api.model.PushResponseItem;
import com.github.dockerjava.api.model.ResponseItem;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import io.dinp.builder.core.BuildFailed;
import io.dinp.common.config.Secret;
import io.dinp.common.model.ImageRef;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Builds and pushes images with the Docker engine of the builder's own machine. Both calls last until they are done,
 * failed or interrupted; an interrupted one closes its stream, on which the engine stops the work.
 */
public final class ImageBuilder implements AutoCloseable {
    /** Label of every image made here; its value is the build's id. */
    public static final String LABEL = "io.dinp.build";

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final int CONNECTIONS = 32;
    private static final Pattern COLOUR = Pattern.compile("\u001B\\[[0-9;]*m");

    /**
     * Which registry to push to.
     *
     * @param address such as {@code 10.0.0.1:5000}
     * @param user empty when the registry asks for none
     */
    public record Registry(String address, String user, Secret password) {
        AuthConfig auth() {
            AuthConfig auth = new AuthConfig().withRegistryAddress(address);
            return user.isEmpty() ? auth : auth.withUsername(user).withPassword(password.value());
        }
    }

    /** Until it is closed, an image is not among the old ones. */
    public interface Hold extends AutoCloseable {
        @Override
        void close();
    }

    private final DockerClient docker;
    private final Registry registry;
    private final long memoryBytes;
    private final OldImages old;

    /**
     * A client of one engine; connects when it is first used.
     *
     * @param endpoint the engine, {@code unix:///…} or {@code tcp://…}
     * @param memoryMb limit of each build step
     */
    public ImageBuilder(String endpoint, Registry registry, int memoryMb) {
        DefaultDockerClientConfig config = DefaultDockerClientConfig.createDefaultConfigBuilder()
                .withDockerHost(endpoint)
                .withDockerTlsVerify(false)
                .build();
        this.docker = DockerClientImpl.getInstance(
                config,
                new ZerodepDockerHttpClient.Builder()
                        .dockerHost(config.getDockerHost())
                        .connectionTimeout(CONNECT)
                        .maxConnections(CONNECTIONS)
                        .build());
        this.registry = registry;
        this.memoryBytes = (long) memoryMb << 20;
        this.old = new OldImages(docker, registry.address());
    }

    /** Throws when the engine does not answer; may hang with a hung engine, so callers put a deadline on it. */
    public boolean ping() {
        docker.pingCmd().exec();
        return true;
    }

    /**
     * Builds an image; the base is fetched anew when the registry has a newer one.
     *
     * @param archive the checked archive, named as the Dockerfile names it
     * @param log gets what the build prints, in pieces with their own line ends
     */
    public void build(String dockerfile, Path archive, ImageRef image, Map<String, String> labels, Consumer<String> log)
            throws BuildFailed, InterruptedException {
        Progress<BuildResponseItem> progress = new Progress<>(log);
        try (InputStream context = BuildContext.of(dockerfile, archive);
                BuildImageCmd command = docker.buildImageCmd(context)) {
            command.withTags(Set.of(image.value()))
                    .withPull(true)
                    .withRemove(true)
                    .withForcerm(true)
                    .withMemory(memoryBytes)
                    .withMemswap(memoryBytes)
                    .withLabels(labels)
                    .withBuildAuthConfigs(authConfigurations())
                    .exec(progress);
            progress.await("the build");
        } catch (IOException e) {
            throw new BuildFailed("the build context cannot be read: " + e.getMessage(), e);
        }
    }

    /** Pushes an image under its tag. */
    public void push(ImageRef image, Consumer<String> log) throws BuildFailed, InterruptedException {
        Progress<PushResponseItem> progress = new Progress<>(log);
        String repository = image.value().substring(0, image.value().lastIndexOf(':'));
        docker.pushImageCmd(repository)
                .withTag(image.tag())
                .withAuthConfig(registry.auth())
                .exec(progress);
        progress.await("the push to " + registry.address());
    }

    /** Keeps an image that is not pushed yet, however many newer ones there may be. */
    public Hold hold(ImageRef image) {
        return old.hold(image.value());
    }

    /** Has the engine forget all but the newest images that were made here and pushed; returns at once. */
    public void forgetOld(int keep) {
        old.forget(keep);
    }

    @Override
    public void close() throws IOException {
        old.close();
        docker.close();
    }

    private AuthConfigurations authConfigurations() {
        AuthConfigurations configurations = new AuthConfigurations();
        configurations.addConfig(registry.auth());
        return configurations;
    }

    /** Writes the engine's messages to the log and keeps its verdict, which comes as just another message. */
    private static final class Progress<T extends ResponseItem> extends ResultCallbackTemplate<Progress<T>, T> {
        private final Consumer<String> log;
        private volatile String error = "";

        Progress(Consumer<String> log) {
            this.log = log;
        }

        @Override
        public void onNext(T item) {
            if (item.isErrorIndicated()) {
                error = messageOf(item);
            } else if (item.getStream() != null) {
                log.accept(COLOUR.matcher(item.getStream()).replaceAll(""));
            } else if (item.getStatus() != null && isWholeStep(item)) {
                String id = item.getId() == null ? "" : item.getId() + ": ";
                log.accept(id + item.getStatus() + "\n");
            }
        }

        void await(String what) throws BuildFailed, InterruptedException {
            try {
                awaitCompletion();
            } catch (DockerException e) {
                throw new BuildFailed(what + " failed, the Docker engine refused: " + e.getMessage(), e);
            } catch (RuntimeException e) {
                throw new BuildFailed(what + " failed, the Docker engine does not answer: " + rootMessage(e), e);
            } finally {
                closeQuietly();
            }
            if (!error.isEmpty()) {
                throw new BuildFailed(what + " failed: " + error);
            }
        }

        private void closeQuietly() {
            try {
                close();
            } catch (IOException e) {
                log.accept("closing the engine's stream: " + e.getMessage() + "\n");
            }
        }

        @SuppressWarnings("deprecation") // old engines fill only the plain text
        private static String messageOf(ResponseItem item) {
            ResponseItem.ErrorDetail detail = item.getErrorDetail();
            return detail != null && detail.getMessage() != null
                    ? detail.getMessage()
                    : String.valueOf(item.getError());
        }

        /** Percentages come many times a second; only the steps between them are worth a line. */
        private static boolean isWholeStep(ResponseItem item) {
            return item.getProgressDetail() == null || item.getProgressDetail().getTotal() == null;
        }

        private static String rootMessage(Throwable e) {
            Throwable root = e;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
        }
    }
}
