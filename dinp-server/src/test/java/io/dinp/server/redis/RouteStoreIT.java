package io.dinp.server.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.config.Dsn;
import io.dinp.common.model.RouteKeys;
import io.dinp.common.testing.Containers;
import io.dinp.server.core.RouteChange;
import io.dinp.server.core.RoutePlanner;
import io.dinp.server.core.RouteTable;
import io.dinp.server.redis.Routes.Mark;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.RedisClient;

/** The route table against a real Redis. */
class RouteStoreIT {

    private static final Mark NOTHING = new Mark("", 0);
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

    private Mark write(RouteTable there, RouteTable wanted, Mark expected) {
        return assertInstanceOf(Written.Done.class, store.write(from(there, wanted), expected, false))
                .mark();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "abc",
                "",
                "-3",
                "1.5",
                "1e3",
                " 7",
                "1000000000000000",
                "99999999999999999999",
                "18446744073709551616"
            })
    void aForeignVersionIsReplacedAndStopsNothing(String foreign) {
        Mark first = write(RouteTable.empty(), table(Map.of(), Map.of()), NOTHING);
        redis.set(RouteKeys.META_VERSION, foreign);
        assertEquals(new Mark(first.epoch(), 0), store.mark(), "it counts as none");
        RouteTable wanted = table(Map.of("/rs/demo.apps.io", List.of("10.0.0.1:1")), Map.of());
        assertEquals(1, write(store.read().table(), wanted, store.mark()).version());
        assertEquals(wanted, store.read().table());
    }

    @Test
    void keysOfAForeignTypeAreReplacedAndStopNothing() {
        for (String key : List.of("/meta/epoch", "/meta/version", "/meta/changes", "/meta/apps")) {
            redis.sadd(key, "x");
        }
        assertEquals(NOTHING, store.mark());
        RouteTable wanted = table(Map.of("/rs/demo.apps.io", List.of("10.0.0.1:1")), Map.of());
        Mark written = write(store.read().table(), wanted, NOTHING);
        assertEquals(1, written.version());
        assertEquals(written, store.mark());
        assertEquals(wanted, store.read().table());
    }

    @Test
    void theFirstChangeSetsTheEpochAndIsReadBack() {
        RouteTable wanted = table(
                Map.of("/rs/demo.apps.io", List.of("10.0.0.1:1", "10.0.0.2:2")),
                Map.of("/cname/a.b", "/rs/demo.apps.io"));

        Mark written = write(RouteTable.empty(), wanted, NOTHING);

        assertEquals(1, written.version());
        assertEquals(written, store.mark());
        Routes.Found found = store.read();
        assertEquals(wanted, found.table());
        assertEquals(written, found.mark());
        assertEquals(List.of("10.0.0.1:1", "10.0.0.2:2"), redis.lrange("/rs/demo.apps.io", 0, -1));
        assertEquals(
                Set.of("1 /rs/demo.apps.io", "1 /cname/a.b", "1 /meta/apps"),
                Set.copyOf(redis.lrange("/meta/changes", 0, -1)));
    }

    @Test
    void aChangeReplacesAndDeletesAsOneVersionNewestChangeFirst() {
        RouteTable one =
                table(Map.of("/rs/a.apps.io", List.of("10.0.0.1:1"), "/rs/b.apps.io", List.of("10.0.0.1:2")), Map.of());
        Mark first = write(RouteTable.empty(), one, NOTHING);
        RouteTable two = table(Map.of("/rs/a.apps.io", List.of("10.0.0.3:3")), Map.of());

        write(one, two, first);

        assertEquals(two, store.read().table());
        assertFalse(redis.exists("/rs/b.apps.io"));
        assertEquals("2", redis.get("/meta/version"));
        assertTrue(redis.lindex("/meta/changes", 0).startsWith("2 "));
        assertTrue(redis.lindex("/meta/changes", -1).startsWith("1 "));
    }

    @Test
    void nothingIsWrittenWhenRedisHasLostItsData() {
        RouteTable wanted = table(Map.of("/rs/a.apps.io", List.of("10.0.0.1:1")), Map.of());
        Mark mark = write(RouteTable.empty(), wanted, NOTHING);
        redis.flushAll();

        assertInstanceOf(Written.Refused.class, store.write(from(RouteTable.empty(), wanted), mark, false));
        assertNull(redis.get("/meta/version"));
        assertEquals(NOTHING, store.mark());
    }

    @Test
    void aWriteThatAnotherHasOvertakenIsRefused() {
        RouteTable one = table(Map.of("/rs/a.apps.io", List.of("10.0.0.1:1")), Map.of());
        RouteTable two = table(Map.of("/rs/a.apps.io", List.of("10.0.0.2:2")), Map.of());
        Mark first = write(RouteTable.empty(), one, NOTHING);
        write(one, two, first);

        assertInstanceOf(Written.Refused.class, store.write(from(two, one), first, false));
        assertEquals(two, store.read().table());
    }

    @Test
    void aWriteOfNothingRaisesTheVersionAndMayChangeTheEpoch() {
        RouteTable one = table(Map.of("/rs/a.apps.io", List.of("10.0.0.1:1")), Map.of());
        Mark first = write(RouteTable.empty(), one, NOTHING);

        Mark second = ((Written.Done) store.write(RouteChange.none(), first, false)).mark();
        assertEquals(new Mark(first.epoch(), 2), second);
        Mark third = ((Written.Done) store.write(RouteChange.none(), second, true)).mark();
        assertEquals(3, third.version());
        assertNotEquals(first.epoch(), third.epoch());
        assertEquals(new Routes.Found(third, one), store.read());
    }

    @Test
    void aWithdrawnVersionEndsWritesUnderWayAndIsFollowedByAnotherEpoch() {
        Written.Done first = (Written.Done) store.write(RouteChange.none(), NOTHING, false);
        Mark found = first.mark();
        assertEquals(new Written.Refused(), store.withdraw(new Mark(found.epoch(), 9)), "it is not what was found");
        assertEquals(new Written.Refused(), store.withdraw(new Mark("other", found.version())));
        assertEquals(found, store.mark());

        Mark withdrawn = new Mark(found.epoch(), 0);
        assertEquals(new Written.Done(withdrawn), store.withdraw(found));
        assertFalse(redis.exists(RouteKeys.META_VERSION));
        assertEquals(withdrawn, store.mark());
        assertEquals(new Written.Done(withdrawn), store.withdraw(withdrawn), "once more changes nothing");
        assertEquals(new Written.Refused(), store.write(RouteChange.none(), found, false));

        Mark next = ((Written.Done) store.write(RouteChange.none(), withdrawn, true)).mark();
        assertNotEquals(found.epoch(), next.epoch());
        assertEquals(1, next.version());
        assertEquals(new Written.Refused(), store.withdraw(withdrawn), "too late");
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "-1", "1234567890123456", ""})
    void aForeignVersionIsWithdrawnAsNone(String foreign) {
        store.write(RouteChange.none(), NOTHING, false);
        redis.set(RouteKeys.META_VERSION, foreign);
        Mark found = store.mark();
        assertEquals(0, found.version());
        assertEquals(new Written.Done(found), store.withdraw(found));
        assertFalse(redis.exists(RouteKeys.META_VERSION));
    }

    @Test
    void aVersionThatIsNoNumberCountsAsNone() {
        redis.set("/meta/version", "nonsense");

        assertEquals(NOTHING, store.mark());
        assertEquals(
                1, write(RouteTable.empty(), table(Map.of(), Map.of()), NOTHING).version());
    }

    @Test
    void keysOfAnotherTypeAreReadAsWrongAndReplaced() {
        redis.set("/rs/a.apps.io", "a text");
        redis.rpush("/cname/x.y", "a list");
        RouteTable found = store.read().table();
        RouteTable wanted =
                table(Map.of("/rs/a.apps.io", List.of("10.0.0.1:1")), Map.of("/cname/x.y", "/rs/a.apps.io"));

        write(found, wanted, NOTHING);

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

        write(RouteTable.empty(), wanted, NOTHING);

        assertEquals(10_000, redis.llen("/meta/changes"));
        assertEquals(11_000, store.read().table().apps().size());
    }
}
