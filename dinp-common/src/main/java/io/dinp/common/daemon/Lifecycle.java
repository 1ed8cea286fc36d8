package io.dinp.common.daemon;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of a daemon in the order of their start; they are stopped in reverse, all within one deadline. */
public final class Lifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Lifecycle.class);

    private final Health health = new Health();
    private final Deque<Part> parts = new ArrayDeque<>();
    private final CountDownLatch done = new CountDownLatch(1);
    private Duration deadline = Duration.ofSeconds(10);
    private boolean stopping;

    private record Part(String name, AutoCloseable closeable) {}

    /** What {@code /health} answers. */
    public Health health() {
        return health;
    }

    /** Takes a part over: it will be closed when the daemon stops, or at once when that has begun. */
    public <T extends AutoCloseable> T own(String name, T part) {
        synchronized (this) {
            if (!stopping) {
                parts.push(new Part(name, part));
                return part;
            }
        }
        close(new Part(name, part));
        return part;
    }

    /** How long all parts together may take to stop; 10 s when not said. */
    public synchronized void stopDeadline(Duration limit) {
        deadline = limit;
    }

    /** Stops every part in reverse order; returns within the deadline whatever the parts do. A second call does nothing. */
    public void stop() {
        Duration limit;
        synchronized (this) {
            if (stopping) {
                return;
            }
            stopping = true;
            limit = deadline;
        }
        Thread worker = new Thread(this::closeAll, "stop");
        worker.setDaemon(true);
        worker.start();
        try {
            if (!done.await(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.warn("not stopped within {} s, leaving", limit.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeAll() {
        try {
            for (Part part = next(); part != null; part = next()) {
                close(part);
            }
        } finally {
            done.countDown();
        }
    }

    private synchronized Part next() {
        return parts.poll();
    }

    private static void close(Part part) {
        try {
            part.closeable().close();
        } catch (Exception e) {
            LOG.warn("{} did not stop cleanly", part.name(), e);
        }
    }

    /** Waits until {@link #stop} has ended. */
    public void awaitStop() throws InterruptedException {
        done.await();
    }
}
