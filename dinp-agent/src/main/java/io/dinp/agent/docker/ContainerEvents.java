package io.dinp.agent.docker;

import com.github.dockerjava.api.model.Event;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens to what happens to the engine's containers and connects again when the engine comes back. Events say <em>when</em>
 * to look; what was missed between two connections is found by the look that follows each connection.
 */
public final class ContainerEvents implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ContainerEvents.class);
    private static final Duration CHECK = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofMillis(500);

    /**
     * One event.
     *
     * @param action {@code start}, {@code die}, {@code oom} or {@code destroy}
     * @param container the engine's id
     * @param attributes labels of the container and, at its death, {@code exitCode}
     */
    public record ContainerEvent(String action, String container, Map<String, String> attributes) {}

    private final DockerCalls calls;
    private final Consumer<ContainerEvent> listener;
    private final Runnable connected;
    private final Thread thread = new Thread(this::run, "docker-events");
    private volatile DockerStream<Event> stream;

    /**
     * Not listening before {@link #start()}.
     *
     * @param listener called for each event, on a thread of the stream: it must not wait
     * @param connected called after each connection
     */
    public ContainerEvents(DockerCalls calls, Consumer<ContainerEvent> listener, Runnable connected) {
        this.calls = calls;
        this.listener = listener;
        this.connected = connected;
        thread.setDaemon(true);
    }

    /** Begins to listen. */
    public void start() {
        thread.start();
    }

    @Override
    public void close() {
        thread.interrupt();
        DockerStream<Event> open = stream;
        if (open != null) {
            open.close();
        }
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                listen();
                Thread.sleep(PAUSE.toMillis());
            }
        } catch (InterruptedException e) {
            log.debug("no longer listening to Docker's events", e);
        }
    }

    private void listen() throws InterruptedException {
        try (DockerStream<Event> events = calls.stream(
                "events",
                this::deliver,
                (docker, callback) -> docker.eventsCmd()
                        .withEventTypeFilter("container")
                        .withEventFilter("start", "die", "oom", "destroy")
                        .exec(callback))) {
            stream = events;
            events.awaitStarted(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            connected.run();
            while (!events.await(CHECK)) {
                log.trace("listening to Docker's events");
            }
        } catch (DockerAway | DockerRefused e) {
            log.debug("Docker's events are cut off", e);
        }
    }

    private void deliver(Event event) {
        if (event.getActor() != null && event.getAction() != null) {
            Map<String, String> attributes = event.getActor().getAttributes();
            listener.accept(new ContainerEvent(
                    event.getAction(), event.getActor().getId(), attributes == null ? Map.of() : attributes));
        }
    }
}
