package io.dinp.server.bench;

import io.dinp.common.json.Json;
import io.dinp.common.model.RouteKeys;
import io.dinp.common.model.RouterLease;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.params.SetParams;

/** What a router does to Redis: it holds a lease that says what it has applied. */
final class BenchRouter implements AutoCloseable {

    private static final long LOOK_MS = 100;
    private static final long LEASE_SECONDS = 15;

    private final RedisClient redis = RedisClient.create("127.0.0.1", 6379);
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();

    void start() {
        ScheduledFuture<?> unused = thread.scheduleWithFixedDelay(this::lease, 0, LOOK_MS, TimeUnit.MILLISECONDS);
    }

    private void lease() {
        String epoch = redis.get(RouteKeys.META_EPOCH);
        String version = redis.get(RouteKeys.META_VERSION);
        if (epoch != null && version != null) {
            RouterLease lease =
                    new RouterLease(epoch, Long.parseLong(version), Map.of(), System.currentTimeMillis(), "bench");
            redis.set(
                    RouteKeys.META_ROUTER_PREFIX + "bench",
                    Json.write(lease),
                    SetParams.setParams().ex(LEASE_SECONDS));
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        redis.close();
    }
}
