package io.dinp.router;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.dinp.common.config.Dsn;
import io.dinp.common.json.Json;
import io.dinp.common.testing.Containers;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Transaction;

/** The whole router against a real Redis: how fast it follows, and what it does when Redis fails it. */
class RouterSyncIT extends RouterOnRedis {
    RouterSyncIT() throws IOException {}

    @Test
    void appliesANotifiedChangeWithinATenthOfASecondAndAcknowledgesIt() throws Exception {
        write("e1", "/rs/demo.apps.io", "127.0.0.1:20000");
        start();
        assertEquals("{\"demo.apps.io\":[\"127.0.0.1:20000\"]}", routes());
        await("the lease", () -> lease().hasApplied("e1", 1));
        awaitSubscription();
        long[] nanos = new long[10];
        for (int i = 2; i <= 11; i++) {
            long start = System.nanoTime();
            write("e1", "/rs/demo.apps.io", "127.0.0.1:" + (20000 + i));
            int version = i;
            await("version " + i + " is acknowledged", () -> lease().version() == version);
            nanos[i - 2] = System.nanoTime() - start;
        }
        assertTrue(routes().contains("127.0.0.1:20011"), routes());
        Arrays.sort(nanos);
        assertTrue(nanos[5] < Duration.ofMillis(100).toNanos(), "median of ten: " + nanos[5] / 1_000_000 + " ms");
        assertTrue(redis.pttl(LEASE) <= 6000 && redis.pttl(LEASE) > 0);
    }

    @Test
    void findsByPollingWhatWasNotNotified() throws Exception {
        write("e1", "/rs/demo.apps.io", "127.0.0.1:20000");
        start();
        try (Transaction change = redis.multi()) {
            change.set("/meta/version", "2");
            change.lpush("/meta/changes", "2 /rs/demo.apps.io");
            change.rpush("/rs/demo.apps.io", "127.0.0.1:20001");
            change.exec();
        }
        await("the second endpoint", () -> routes().contains("20001"));
    }

    @Test
    void keepsItsTableWhenRedisLosesItsDataUntilTheServerHasWrittenAgain() throws Exception {
        write("e1", "/rs/demo.apps.io", "127.0.0.1:20000");
        start();
        redis.flushAll();
        await("the loss is told", () -> status("/health").body().contains("lost its data"));
        assertTrue(routes().contains("20000"), "kept");
        assertEquals(200, status("/healthz").statusCode(), "it serves");
        redis.set("/meta/epoch", "e2");
        await("the lease is back", () -> redis.exists(LEASE));
        assertTrue(routes().contains("20000"), "an epoch alone is not a table");
        write("e2", "/rs/other.apps.io", "127.0.0.1:20009");
        await("the new table", () -> !routes().contains("demo.apps.io") && routes().contains("20009"));
        await("the lease", () -> lease().hasApplied("e2", 1));
        await("all is well", () -> status("/health").body().equals("ok"));
    }

    @Test
    void takesTheVersionFromARedisThatWasPutBackSoThatNobodyElseBelievesIt() throws Exception {
        write("e1", "/rs/demo.apps.io", "127.0.0.1:20000");
        write("e1", "/rs/demo.apps.io", "127.0.0.1:20001");
        start();
        await("the lease", () -> lease().hasApplied("e1", 2));
        redis.set("/meta/version", "1");
        redis.del("/meta/changes", "/rs/demo.apps.io");
        redis.rpush("/rs/demo.apps.io", "127.0.0.1:20000");
        await("it is told", () -> status("/health").body().contains("was put back"));
        await("the version is gone", () -> !redis.exists("/meta/version"));
        assertTrue(routes().contains("20001"), "kept");
        assertTrue(lease().hasApplied("e1", 2), "the server can tell by the lease");
        redis.set("/meta/epoch", "e2");
        write("e2", "/rs/demo.apps.io", "127.0.0.1:20002");
        await("the new table", () -> routes().contains("20002"));
        await("all is well", () -> status("/health").body().equals("ok"));
    }

    @Test
    void waitsForTheServerWhenItStartsOnARedisThatWasPutBackAndHasNoTableOnDisk() throws Exception {
        write("e1", "/rs/demo.apps.io", "127.0.0.1:20000");
        redis.del("/meta/version");
        Thread later = new Thread(this::writeWhenItWaits, "server");
        later.start();
        start();
        assertEquals("{\"demo.apps.io\":[\"127.0.0.1:20002\"]}", routes());
        later.join(SOON.toMillis());
        await("the lease", () -> lease().hasApplied("e2", 1));
    }

    private void writeWhenItWaits() {
        await("it says for what it waits", this::isWaitingForTheServer);
        try (Jedis server = new Jedis(Dsn.redis(Containers.redisAddress(), Containers.REDIS_PASSWORD))) {
            write(server, "e2", "/rs/demo.apps.io", "127.0.0.1:20002");
        }
    }

    private boolean isWaitingForTheServer() {
        try {
            HttpResponse<String> health = status("/health");
            return health.statusCode() == 503 && health.body().contains("the server has not written");
        } catch (IllegalStateException e) {
            return false; // it does not listen yet
        }
    }

    @Test
    void believesARedisOfTheOriginalAsItIs() throws Exception {
        redis.rpush("/rs/Demo.apps.io", "127.0.0.1:20000", "nonsense", "127.0.0.1:99999", "host:80", "127.0.0.1:20000");
        redis.set("/rs/wrongtype.apps.io", "text");
        redis.set("/cname/www.example.org", "/rs/demo.apps.io");
        redis.set("/cname/evil.apps.io", "/rs/demo.apps.io");
        redis.set("/cname/odd.example.org", "nonsense");
        redis.set("noslash", "x");
        start();
        assertEquals("{\"demo.apps.io\":[\"127.0.0.1:20000\"],\"www.example.org\":[\"127.0.0.1:20000\"]}", routes());
        String varz = status("/varz", "Authorization", AUTH).body();
        assertTrue(varz.matches(".*\"bad_route_entries\":[1-9].*"), varz);
        redis.del("/rs/Demo.apps.io");
        await("the route goes", () -> routes().equals("{}"));
    }

    @Test
    void servesOnWhileRedisIsFrozenAndFollowsAgainAfterwards() throws Exception {
        write("e1", "/rs/demo.apps.io", "127.0.0.1:20000");
        start();
        awaitSubscription();
        withRedisFrozen(() -> {
            await("it is told", () -> status("/health").statusCode() == 503);
            assertEquals(200, status("/healthz").statusCode());
            assertTrue(routes().contains("20000"));
        });
        await("all is well", () -> status("/health").statusCode() == 200);
        write("e1", "/rs/demo.apps.io", "127.0.0.1:20001");
        await("the change", () -> routes().contains("20001"));
    }

    @Test
    void routesByARedisThatWasFilledByHand() throws Exception {
        try (AnsweringApp app = new AnsweringApp()) {
            redis.rpush("/rs/hand.apps.io", app.address());
            redis.set("/cname/www.example.org", "/rs/hand.apps.io");
            start();
            assertEquals(200, answer("hand.apps.io"));
            assertEquals(200, answer("WWW.example.org:8888"));
            redis.rpush("/rs/later.apps.io", app.address());
            await("it is found without a word", () -> answer("later.apps.io") == 200);
            redis.del("/rs/later.apps.io");
            await("and lost", () -> answer("later.apps.io") == 404);
        }
    }

    @Test
    void tellsAKnownAppFromAnUnknownHost() throws Exception {
        write("e1", "/rs/demo.apps.io");
        redis.hset("/meta/apps", "demo.apps.io", "{}");
        start();
        assertEquals(503, answer("demo.apps.io"));
        assertEquals(404, answer("other.apps.io"));
        redis.hdel("/meta/apps", "demo.apps.io");
        try (Transaction change = redis.multi()) {
            change.set("/meta/version", "2");
            change.lpush("/meta/changes", "2 /meta/apps");
            change.exec();
        }
        await("the app is gone", () -> answer("demo.apps.io") == 404);
    }

    @Test
    void guardsItsStatusPortAndEndsItsLease() throws Exception {
        start();
        await("the lease", () -> redis.exists(LEASE));
        assertEquals("ok\n", status("/healthz").body());
        for (String path : new String[] {"/varz", "/routes", "/metrics"}) {
            assertEquals(401, status(path).statusCode(), path);
            assertEquals(200, status(path, "Authorization", AUTH).statusCode(), path);
        }
        assertTrue(status("/metrics", "Authorization", AUTH).body().contains("dinp_router_routes"));
        router.stop();
        assertFalse(redis.exists(LEASE));
    }

    @Test
    void tellsItsNumbersAndNamesNobodyWhomItDoesNotKnow() throws Exception {
        try (AnsweringApp app = new AnsweringApp()) {
            write("e1", "/rs/demo.apps.io", app.address());
            start();
            for (int i = 0; i < 20; i++) {
                assertEquals(404, answer("nobody-" + i + ".example.org"));
                assertEquals(200, answer("demo.apps.io"));
            }
            String metrics = status("/metrics", "Authorization", AUTH).body();
            assertTrue(metrics.contains("dinp_router_app_requests_total{app=\"demo\",class=\"2xx\"} 20\n"), metrics);
            assertTrue(metrics.contains("dinp_router_app_request_seconds_count{app=\"demo\"} 20\n"), metrics);
            assertFalse(metrics.contains("nobody"), metrics);
            JsonNode varz = Json.read(varz(), JsonNode.class);
            assertEquals(40, varz.get("requests").asInt(), varz.toString());
            assertEquals(20, varz.get("responses_2xx").asInt());
            assertEquals(20, varz.get("responses_4xx").asInt());
            assertEquals(20, varz.get("unknown_routes").asInt());
            assertEquals(1, varz.get("urls").asInt());
            assertEquals("e1", varz.get("epoch").asText());
            assertEquals(Map.of(), Json.read(varz.get("in_flight").toString(), Map.class));
        }
    }
}
