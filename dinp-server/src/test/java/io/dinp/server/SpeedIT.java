package io.dinp.server;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.metrics.Metrics;
import io.dinp.common.testing.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the server itself adds to the time of a change: agents' doubles bring every instance up in 200 ms. */
class SpeedIT {

    private static final Logger log = LoggerFactory.getLogger(SpeedIT.class);
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final List<String> APPS =
            IntStream.range(0, 10).mapToObj(i -> "ten" + i).toList();

    private final List<TestAgent> agents = new ArrayList<>();
    private TestServer server;
    private TestRouter router;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer();
        router = new TestRouter(TestServer.REDIS);
        router.start();
        for (String address : TestServer.ownAddresses()) {
            TestAgent agent = new TestAgent(address, server.rpcPort(), TestServer.TOKEN);
            agents.add(agent);
            agent.start();
        }
        Await.until(SOON, "all nodes known", () -> server.get("/nodes").size() == agents.size());
    }

    @AfterEach
    void stop() {
        agents.forEach(TestAgent::close);
        router.close();
        server.close();
    }

    /** One round of three must be quick, since the machine may be busy with something else in the others. */
    @Test
    void tenAppsAtOnce() throws Exception {
        long ordered = Long.MAX_VALUE;
        long routed = Long.MAX_VALUE;
        for (int round = 0; round < 3; round++) {
            Round took = round();
            ordered = Math.min(ordered, took.orderedMs());
            routed = Math.min(routed, took.routedMs());
        }
        assertTrue(ordered <= 500, "orders were taken after " + ordered + " ms");
        assertTrue(routed <= 900, "instances were routed after " + routed + " ms");
    }

    private record Round(long orderedMs, long routedMs, long plans) {}

    private Round round() throws Exception {
        long plans = plans();
        int orders = orders();
        long begin = System.nanoTime();
        for (String app : APPS) {
            server.sql("insert into app(name,creator,image,memory,instance) values('" + app + "',1,'demo:1',128,2)");
        }
        Await.until(SOON, "twenty orders taken", () -> orders() == orders + 20);
        long ordered = millisSince(begin);
        Await.until(
                SOON,
                "twenty instances routed",
                () -> APPS.stream().allMatch(app -> server.routed(app).size() == 2));
        Round took = new Round(ordered, millisSince(begin), plans() - plans);
        log.info("ten apps with two instances each at once: {}", took);
        server.sql("delete from app");
        Await.until(
                SOON,
                "nothing is left",
                () -> agents.stream().allMatch(agent -> agent.instances().isEmpty()));
        return took;
    }

    private int orders() {
        return agents.stream().mapToInt(agent -> agent.orders.get()).sum();
    }

    private static long millisSince(long begin) {
        return (System.nanoTime() - begin) / 1_000_000;
    }

    private static long plans() {
        return Metrics.text()
                .lines()
                .filter(line -> line.startsWith("dinp_server_plans_total "))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
                .sum();
    }
}
