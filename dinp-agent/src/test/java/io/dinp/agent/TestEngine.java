package io.dinp.agent;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.BuildImageResultCallback;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Image;
import com.github.dockerjava.api.model.Network;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.PushResponseItem;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import io.dinp.agent.core.Labels;
import io.dinp.agent.node.Machine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The machine's engine as a person at it sees it, with an image of the test app. Removes what the test's cluster has made, and
 * every image whose name has the cluster in it.
 */
final class TestEngine implements AutoCloseable {
    static final String SOCKET = "unix:///var/run/docker.sock";

    private final String cluster;
    private final DockerClient docker;
    private final String image;

    TestEngine(String cluster) throws IOException {
        this.cluster = cluster;
        DefaultDockerClientConfig config = DefaultDockerClientConfig.createDefaultConfigBuilder()
                .withDockerHost(SOCKET)
                .build();
        docker = DockerClientImpl.getInstance(
                config,
                new ZerodepDockerHttpClient.Builder()
                        .dockerHost(config.getDockerHost())
                        .build());
        image = build();
    }

    DockerClient docker() {
        return docker;
    }

    /** Name of the test app's image, whose registry is never there. */
    String image() {
        return image;
    }

    /** The engine's own end of its default network: an address of this machine that is not loopback. */
    String address() throws IOException {
        Network network = docker.inspectNetworkCmd().withNetworkId("bridge").exec();
        for (Network.Ipam.Config range : network.getIpam().getConfig()) {
            if (range.getGateway() != null && range.getGateway().indexOf(':') < 0) {
                return range.getGateway();
            }
        }
        String bridge = network.getOptions().get("com.docker.network.bridge.name");
        return Machine.nics().stream()
                .filter(nic -> nic.name().equals(bridge))
                .flatMap(nic -> nic.addresses().stream())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "the engine's network \"bridge\" names no IPv4 gateway and its interface " + bridge
                                + " has no IPv4 address"));
    }

    /** A container as a person starts it, without labels of ours. */
    String run(Map<String, String> env, int hostPort) throws IOException {
        Ports ports = new Ports();
        ports.bind(ExposedPort.tcp(8080), Ports.Binding.bindIpAndPort(address(), hostPort));
        String id = docker.createContainerCmd(image)
                .withEnv(env.entrySet().stream()
                        .map(e -> e.getKey() + "=" + e.getValue())
                        .toList())
                .withLabels(Map.of("dinp.test", cluster))
                .withExposedPorts(ExposedPort.tcp(8080))
                .withHostConfig(HostConfig.newHostConfig().withPortBindings(ports))
                .exec()
                .getId();
        docker.startContainerCmd(id).exec();
        return id;
    }

    List<Container> containers() {
        return docker.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(Map.of(Labels.CLUSTER, cluster))
                .exec();
    }

    @Override
    public void close() throws IOException {
        try (docker) {
            containers().forEach(this::remove);
            docker.listContainersCmd()
                    .withShowAll(true)
                    .withLabelFilter(Map.of("dinp.test", cluster))
                    .exec()
                    .forEach(this::remove);
            docker.listImagesCmd().exec().stream()
                    .flatMap(TestEngine::names)
                    .filter(name -> name.contains(cluster))
                    .forEach(this::removeName);
        }
    }

    /** By its name: the same image may be in use under the name of a run that was cut off. */
    private void removeName(String name) {
        try {
            docker.removeImageCmd(name).withForce(true).exec();
        } catch (NotFoundException e) {
            // It went with another name of the same image.
        }
    }

    private static Stream<String> names(Image image) {
        return Stream.of(image.getRepoTags(), image.getRepoDigests())
                .filter(Objects::nonNull)
                .flatMap(Arrays::stream);
    }

    /** Whether the engine has an image of that name or id. */
    boolean has(String image) {
        return docker.listImagesCmd().exec().stream()
                .anyMatch(one -> one.getId().equals(image) || names(one).anyMatch(image::equals));
    }

    /** Puts a variant of the test app's image into the registry and takes it off the disk; answers its id. */
    String publish(String name) throws IOException, InterruptedException {
        Path context = Files.createTempDirectory("dinp-agent-it");
        Path dockerfile = context.resolve("Dockerfile");
        try {
            Files.writeString(dockerfile, "FROM " + image + "\nLABEL variant=" + name + "\n");
            docker.buildImageCmd(context.toFile())
                    .withTags(Set.of(name))
                    .exec(new BuildImageResultCallback())
                    .awaitImageId();
            String id = docker.inspectImageCmd(name).exec().getId();
            push(name);
            docker.removeImageCmd(name).exec();
            return id;
        } finally {
            Files.deleteIfExists(dockerfile);
            Files.delete(context);
        }
    }

    /** Puts what the name means into its registry. */
    void push(String name) throws InterruptedException {
        StringBuilder errors = new StringBuilder();
        docker.pushImageCmd(name)
                .exec(new ResultCallback.Adapter<PushResponseItem>() {
                    @Override
                    public void onNext(PushResponseItem item) {
                        if (item.isErrorIndicated()) {
                            errors.append(item.getErrorDetail().getMessage());
                        }
                    }
                })
                .awaitCompletion();
        if (errors.length() > 0) {
            throw new IllegalStateException("push " + name + ": " + errors);
        }
    }

    private void remove(Container container) {
        docker.removeContainerCmd(container.getId()).withForce(true).exec();
    }

    private String build() throws IOException {
        Path context = Files.createTempDirectory("dinp-agent-it");
        Path app = context.resolve("app.pl");
        Path dockerfile = context.resolve("Dockerfile");
        try (InputStream source = TestEngine.class.getResourceAsStream("/app/app.pl")) {
            Files.write(app, source.readAllBytes());
            String base = System.getenv().getOrDefault("TEST_IMAGE_BASE", "debian:bookworm-slim");
            Files.writeString(dockerfile, "FROM " + base + "\nCOPY app.pl /app.pl\nCMD [\"perl\", \"/app.pl\"]\n");
            String name = "127.0.0.1:1/dinp-agent-it:" + cluster;
            docker.buildImageCmd(context.toFile())
                    .withTags(Set.of(name))
                    .exec(new BuildImageResultCallback())
                    .awaitImageId();
            return name;
        } finally {
            Files.deleteIfExists(app);
            Files.deleteIfExists(dockerfile);
            Files.delete(context);
        }
    }
}
