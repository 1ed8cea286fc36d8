package io.dinp.agent.docker;

import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.WaitResponse;
import io.dinp.agent.core.Inspected;
import io.dinp.agent.core.Listed;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The containers of the node's engine. What is already as wanted counts as done, so each command may be repeated. */
public final class DockerEngine {
    private static final Logger log = LoggerFactory.getLogger(DockerEngine.class);
    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final Duration CHANGE = Duration.ofSeconds(60);
    private static final Duration TAIL = Duration.ofSeconds(3);
    private static final int MAX_TAIL_BYTES = 1 << 20;

    private final DockerCalls calls;
    private final ContainerTemplate template;

    /** Over the given calls, with the limits for every container it creates. */
    public DockerEngine(DockerCalls calls, ContainerLimits limits) {
        this.calls = calls;
        this.template = new ContainerTemplate(limits);
    }

    /** All containers of the engine, those that do not run too. */
    public List<Listed> list() throws DockerAway, DockerRefused, InterruptedException {
        return calls.call(
                "list containers",
                LOOK,
                docker -> docker.listContainersCmd().withShowAll(true).exec().stream()
                        .map(ContainerReader::listed)
                        .toList());
    }

    /** A container by id or name, empty when there is none. */
    public Optional<Inspected> inspect(String container) throws DockerAway, DockerRefused, InterruptedException {
        if (container.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(calls.call(
                    "inspect " + container,
                    LOOK,
                    docker -> ContainerReader.inspected(
                            docker.inspectContainerCmd(container).exec())));
        } catch (DockerRefused e) {
            if (e.notFound()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Creates the container; answers its id. */
    public String create(ContainerOrder order) throws DockerAway, DockerRefused, InterruptedException {
        return calls.call(
                "create " + order.name(),
                CHANGE,
                docker -> template.command(docker, order).exec().getId());
    }

    /** Starts the container; one that runs is started. */
    public void start(String container) throws DockerAway, DockerRefused, InterruptedException {
        calls.call("start " + container, CHANGE, docker -> {
            try {
                return docker.startContainerCmd(container).exec();
            } catch (NotModifiedException e) {
                log.debug("container runs already container={}", container, e);
                return null;
            }
        });
    }

    /** Sends the signal; a container that has ended or is gone needs none. */
    public void signal(String container, String signal) throws DockerAway, DockerRefused, InterruptedException {
        try {
            calls.call(
                    "kill " + container,
                    LOOK,
                    docker -> docker.killContainerCmd(container)
                            .withSignal(signal)
                            .exec());
        } catch (DockerRefused e) {
            if (!e.notFound() && !e.conflict()) {
                throw e;
            }
            log.debug("no process to signal container={}", container, e);
        }
    }

    /** Removes the container whatever it does; one that is gone is done. */
    public void remove(String container) throws DockerAway, DockerRefused, InterruptedException {
        try {
            calls.call(
                    "remove " + container,
                    CHANGE,
                    docker -> docker.removeContainerCmd(container)
                            .withForce(true)
                            .withRemoveVolumes(true)
                            .exec());
        } catch (DockerRefused e) {
            if (!e.notFound()) {
                throw e;
            }
            log.debug("container was gone container={}", container, e);
        }
    }

    /**
     * Waits for the end of the container's process.
     *
     * @return whether it has ended within the limit, or is gone
     */
    public boolean awaitExit(String container, Duration limit) throws DockerAway, DockerRefused, InterruptedException {
        try (DockerStream<WaitResponse> end = calls.stream(
                "wait for " + container,
                response -> log.debug("ended container={} code={}", container, response.getStatusCode()),
                (docker, stream) -> docker.waitContainerCmd(container).exec(stream))) {
            return end.await(limit);
        } catch (DockerRefused e) {
            if (!e.notFound()) {
                throw e;
            }
            return true;
        }
    }

    /** The last lines that the container has written, none when it is gone or the engine is slow. */
    public List<String> tail(String container, int lines) throws DockerAway, InterruptedException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try (DockerStream<Frame> output = calls.stream(
                "logs of " + container,
                frame -> append(text, frame),
                (docker, stream) -> docker.logContainerCmd(container)
                        .withStdOut(true)
                        .withStdErr(true)
                        .withTail(lines)
                        .exec(stream))) {
            output.await(TAIL);
        } catch (DockerRefused e) {
            log.debug("no logs container={}", container, e);
        }
        return text.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private static void append(ByteArrayOutputStream text, Frame frame) {
        if (text.size() < MAX_TAIL_BYTES) {
            text.writeBytes(frame.getPayload());
        }
    }
}
