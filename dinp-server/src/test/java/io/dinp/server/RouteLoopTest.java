package io.dinp.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.daemon.Health;
import io.dinp.common.daemon.Pace;
import io.dinp.common.model.RouterLease;
import io.dinp.server.core.RouteChange;
import io.dinp.server.core.RouteTable;
import io.dinp.server.core.RouteView;
import io.dinp.server.redis.Routes;
import io.dinp.server.state.RouterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** What the loop believes of Redis, and what it writes there, when Redis is not what it was. */
class RouteLoopTest {

    private static final String KEY = "/rs/demo.apps.io";

    private final Redis redis = new Redis();
    private final AtomicLong clock = new AtomicLong(1_000);
    private Runnable tick;
    private final RouteLoop loop =
            new RouteLoop(redis, new RouterRegistry(), new Health(), clock::incrementAndGet, () -> {}, this::byHand);

    private Pace byHand(String name, Duration interval, Runnable work) {
        tick = work;
        return new Pace() {
            @Override
            public void start() {}

            @Override
            public void signal() {}

            @Override
            public void nextWithin(Duration wait) {}

            @Override
            public void close() {}
        };
    }

    /** Redis with its faults. */
    private static final class Redis implements Routes {
        private Mark mark = new Mark("", 0);
        private RouteTable table = RouteTable.empty();
        private Map<String, RouterLease> leases = Map.of();
        private boolean away;
        private boolean answersLost;
        private int epochs;

        private void reach() {
            if (away) {
                throw new JedisConnectionException("away");
            }
        }

        @Override
        public Mark mark() {
            reach();
            return mark;
        }

        @Override
        public Found read() {
            reach();
            return new Found(mark, table);
        }

        @Override
        public Written write(RouteChange change, Mark expected, boolean newEpoch) {
            reach();
            if (!mark.equals(expected)) {
                return new Written.Refused();
            }
            boolean other = newEpoch || mark.epoch().isEmpty();
            mark = new Mark(other ? "e" + ++epochs : mark.epoch(), mark.version() + 1);
            TreeMap<String, List<String>> apps = new TreeMap<>(table.apps());
            apps.putAll(change.lists());
            apps.keySet().removeAll(change.deleted());
            table = new RouteTable(apps, table.cnames(), table.hosts());
            if (answersLost) {
                throw new JedisConnectionException("no answer");
            }
            return new Written.Done(mark);
        }

        @Override
        public Written withdraw(Mark expected) {
            reach();
            if (!mark.equals(expected)) {
                return new Written.Refused();
            }
            mark = new Mark(mark.epoch(), 0);
            if (answersLost) {
                throw new JedisConnectionException("no answer");
            }
            return new Written.Done(mark);
        }

        @Override
        public Set<String> routers() {
            reach();
            return leases.keySet();
        }

        @Override
        public Map<String, RouterLease> leases(Set<String> ids) {
            reach();
            return leases;
        }
    }

    private static RouteTable table(String... endpoints) {
        RouteTable table = RouteTable.empty();
        if (endpoints.length > 0) {
            table.apps().put(KEY, List.of(endpoints));
        }
        return table;
    }

    private void holds(String... endpoints) {
        redis.table = table(endpoints);
        redis.mark = new Routes.Mark("e0", 7);
    }

    private void want(String... endpoints) {
        loop.want(table(endpoints), loop.view(), false);
    }

    /** A tick later than the pace of the looks. */
    private void look() {
        clock.addAndGet(1_000);
        tick.run();
    }

    @Test
    void aTableThatWasPlannedBeforeRedisWasReadIsNotWritten() {
        holds("10.0.0.1:1");
        redis.away = true;
        tick.run();
        want();

        redis.away = false;
        tick.run();
        assertEquals(table("10.0.0.1:1"), redis.table);
        assertEquals(table("10.0.0.1:1"), loop.view().table());
        want("10.0.0.1:1", "10.0.0.1:2");
        tick.run();
        assertEquals(table("10.0.0.1:1", "10.0.0.1:2"), redis.table);
    }

    @Test
    void aWriteThatWasGivenUpComesToNothingOnceRedisHasBeenReadAgain() {
        holds("10.0.0.1:1");
        tick.run();
        Routes.Mark then = redis.mark;
        redis.away = true;
        want("10.0.0.1:1", "10.0.0.1:2");
        tick.run();
        redis.away = false;
        tick.run();

        RouteChange late = RouteChange.none();
        assertEquals(new Routes.Written.Refused(), redis.write(late, then, false));
        assertEquals(new Routes.Mark(loop.view().epoch(), loop.view().version()), redis.mark);
    }

    @Test
    void whatAWriteWithoutAnAnswerBringsMayBeThere() {
        holds("10.0.0.1:1");
        tick.run();
        redis.answersLost = true;
        want("10.0.0.1:1", "10.0.0.1:2");
        tick.run();

        assertTrue(loop.view().coming().contains("10.0.0.1:2"));
        assertFalse(loop.view().reachable());
        redis.answersLost = false;
        tick.run();
        assertTrue(loop.view().endpoints().contains("10.0.0.1:2"));
        assertEquals(Set.of(), loop.view().coming());
    }

    @Test
    void whatSomebodyElseHasWrittenIsReadBeforeAnythingIsWritten() {
        holds("10.0.0.1:1");
        tick.run();
        want("10.0.0.1:1");
        tick.run();
        redis.table = table("10.0.0.9:9");
        redis.mark = new Routes.Mark(redis.mark.epoch(), redis.mark.version() + 1);

        look();
        assertEquals(table("10.0.0.9:9"), loop.view().table());
        want("10.0.0.1:1");
        tick.run();
        assertEquals(table("10.0.0.1:1"), redis.table);
    }

    @Test
    void aRedisThatWasPutBackGetsAnotherEpochSoThatEveryRouterReadsItWhole() {
        holds("10.0.0.1:1");
        redis.leases = Map.of("r1", new RouterLease("e0", 50, Map.of(), 0, ""));
        look();
        want("10.0.0.1:1");
        tick.run();

        RouteView view = loop.view();
        assertNotEquals("e0", view.epoch());
        assertEquals(new Routes.Mark(view.epoch(), view.version()), redis.mark);
        assertEquals(table("10.0.0.1:1"), redis.table);
        redis.leases = Map.of("r1", new RouterLease(view.epoch(), view.version(), Map.of(), 0, ""));
        look();
        assertEquals(view.epoch(), loop.view().epoch(), "once is enough");
    }

    @Test
    void aRedisThatWasPutBackNeverGetsToTheVersionOfTheRoutersThatKnowBetter() {
        holds("10.0.0.1:1");
        redis.leases = Map.of("r1", new RouterLease("e0", 9, Map.of("10.0.0.2:2", 1), 0, ""));
        redis.answersLost = true;
        for (int i = 0; i < 4; i++) {
            look();
            assertEquals(new Routes.Mark("e0", 0), redis.mark, "nobody believes it, whatever the server comes to");
        }
        redis.answersLost = false;
        look();
        RouterLease lease = loop.view().leases().get("r1");
        assertEquals("", lease.epoch(), "what it has applied is of another history");
        assertEquals(Map.of("10.0.0.2:2", 1), lease.inflight());
        want("10.0.0.1:1");
        tick.run();
        assertNotEquals("e0", redis.mark.epoch());
    }

    @Test
    void aRedisThatAnotherHasFoundToBePutBackGetsAnotherEpoch() {
        holds("10.0.0.1:1");
        redis.mark = new Routes.Mark("e0", 0);
        look();
        want("10.0.0.1:1");
        tick.run();
        assertNotEquals("e0", redis.mark.epoch(), "though no router says anything");
        assertTrue(redis.mark.version() > 0);
    }

    @Test
    void aRouterThatComesWithALaterTableTakesTheVersionBackAtOnce() {
        holds("10.0.0.1:1");
        look();
        redis.leases = Map.of("r1", new RouterLease("e0", 50, Map.of(), 0, ""));
        look();
        tick.run();
        assertEquals(new Routes.Mark("e0", 0), redis.mark, "before anything is planned");
        want("10.0.0.1:1");
        tick.run();
        assertNotEquals("e0", redis.mark.epoch());
    }

    @Test
    void oneVersionBackIsEnough() {
        holds("10.0.0.1:1");
        redis.leases = Map.of("r1", new RouterLease("e0", 8, Map.of(), 0, ""));
        look();
        want("10.0.0.1:1");
        tick.run();
        assertNotEquals("e0", redis.mark.epoch());
    }
}
