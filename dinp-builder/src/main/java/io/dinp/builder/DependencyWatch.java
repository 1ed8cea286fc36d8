package io.dinp.builder;

import io.dinp.common.daemon.Health;
import io.dinp.common.daemon.Ticker;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Tells in {@code /health} whether something that builds need is there. One that hangs counts as away: a Docker engine's
 * socket never times out by itself.
 */
public final class DependencyWatch implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final String part;
    private final Callable<?> question;
    private final Health health;
    private final ExecutorService caller;
    private final Ticker ticker;
    private Future<?> answer;

    /**
     * A watch that does not look yet.
     *
     * @param part name in {@code /health}
     * @param question throws, or does not return, when the part is away
     */
    public DependencyWatch(String part, Callable<?> question, Health health) {
        this.part = part;
        this.question = question;
        this.health = health;
        this.caller = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, part + "-question");
            thread.setDaemon(true);
            return thread;
        });
        this.ticker = new Ticker(part + "-watch", INTERVAL, this::look);
    }

    /** Begins to watch. */
    public void start() {
        ticker.start();
    }

    private void look() {
        try {
            if (answer == null || answer.isDone()) {
                answer = caller.submit(question);
            }
            answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            health.ok(part);
        } catch (ExecutionException e) {
            health.problem(part, "does not answer: " + e.getCause().getMessage());
        } catch (TimeoutException e) {
            health.problem(part, "hangs");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        ticker.close();
        caller.shutdownNow();
    }
}
