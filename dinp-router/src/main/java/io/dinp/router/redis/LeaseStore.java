package io.dinp.router.redis;

import io.dinp.common.json.Json;
import io.dinp.common.model.RouteKeys;
import io.dinp.common.model.RouterLease;
import java.time.Duration;
import redis.clients.jedis.params.SetParams;

/** Writes what this router has applied, so that the server knows when an instance gets no more requests. */
public final class LeaseStore {
    private final RedisLink link;
    private final String key;
    private final Duration lifetime;

    public LeaseStore(RedisLink link, String routerId, Duration lifetime) {
        this.link = link;
        this.key = RouteKeys.META_ROUTER_PREFIX + routerId;
        this.lifetime = lifetime;
    }

    /** @throws redis.clients.jedis.exceptions.JedisException when Redis is away or frozen */
    public void write(RouterLease lease) {
        String json = Json.write(lease);
        link.call(redis -> redis.set(key, json, SetParams.setParams().px(lifetime.toMillis())));
    }

    /** Takes the router off the list at once when it stops, so that nobody waits for it. */
    public void remove() {
        link.call(redis -> redis.del(key));
    }
}
