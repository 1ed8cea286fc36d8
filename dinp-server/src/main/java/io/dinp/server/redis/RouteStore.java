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
 * each change, and refuses when epoch and version are not those expected: then Redis has lost its data or somebody else has
 * written, and what is believed about it is wrong.
 */
public final class RouteStore implements Routes, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RouteStore.class);
    private static final String SCRIPT = script();
    private static final long NOT_EXPECTED = -1;

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
    public Mark mark() {
        List<String> found = redis.mget(RouteKeys.META_EPOCH, RouteKeys.META_VERSION);
        String epoch = found.get(0);
        String version = found.get(1);
        boolean number = version != null && version.matches("\\d{1,15}");
        return new Mark(epoch == null ? "" : epoch, number ? Long.parseLong(version) : 0);
    }

    @Override
    public Found read() {
        Mark mark = mark();
        RouteTable table = RouteTable.empty();
        readLists(scan(keys.rsPrefix() + "*"), table);
        readTexts(scan(keys.cnamePrefix() + "*"), table);
        readHosts(table);
        return new Found(mark, table);
    }

    private void readHosts(RouteTable table) {
        try {
            table.hosts().putAll(redis.hgetAll(RouteKeys.META_APPS));
        } catch (JedisDataException e) {
            requireWrongType(e);
            log.warn("{} is of a wrong type and will be replaced: {}", RouteKeys.META_APPS, e.getMessage());
        }
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
            requireWrongType(e);
            log.warn("route key of a wrong type will be replaced: {}", e.getMessage());
            return other;
        }
    }

    /** Any other refusal, such as that of a Redis that is still loading, is a failed read and says nothing of the key. */
    private static void requireWrongType(JedisDataException refusal) {
        if (!String.valueOf(refusal.getMessage()).startsWith("WRONGTYPE")) {
            throw refusal;
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
    public Written write(RouteChange change, Mark expected, boolean newEpoch) {
        boolean keeps = !newEpoch && !expected.epoch().isEmpty();
        String epoch = keeps ? expected.epoch() : UUID.randomUUID().toString();
        String expectedVersion = Long.toString(expected.version());
        Object version =
                redis.eval(SCRIPT, List.of(), List.of(expected.epoch(), expectedVersion, epoch, Json.write(change)));
        long number = ((Number) version).longValue();
        return number == NOT_EXPECTED ? new Written.Refused() : new Written.Done(new Mark(epoch, number));
    }

    @Override
    public Written withdraw(Mark expected) {
        List<String> args = List.of(expected.epoch(), Long.toString(expected.version()));
        long done = ((Number) redis.eval(RouteKeys.WITHDRAW, List.of(), args)).longValue();
        return done == 1 ? new Written.Done(new Mark(expected.epoch(), 0)) : new Written.Refused();
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
