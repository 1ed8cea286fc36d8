package io.dinp.builder.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.stream.Stream;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/**
 * A registry of a test's own, with a base image in it, {@code dinp/binary:1}. Closing it also takes from the engine every image
 * that is named after it.
 */
public final class TestRegistry implements AutoCloseable {
    public static final String ENGINE = "unix:///var/run/docker.sock";
    static final String USER = "builder";
    static final String PASSWORD = "s3cret pass";

    private static final int PORT = 5000;
    private static final String HTPASSWD = USER + ":$2b$04$EV4K7kDsPvZWhiSSJg450OhQ8L6CeGlf0ttu5D.XuGfsdfu87P5ja\n";
    private static final String BASE = System.getenv().getOrDefault("TEST_IMAGE_BASE", "debian:bookworm-slim");

    private final GenericContainer<?> container;
    private final HttpClient http = HttpClient.newHttpClient();

    private TestRegistry(GenericContainer<?> container) {
        this.container = container;
    }

    public static TestRegistry start() throws Exception {
        return started(new GenericContainer<>(DockerImageName.parse("registry:2")));
    }

    static TestRegistry startWithPassword() throws Exception {
        return started(new GenericContainer<>(DockerImageName.parse("registry:2"))
                .withCopyToContainer(Transferable.of(HTPASSWD), "/etc/docker/registry/htpasswd")
                .withEnv("REGISTRY_AUTH", "htpasswd")
                .withEnv("REGISTRY_AUTH_HTPASSWD_REALM", "test")
                .withEnv("REGISTRY_AUTH_HTPASSWD_PATH", "/etc/docker/registry/htpasswd"));
    }

    private static TestRegistry started(GenericContainer<?> container) throws Exception {
        container.withExposedPorts(PORT).start();
        TestRegistry registry = new TestRegistry(container);
        try {
            registry.putBase();
            return registry;
        } catch (IOException | InterruptedException | RuntimeException e) {
            registry.close();
            throw e;
        }
    }

    public String address() {
        return "127.0.0.1:" + container.getMappedPort(PORT);
    }

    /** Whether the registry has this tag. */
    public boolean has(String repository, String tag) throws IOException, InterruptedException {
        String account = Base64.getEncoder().encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://" + address() + "/v2/" + repository + "/manifests/" + tag))
                .header("Authorization", "Basic " + account)
                .header("Accept", "application/vnd.docker.distribution.manifest.v2+json")
                .build();
        return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    }

    private void putBase() throws IOException, InterruptedException {
        try (DockerClient docker = engine()) {
            makeSureOf(docker);
            docker.tagImageCmd(BASE, address() + "/dinp/binary", "1").exec();
            AuthConfig account = new AuthConfig()
                    .withRegistryAddress(address())
                    .withUsername(USER)
                    .withPassword(PASSWORD);
            docker.pushImageCmd(address() + "/dinp/binary")
                    .withTag("1")
                    .withAuthConfig(account)
                    .start()
                    .awaitCompletion();
        }
        if (!has("dinp/binary", "1")) {
            throw new IOException("the registry " + address() + " did not take the base image");
        }
    }

    static DockerClient engine() {
        DefaultDockerClientConfig config = DefaultDockerClientConfig.createDefaultConfigBuilder()
                .withDockerHost(ENGINE)
                .withDockerTlsVerify(false)
                .build();
        return DockerClientImpl.getInstance(
                config,
                new ZerodepDockerHttpClient.Builder()
                        .dockerHost(config.getDockerHost())
                        .build());
    }

    private static void makeSureOf(DockerClient docker) throws InterruptedException {
        try {
            docker.inspectImageCmd(BASE).exec();
        } catch (NotFoundException e) {
            docker.pullImageCmd(BASE).start().awaitCompletion();
        }
    }

    /** Takes every image below that registry, or that part of one, from the engine, whether the registry is there or not. */
    public static void forget(String place) throws IOException {
        try (DockerClient docker = engine()) {
            docker.listImagesCmd().exec().stream()
                    .flatMap(one -> one.getRepoTags() == null ? Stream.empty() : Stream.of(one.getRepoTags()))
                    .filter(name -> name.startsWith(place + "/"))
                    .forEach(name -> docker.removeImageCmd(name).withForce(true).exec());
        }
    }

    @Override
    public void close() throws IOException {
        String address = address();
        container.stop();
        forget(address);
    }
}
