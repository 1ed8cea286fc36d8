package io.dinp.server.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.config.Dsn;
import io.dinp.common.model.RouteKeys;
import io.dinp.common.testing.Containers;
import io.dinp.server.core.RouteChange;
import io.dinp.server.core.RoutePlanner;
import io.dinp.server.core.RouteTable;
import io.dinp.server.redis.Routes.Written;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

/** The route table against a real Redis. */
class RouteStoreIT {

    private static final URI REDIS = Dsn.redis(Containers.redisAddress(), Containers.REDIS_PASSWORD);

    private final RedisClient redis = RedisClient.create(REDIS);
    private final RouteStore store = new RouteStore(REDIS, 2, Duration.ofSeconds(1), new RouteKeys("/rs/", "/cname/"));

    @BeforeEach
    void empty() {
        redis.flushAll();
    }

    @AfterEach
    void close() {
        store.close();
        redis.close();
    }

    private static RouteTable table(Map<String, List<String>> apps, Map<String, String> cnames) {
        return new RouteTable(
                new TreeMap<>(apps),
                new TreeMap<>(cnames),
                new TreeMap<>(Map.of("demo.apps.io", "{\"app\":\"demo\"}")));
    }

    private static RouteChange from(RouteTable there, RouteTable wanted) {
        return RoutePlanner.diff(there, wanted);
    }

    @Test
    void theFirstChangeSetsTheEpochAndIsReadBack() {
        RouteTable wanted = table(
                Map.of("/rs/demo.apps.io", List.of("10.0.0.1:1", "10.0.0.2:2")),
                Map.of("/cname/a.b", "/rs/demo.apps.io"));

        Written.Version written =
                assertInstanceOf(Written.Version.class, store.write(from(RouteTable.empty(), wanted), ""));

        assertEquals(1, written.version());
        assertEquals(written.epoch(), store.epoch());
        Routes.Found found = store.read();
        assertEquals(wanted, found.table());
        assertEquals(1, found.version());
        assertEquals(List.of("10.0.0.1:1", "10.0.0.2:2"), redis.lrange("/rs/demo.apps.io", 0, -1));
        assertEquals(
                Set.of("1 /rs/demo.apps.io", "1 /cname/a.b", "1 /meta/apps"),
                Set.copyOf(redis.lrange("/meta/changes", 0, -1)));
    }

    @Test
    void aChangeReplacesAndDeletesAsOneVersionNewestChangeFirst() {
        RouteTable one =
                table(Map.of("/rs/a.apps.io", List.of("10.0.0.1:1"), "/rs/b.apps.io", List.of("10.0.0.1:2")), Map.of());
        String epoch = ((Written.Version) store.write(from(RouteTable.empty(), one), "")).epoch();
        RouteTable two = table(Map.of("/rs/a.apps.io", List.of("10.0.0.3:3")), Map.of());

        store.write(from(one, two), epoch);

        assertEquals(two, store.read().table());
        assertFalse(redis.exists("/rs/b.apps.io"));
        assertEquals("2", redis.get("/meta/version"));
        assertTrue(redis.lindex("/meta/changes", 0).startsWith("2 "));
        assertTrue(redis.lindex("/meta/changes", -1).startsWith("1 "));
    }

    @Test
    void nothingIsWrittenWhenRedisHasLostItsData() {
        RouteTable wanted = table(Map.of("/rs/a.apps.io", List.of("10.0.0.1:1")), Map.of());
        String epoch = ((Written.Version) store.write(from(RouteTable.empty(), wanted), "")).epoch();
        redis.flushAll();

        assertInstanceOf(Written.OtherEpoch.class, store.write(from(RouteTable.empty(), wanted), epoch));
        assertNull(redis.get("/meta/version"));
        assertEquals("", store.epoch());
    }

    @Test
    void keysOfAnotherTypeAreReadAsWrongAndReplaced() {
        redis.set("/rs/a.apps.io", "a text");
        redis.rpush("/cname/x.y", "a list");
        RouteTable found = store.read().table();
        RouteTable wanted =
                table(Map.of("/rs/a.apps.io", List.of("10.0.0.1:1")), Map.of("/cname/x.y", "/rs/a.apps.io"));

        store.write(from(found, wanted), "");

        assertEquals(wanted, store.read().table());
    }

    @Test
    void leasesOfRoutersAreReadAndNonsenseIsLeftOut() {
        redis.set("/meta/router/r1", "{\"epoch\":\"e\",\"version\":7,\"inflight\":{\"10.0.0.1:1\":2},\"at\":5}");
        redis.set("/meta/router/r2", "nonsense");

        assertEquals(Set.of("r1", "r2"), store.routers());
        var leases = store.leases(Set.of("r1", "r2", "gone"));
        assertEquals(Set.of("r1"), leases.keySet());
        assertEquals(7, leases.get("r1").version());
        assertEquals(Map.of("10.0.0.1:1", 2), leases.get("r1").inflight());
    }

    @Test
    void thousandsOfChangesKeepTheNewestTenThousand() {
        Map<String, List<String>> apps = new TreeMap<>();
        for (int i = 0; i < 11_000; i++) {
            apps.put("/rs/app" + i + ".apps.io", List.of("10.0.0.1:" + i));
        }
        RouteTable wanted = table(apps, Map.of());

        store.write(from(RouteTable.empty(), wanted), "");

        assertEquals(10_000, redis.llen("/meta/changes"));
        assertEquals(11_000, store.read().table().apps().size());
    }
}
