package io.dinp.router.redis;

import io.dinp.common.json.Json;
import io.dinp.common.model.RouteKeys;
import io.dinp.common.model.RouterLease;
import io.dinp.router.core.Leases;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Transaction;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.SetParams;

/**
 * Writes what this router has applied, so that the server knows when an instance gets no more requests.
 *
 * <p>While a router is replaced there are two processes of one name. Each writes what it knows into one hash, and the lease is what both
 * say together; otherwise the successor would hide the requests that its predecessor finishes.
 */
public final class LeaseStore {
    private static final String PROCESSES_PREFIX = "/meta/serving/";
    private static final int TRIES = 5;

    private final RedisLink link;
    private final String key;
    private final String processes;
    private final String process;
    private final Duration lifetime;

    /** @param process tells the processes of this router apart */
    public LeaseStore(RedisLink link, String routerId, String process, Duration lifetime) {
        this.link = link;
        this.key = RouteKeys.META_ROUTER_PREFIX + routerId;
        this.processes = PROCESSES_PREFIX + routerId;
        this.process = process;
        this.lifetime = lifetime;
    }

    /** @throws JedisException when Redis is away or frozen */
    public void write(RouterLease lease) {
        String own = Json.write(lease);
        change((others, change) -> {
            change.hset(processes, process, own);
            set(change, Leases.together(lease, others));
        });
    }

    /** Takes this process off the list at once when it stops, and the router with its last one, so that nobody waits for it. */
    public void remove() {
        change((others, change) -> {
            change.hdel(processes, process);
            if (others.isEmpty()) {
                change.del(key);
            } else {
                RouterLease first = others.iterator().next();
                set(change, Leases.together(first, others.stream().skip(1).toList()));
            }
        });
    }

    private void set(Transaction change, RouterLease lease) {
        change.set(key, Json.write(lease), SetParams.setParams().px(lifetime.toMillis()));
    }

    private interface Change {
        void write(Collection<RouterLease> others, Transaction change);
    }

    /** Writes on the strength of what the other processes say, again when one of them says something else meanwhile. */
    private void change(Change work) {
        link.call(redis -> {
            for (int i = 0; i < TRIES; i++) {
                redis.watch(processes);
                Map<String, RouterLease> others = new HashMap<>();
                try (Transaction change = watching(redis, others, work)) {
                    if (change.exec() != null) {
                        return true;
                    }
                }
            }
            throw new JedisException("another process of this router writes all the time");
        });
    }

    private Transaction watching(Jedis redis, Map<String, RouterLease> others, Change work) {
        Map<String, String> stored = redis.hgetAll(processes);
        Transaction change = redis.multi();
        stored.remove(process);
        stored.forEach(
                (name, json) -> read(json, lease -> others.put(name, lease), () -> change.hdel(processes, name)));
        work.write(others.values(), change);
        change.pexpire(processes, lifetime.toMillis());
        return change;
    }

    /** A process that has been silent for the lifetime of a lease is gone. */
    private void read(String json, Consumer<RouterLease> present, Runnable gone) {
        try {
            RouterLease lease = Json.read(json, RouterLease.class);
            if (System.currentTimeMillis() - lease.at() <= lifetime.toMillis()) {
                present.accept(lease);
                return;
            }
        } catch (IOException e) {
            // nothing of ours: it goes like a silent one
        }
        gone.run();
    }
}
