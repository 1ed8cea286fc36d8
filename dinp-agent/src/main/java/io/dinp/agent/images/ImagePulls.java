package io.dinp.agent.images;

import io.dinp.agent.docker.DockerAway;
import io.dinp.agent.docker.DockerRefused;
import io.dinp.common.model.ImageOrder;
import io.dinp.common.model.ImagePull;
import io.dinp.common.model.ImageRef;
import io.dinp.common.model.PullState;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's orders to have images ready, and what has become of them, told in every beat. They are not in the journal: the
 * server orders again what an agent that came back does not tell.
 */
public final class ImagePulls implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ImagePulls.class);
    private static final int MOST = 200;
    private static final int THREADS = 8;
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration TOLD = Duration.ofMinutes(30);

    /** How far an order is, since when by {@link System#nanoTime}. */
    private record Progress(PullState state, String digest, String reason, long since) {}

    private final ImageSupply supply;
    private final Runnable changed;
    private final Map<ImageOrder, Progress> orders = new LinkedHashMap<>();
    private final ScheduledThreadPoolExecutor threads;

    /** Without orders; tells {@code changed} after each change, which must not wait. */
    public ImagePulls(ImageSupply supply, Runnable changed) {
        this.supply = supply;
        this.changed = changed;
        AtomicInteger number = new AtomicInteger();
        this.threads = new ScheduledThreadPoolExecutor(THREADS, work -> {
            Thread thread = new Thread(work, "image-order-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Takes an order; one that is known goes on as it is.
     *
     * @return false when too many are under way
     */
    public synchronized boolean put(ImageOrder order) {
        if (orders.containsKey(order)) {
            return true;
        }
        if (!makeRoom()) {
            return false;
        }
        orders.put(order, new Progress(PullState.PULLING, order.digest(), "", System.nanoTime()));
        log.info("image ordered app={} image={} digest={}", order.app(), order.image(), order.digest());
        threads.execute(() -> pull(order));
        return true;
    }

    /** What has become of the orders; what is long over is told no more. */
    public synchronized List<ImagePull> reports() {
        long now = System.nanoTime();
        orders.values().removeIf(one -> one.state() != PullState.PULLING && now - one.since() > TOLD.toNanos());
        return orders.entrySet().stream()
                .map(one -> new ImagePull(
                        one.getKey().image(),
                        one.getValue().digest(),
                        one.getKey().wish(),
                        one.getValue().state(),
                        one.getValue().reason()))
                .toList();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private boolean makeRoom() {
        if (orders.size() < MOST) {
            return true;
        }
        return orders.entrySet().stream()
                .filter(one -> one.getValue().state() != PullState.PULLING)
                .map(Map.Entry::getKey)
                .findFirst()
                .map(oldest -> orders.remove(oldest) != null)
                .orElse(false);
    }

    private void pull(ImageOrder order) {
        try {
            String digest = supply.supply(
                    order.app(), order.revision(), ImageRef.parse(order.image()), order.digest(), threads::isShutdown);
            log.info("image ready app={} image={} digest={}", order.app(), order.image(), digest);
            end(order, PullState.READY, digest, "");
        } catch (DockerAway e) {
            again(order, e);
        } catch (DockerRefused | RuntimeException e) {
            log.warn("image not pulled app={} image={} reason={}", order.app(), order.image(), e.getMessage());
            end(order, PullState.FAILED, order.digest(), e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void again(ImageOrder order, DockerAway away) {
        try {
            ScheduledFuture<?> next = threads.schedule(() -> pull(order), RETRY.toMillis(), TimeUnit.MILLISECONDS);
            log.debug("image order waits for Docker image={} next={}", order.image(), next, away);
        } catch (RejectedExecutionException e) {
            log.debug("the agent stops image={}", order.image(), e);
        }
    }

    private void end(ImageOrder order, PullState state, String digest, String reason) {
        synchronized (this) {
            orders.replace(order, new Progress(state, digest, reason, System.nanoTime()));
        }
        changed.run();
    }
}
