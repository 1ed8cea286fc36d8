package io.dinp.server;

import io.dinp.common.daemon.Ticker;
import io.dinp.common.json.Json;
import io.dinp.common.model.RouteKeys;
import io.dinp.common.model.RouterLease;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.params.SetParams;

/** A double of a router: it acknowledges what is in Redis and has no traffic. */
final class TestRouter implements AutoCloseable {

    private final RedisClient redis;
    private final Ticker ticker = new Ticker("test-router", Duration.ofMillis(50), this::acknowledge);

    TestRouter(URI uri) {
        redis = RedisClient.create(uri);
    }

    void start() {
        ticker.start();
    }

    private void acknowledge() {
        String epoch = redis.get(RouteKeys.META_EPOCH);
        String version = redis.get(RouteKeys.META_VERSION);
        if (epoch != null && version != null) {
            RouterLease lease = new RouterLease(epoch, Long.parseLong(version), Map.of(), 1, "test");
            redis.set(
                    RouteKeys.META_ROUTER_PREFIX + "r1",
                    Json.write(lease),
                    SetParams.setParams().px(3000));
        }
    }

    @Override
    public void close() {
        ticker.close();
        redis.close();
    }
}
