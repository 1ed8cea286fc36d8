package io.dinp.agent.docker;

import com.github.dockerjava.api.async.ResultCallback;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An answer of the engine that comes in pieces, on a thread of docker-java. Closing it hangs up. */
final class DockerStream<T> extends ResultCallback.Adapter<T> {
    private static final Logger log = LoggerFactory.getLogger(DockerStream.class);

    private final DockerCalls calls;
    private final String what;
    private final Consumer<T> each;
    private final CountDownLatch closed = new CountDownLatch(1);

    DockerStream(DockerCalls calls, String what, Consumer<T> each) {
        this.calls = calls;
        this.what = what;
        this.each = each;
    }

    @Override
    public void onNext(T piece) {
        each.accept(piece);
    }

    /**
     * Waits for the end of the stream. Not by the limit of {@link #awaitCompletion(long, TimeUnit)}: that one hangs up when it has
     * passed, and takes the stream for a whole one ever after.
     *
     * @return whether it has ended within the limit
     */
    boolean await(Duration limit) throws DockerAway, DockerRefused, InterruptedException {
        if (!closed.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            return false;
        }
        try {
            awaitCompletion();
            return true;
        } catch (RuntimeException e) {
            throw calls.meaning(what, e);
        }
    }

    @Override
    public void close() {
        try {
            super.close();
        } catch (IOException e) {
            log.debug("hanging up on {}", what, e);
        } finally {
            closed.countDown();
        }
    }
}
