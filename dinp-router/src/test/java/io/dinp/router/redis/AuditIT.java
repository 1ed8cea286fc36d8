package io.dinp.router.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.config.Dsn;
import io.dinp.common.model.RouteKeys;
import io.dinp.common.testing.Containers;
import io.dinp.router.core.EntryRules;
import io.dinp.router.core.TableState;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;

/** Holding the table against Redis part by part comes to what reading it at once would. */
class AuditIT {
    private static final int ROUTES = 3500;

    private final URI address = Dsn.redis(Containers.redisAddress(), Containers.REDIS_PASSWORD);
    private final RedisLink link = new RedisLink(address, Duration.ofSeconds(5));
    private final RouteReader reader = new RouteReader(
            link, new RouteKeys("/rs/", "/cname/"), new EntryRules("apps.io", Set.of()), new BadEntries());
    private Jedis redis;
    private TableState state;

    @BeforeEach
    void fill() {
        redis = new Jedis(address);
        redis.flushAll();
        try (Pipeline pipeline = redis.pipelined()) {
            for (int i = 0; i < ROUTES; i++) {
                pipeline.rpush("/rs/app" + i + ".apps.io", "10.0.0.1:" + (1 + i));
            }
            pipeline.set("/cname/www.org", "/rs/app1.apps.io");
            pipeline.set("/meta/epoch", "e1");
            pipeline.set("/meta/version", "1");
            pipeline.sync();
        }
        state = reader.read(TableState.NOTHING, false).state();
        assertEquals(ROUTES, state.table().routes().size());
    }

    @AfterEach
    void close() {
        redis.close();
        link.close();
    }

    private int audit() {
        int parts = 0;
        reader.beginAudit();
        while (reader.isAuditing()) {
            state = reader.audit(state);
            parts++;
        }
        return parts;
    }

    @Test
    void leavesATableAsItIsThatAgrees() {
        TableState before = state;
        assertTrue(audit() >= ROUTES / RouteReader.BATCH, "in parts");
        assertSame(before.table(), state.table());
    }

    @Test
    void findsWhatWasWrittenByHand() {
        redis.del("/rs/app7.apps.io", "/cname/www.org");
        redis.rpush("/rs/app8.apps.io", "10.0.0.2:1");
        redis.rpush("/rs/new.apps.io", "10.0.0.3:1");
        audit();
        assertFalse(state.table().routes().containsKey("app7.apps.io"));
        assertFalse(state.table().cnames().containsKey("www.org"));
        assertEquals(
                2,
                state.table().lookup("app8.apps.io").orElseThrow().endpoints().size());
        assertTrue(state.table().routes().containsKey("new.apps.io"));
        assertEquals(ROUTES, state.table().routes().size());
        assertEquals(1, state.version(), "only changes raise it");
    }

    @Test
    void keepsWhatCameMeanwhile() {
        reader.beginAudit();
        for (int i = 0; reader.isAuditing(); i++) {
            state = reader.audit(state);
            String host = "late" + i + ".apps.io";
            redis.rpush("/rs/" + host, "10.0.0.9:80");
            redis.lpush("/meta/changes", (i + 2) + " /rs/" + host);
            redis.set("/meta/version", String.valueOf(i + 2));
            state = reader.read(state, false).state();
            assertTrue(state.table().routes().containsKey(host));
        }
        redis.keys("/rs/late*").forEach(key -> assertTrue(state.table().routes().containsKey(key.substring(4)), key));
    }

    @Test
    void believesNothingOfARedisThatLosesItsData() {
        reader.beginAudit();
        state = reader.audit(state);
        TableState before = state;
        redis.flushAll();
        while (reader.isAuditing()) {
            state = reader.audit(state);
        }
        assertSame(before, state);
    }
}
