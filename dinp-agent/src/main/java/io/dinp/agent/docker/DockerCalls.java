package io.dinp.agent.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import io.dinp.common.json.Json;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives each command to the engine a deadline of its own: docker-java ignores its response timeout on unix sockets, so a hung
 * daemon would block its caller for ever. The number of unanswered commands is bounded; beyond it they wait within their deadline.
 */
public final class DockerCalls implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DockerCalls.class);
    private static final int MAX_AT_ONCE = 32;
    private static final int MAX_WAITING = 1000;
    private static final int IDLE_SECONDS = 10;
    private static final Duration OPEN = Duration.ofSeconds(5);

    private final URI endpoint;
    private final ThreadPoolExecutor watched;
    private DockerConnection connection;

    /** For the engine at the endpoint, such as {@code unix:///var/run/docker.sock}; connects at the first call. */
    public DockerCalls(URI endpoint) {
        this.endpoint = endpoint;
        this.watched = new ThreadPoolExecutor(
                MAX_AT_ONCE,
                MAX_AT_ONCE,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MAX_WAITING),
                DockerCalls::thread);
        watched.allowCoreThreadTimeOut(true);
    }

    /**
     * Runs one command.
     *
     * @param what words for the log and the exception
     * @throws DockerAway when there is no answer within the deadline; the command may still take effect
     * @throws DockerRefused when the engine says no
     */
    <T> T call(String what, Duration deadline, Function<DockerClient, T> command)
            throws DockerAway, DockerRefused, InterruptedException {
        return answer(what, deadline, () -> command.apply(connected().commands()));
    }

    /** Opens a stream, which the caller closes; errors come with its end. */
    <T> DockerStream<T> stream(String what, Consumer<T> each, BiConsumer<DockerClient, DockerStream<T>> open)
            throws DockerAway, DockerRefused, InterruptedException {
        DockerStream<T> stream = new DockerStream<>(this, what, each);
        answer(what, OPEN, () -> {
            open.accept(connected().streams(), stream);
            return stream;
        });
        return stream;
    }

    /** The failure as a refusal, or thrown as the engine's absence. */
    DockerRefused meaning(String what, Throwable failure) throws DockerAway {
        if (failure instanceof DockerException refused) {
            return new DockerRefused(refused.getHttpStatus(), message(refused), refused);
        }
        if (!isConnectionFault(failure)) {
            return new DockerRefused(0, what + ": " + failure, failure);
        }
        disconnect();
        throw new DockerAway("Docker at " + endpoint + " does not answer: " + what + ": " + failure, failure);
    }

    @Override
    public void close() {
        disconnect();
        watched.shutdownNow();
    }

    private <T> T answer(String what, Duration deadline, Callable<T> command)
            throws DockerAway, DockerRefused, InterruptedException {
        Future<T> answer = null;
        try {
            answer = watched.submit(command);
            return answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new DockerAway(
                    "Docker at " + endpoint + " does not answer: " + what + " took over " + deadline.toSeconds() + " s",
                    e);
        } catch (RejectedExecutionException e) {
            throw new DockerAway("Docker at " + endpoint + " does not answer: " + MAX_WAITING + " commands wait", e);
        } catch (ExecutionException e) {
            throw meaning(what, e.getCause());
        }
    }

    private DockerConnection connected() {
        synchronized (this) {
            if (connection != null) {
                return connection;
            }
        }
        DockerConnection opened = DockerConnection.open(endpoint);
        synchronized (this) {
            if (connection == null) {
                connection = opened;
                return opened;
            }
        }
        close(opened);
        return connected();
    }

    /** The next call negotiates anew: the engine that comes back may be another version. */
    private void disconnect() {
        DockerConnection old;
        synchronized (this) {
            old = connection;
            connection = null;
        }
        if (old != null) {
            close(old);
        }
    }

    private static void close(DockerConnection connection) {
        try {
            connection.close();
        } catch (IOException e) {
            log.debug("closing the connection to Docker", e);
        }
    }

    private static boolean isConnectionFault(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException) {
                return true;
            }
        }
        return false;
    }

    /** The engine's sentence out of {@code Status 404: {"message":"No such image"}}. */
    private static String message(DockerException e) {
        String text = String.valueOf(e.getMessage());
        int brace = text.indexOf('{');
        if (brace >= 0) {
            try {
                Object message = Json.read(text.substring(brace), Map.class).get("message");
                return message == null ? text : message.toString().strip();
            } catch (RuntimeException | IOException notJson) {
                log.debug("the engine's error is no JSON text={}", text, notJson);
            }
        }
        return text.strip();
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "docker-command");
        thread.setDaemon(true);
        return thread;
    }
}
