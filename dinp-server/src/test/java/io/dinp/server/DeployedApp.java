package io.dinp.server;

import io.dinp.common.testing.Await;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A server with a router and a node on which the app {@code demo} serves by two instances of {@code demo:1}. */
abstract class DeployedApp {

    static final Duration SOON = Duration.ofSeconds(20);

    TestServer server;
    TestAgent agent;
    TestRouter router;

    @BeforeEach
    void deploy() throws Exception {
        server = new TestServer();
        router = new TestRouter(TestServer.REDIS);
        router.start();
        agent = new TestAgent(TestServer.ownAddresses().get(0), server.rpcPort(), TestServer.TOKEN);
        agent.start();
        server.sql("insert into app(name,creator,image,memory,instance) values('demo',1,'demo:1',128,2)");
        awaitStatus("state", "done");
    }

    @AfterEach
    void close() {
        agent.close();
        router.close();
        server.close();
    }

    /** Waits until {@code /status/demo} has a value in a field. */
    void awaitStatus(String field, String value) {
        Await.until(
                SOON,
                field + " is " + value,
                () -> server.statusField("demo", field).equals(value));
    }
}
