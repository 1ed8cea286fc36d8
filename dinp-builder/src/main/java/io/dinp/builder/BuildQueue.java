package io.dinp.builder;

import io.dinp.builder.core.BuildFailed;
import io.dinp.builder.core.BuildRequest;
import io.dinp.builder.core.BuildStatus;
import io.dinp.builder.files.BuildLogs;
import io.dinp.builder.mysql.BuildStore;
import io.dinp.common.daemon.Health;
import io.dinp.common.daemon.Retry;
import io.dinp.common.model.ImageRef;
import io.dinp.common.sso.SsoUser;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs builds, a few at a time and a bounded number waiting, each with a deadline. Whatever ends a build, its row says
 * so; a build that is unfinished when the builder stops is failed with that cause, at the latest at the next start.
 */
public final class BuildQueue implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BuildQueue.class);
    private static final String STOPPED = "builder was stopped";
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);

    private final BuilderConfig config;
    private final BuildRun run;
    private final BuildStore store;
    private final BuildLogs logs;
    private final Health health;
    private final Semaphore places;
    private final ExecutorService workers;
    private final ScheduledExecutorService deadlines =
            Executors.newSingleThreadScheduledExecutor(daemonThreads("build-deadline"));
    private volatile boolean stopping;

    public BuildQueue(BuilderConfig config, BuildRun run, BuildStore store, BuildLogs logs, Health health) {
        this.config = config;
        this.run = run;
        this.store = store;
        this.logs = logs;
        this.health = health;
        this.places = new Semaphore(config.parallelBuilds() + config.queuedBuilds());
        BuildMetrics.announce();
        this.workers = Executors.newFixedThreadPool(config.parallelBuilds(), daemonThreads("build"));
    }

    /** Fails what an earlier builder had left unfinished; to be called once, before the first build. */
    public void recover() throws SQLException {
        int unfinished = store.failUnfinished(STOPPED, System.currentTimeMillis());
        if (unfinished > 0) {
            LOG.warn("builds of an earlier run failed builds={} cause={}", unfinished, STOPPED);
        }
    }

    /**
     * Takes a build.
     *
     * @param upload the uploaded archive; the queue owns it when the answer is an id
     * @return the build's id; empty when too many builds wait already
     */
    public OptionalLong submit(BuildRequest request, ImageRef image, Optional<Path> upload, SsoUser user)
            throws SQLException {
        if (stopping || !places.tryAcquire()) {
            return OptionalLong.empty();
        }
        boolean taken = false;
        try {
            long id = store.insert(request, image.value(), user.id(), user.name());
            BuildRun.Order order = new BuildRun.Order(id, request, image, upload);
            workers.execute(() -> work(order));
            taken = true;
            LOG.info(
                    "build accepted build={} app={} version={} user={}",
                    id,
                    request.app(),
                    request.version(),
                    user.name());
            return OptionalLong.of(id);
        } finally {
            if (!taken) {
                places.release();
            }
        }
    }

    private void work(BuildRun.Order order) {
        long id = order.id();
        BuildMetrics.started();
        String last = BuildStatus.failed("internal error of the builder, its log tells more");
        try (BuildLogs.Log log = logs.open(id)) {
            last = outcome(order, log);
            log.line(last);
        } catch (IOException e) {
            LOG.error("build log cannot be written build={}", id, e);
            last = BuildStatus.failed("the build log cannot be written: " + e.getMessage());
        } finally {
            note(id, last, System.currentTimeMillis());
            places.release();
            BuildMetrics.finished(last.equals(BuildStatus.SUCCESSFUL));
            LOG.info("build finished build={} status={}", id, last);
        }
    }

    /** Runs a build under its deadline; an interruption that comes too late is taken back before the next build. */
    private String outcome(BuildRun.Order order, BuildLogs.Log log) {
        Deadline deadline = new Deadline(Thread.currentThread());
        var timer = deadlines.schedule(deadline::expire, config.buildTimeout().toMillis(), TimeUnit.MILLISECONDS);
        try {
            run.run(order, log, status -> note(order.id(), status, 0));
            return BuildStatus.SUCCESSFUL;
        } catch (BuildFailed e) {
            return BuildStatus.failed(e.getMessage());
        } catch (InterruptedException e) {
            return BuildStatus.failed(
                    deadline.expired()
                            ? "it took longer than " + config.buildTimeout().toMinutes() + " min (buildtimeout)"
                            : STOPPED);
        } catch (RuntimeException e) {
            LOG.error("build broke build={}", order.id(), e);
            return BuildStatus.failed("internal error of the builder, its log tells more: " + e.getMessage());
        } finally {
            timer.cancel(false);
            deadline.disarm();
        }
    }

    /** Writes a status, waiting for MySQL when it is away; while the builder stops, one attempt must do. */
    private void note(long id, String status, long finishedAt) {
        try {
            if (stopping) {
                store.update(id, status, finishedAt, BuildLogs.nameOf(id));
            } else {
                Retry.until("the status of build " + id, health, PAUSE, () -> {
                    store.update(id, status, finishedAt, BuildLogs.nameOf(id));
                    return true;
                });
            }
        } catch (SQLException | InterruptedException e) {
            LOG.warn("build status not written, the next start will build={} status={}", id, status, e);
        }
    }

    @Override
    public void close() {
        stopping = true;
        deadlines.shutdownNow();
        workers.shutdownNow();
        try {
            if (!workers.awaitTermination(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("builds still end, the next start notes them as failed");
            }
            recover();
        } catch (SQLException e) {
            LOG.warn("unfinished builds not noted, the next start will cause={}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Interrupts a thread once, and never after {@link #disarm}. */
    private static final class Deadline {
        private final Thread thread;
        private boolean armed = true;
        private boolean expired;

        Deadline(Thread thread) {
            this.thread = thread;
        }

        synchronized void expire() {
            if (armed) {
                expired = true;
                thread.interrupt();
            }
        }

        synchronized boolean expired() {
            return expired;
        }

        synchronized void disarm() {
            armed = false;
            if (expired) {
                Thread.interrupted();
            }
        }
    }

    private static ThreadFactory daemonThreads(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
