package io.dinp.server.redis;

import io.dinp.common.json.Json;
import io.dinp.common.model.RouteKeys;
import io.dinp.common.model.RouterLease;
import io.dinp.server.core.RouteChange;
import io.dinp.server.core.RouteTable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;
import redis.clients.jedis.util.JedisURIHelper;

/**
 * The route table in Redis. Every change set is written by one script, which raises the version, records and publishes
 * each change, and refuses when the epoch is not the one expected: then Redis has lost its data, and all that is
 * believed about it is wrong.
 */
public final class RouteStore implements Routes, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RouteStore.class);
    private static final String SCRIPT = script();
    private static final long EPOCH_CHANGED = -1;

    private final RedisClient redis;
    private final RouteKeys keys;

    /**
     * Connects at the first command, not here.
     *
     * @param timeout of each command
     */
    public RouteStore(URI uri, int maxIdle, Duration timeout, RouteKeys keys) {
        this.keys = keys;
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxIdle(maxIdle);
        pool.setMaxWait(timeout);
        this.redis = RedisClient.builder()
                .hostAndPort(JedisURIHelper.getHostAndPort(uri))
                .clientConfig(DefaultJedisClientConfig.builder()
                        .timeoutMillis((int) timeout.toMillis())
                        .user(JedisURIHelper.getUser(uri))
                        .password(JedisURIHelper.getPassword(uri))
                        .database(JedisURIHelper.getDBIndex(uri))
                        .build())
                .poolConfig(pool)
                .build();
    }

    @Override
    public String epoch() {
        String epoch = redis.get(RouteKeys.META_EPOCH);
        return epoch == null ? "" : epoch;
    }

    @Override
    public Found read() {
        String epoch = epoch();
        String version = redis.get(RouteKeys.META_VERSION);
        RouteTable table = RouteTable.empty();
        readLists(scan(keys.rsPrefix() + "*"), table);
        readTexts(scan(keys.cnamePrefix() + "*"), table);
        table.hosts().putAll(redis.hgetAll(RouteKeys.META_APPS));
        return new Found(epoch, version == null ? 0 : Long.parseLong(version), table);
    }

    private void readLists(Set<String> names, RouteTable table) {
        try (AbstractPipeline pipeline = redis.pipelined()) {
            Map<String, Response<List<String>>> answers = new TreeMap<>();
            names.forEach(name -> answers.put(name, pipeline.lrange(name, 0, -1)));
            pipeline.sync();
            answers.forEach((name, answer) -> table.apps().put(name, valueOr(answer, List.of())));
        }
    }

    private void readTexts(Set<String> names, RouteTable table) {
        try (AbstractPipeline pipeline = redis.pipelined()) {
            Map<String, Response<String>> answers = new TreeMap<>();
            names.forEach(name -> answers.put(name, pipeline.get(name)));
            pipeline.sync();
            answers.forEach((name, answer) -> {
                String value = valueOr(answer, "");
                table.cnames().put(name, value == null ? "" : value);
            });
        }
    }

    /** A key of another type, written by hand, counts as one with a wrong value: it is replaced or deleted. */
    private static <V> V valueOr(Response<V> answer, V other) {
        try {
            return answer.get();
        } catch (JedisDataException e) {
            log.warn("route key of a wrong type will be replaced: {}", e.getMessage());
            return other;
        }
    }

    private Set<String> scan(String pattern) {
        Set<String> names = new LinkedHashSet<>();
        ScanParams params = new ScanParams().match(pattern).count(1000);
        String cursor = ScanParams.SCAN_POINTER_START;
        do {
            ScanResult<String> page = redis.scan(cursor, params);
            names.addAll(page.getResult());
            cursor = page.getCursor();
        } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
        return names;
    }

    @Override
    public Written write(RouteChange change, String expectedEpoch) {
        String newEpoch = expectedEpoch.isEmpty() ? UUID.randomUUID().toString() : expectedEpoch;
        Object version = redis.eval(SCRIPT, List.of(), List.of(expectedEpoch, newEpoch, Json.write(change)));
        long number = ((Number) version).longValue();
        return number == EPOCH_CHANGED ? new Written.OtherEpoch() : new Written.Version(newEpoch, number);
    }

    @Override
    public Set<String> routers() {
        Set<String> ids = new LinkedHashSet<>();
        scan(RouteKeys.META_ROUTER_PREFIX + "*")
                .forEach(name -> ids.add(name.substring(RouteKeys.META_ROUTER_PREFIX.length())));
        return ids;
    }

    @Override
    public Map<String, RouterLease> leases(Set<String> ids) {
        Map<String, RouterLease> leases = new TreeMap<>();
        if (ids.isEmpty()) {
            return leases;
        }
        List<String> order = new ArrayList<>(ids);
        List<String> values = redis.mget(
                order.stream().map(id -> RouteKeys.META_ROUTER_PREFIX + id).toArray(String[]::new));
        for (int i = 0; i < order.size(); i++) {
            if (values.get(i) != null) {
                readLease(order.get(i), values.get(i), leases);
            }
        }
        return leases;
    }

    private static void readLease(String id, String json, Map<String, RouterLease> leases) {
        try {
            leases.put(id, Json.read(json, RouterLease.class));
        } catch (IOException e) {
            log.warn("lease of router {} is not understood: {}", id, e.getMessage());
        }
    }

    @Override
    public void close() {
        redis.close();
    }

    private static String script() {
        try (InputStream in = RouteStore.class.getResourceAsStream("write-routes.lua")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("write-routes.lua is not in the jar", e);
        }
    }
}
