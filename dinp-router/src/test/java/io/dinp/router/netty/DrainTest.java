package io.dinp.router.netty;

import static io.dinp.router.netty.TestRouter.get;
import static io.dinp.router.netty.TestRouter.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.testing.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A router that is told to stop loses no request. */
class DrainTest {
    @Test
    void finishesRequestsAndEndsTheirConnections() throws Exception {
        CountDownLatch latch = new CountDownLatch(1);
        try (Upstream app = Upstream.answering(request -> {
                    try {
                        latch.await(10, TimeUnit.SECONDS);
                        return Upstream.ok("done");
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                });
                TestRouter router = TestRouter.start().to(app)) {
            Wire busy = router.connect().send(get("/"));
            Wire idle = router.connect();
            Await.until(
                    Duration.ofSeconds(5),
                    "the request arrives",
                    () -> app.requests().size() == 1);
            Thread closing = new Thread(router::stop);
            closing.start();
            Await.until(Duration.ofSeconds(5), "draining", router::isDraining);
            Await.until(Duration.ofSeconds(5), "no more connections", () -> refuses(router));
            latch.countDown();
            String answer = busy.readMessage();
            assertTrue(answer.contains("\r\nConnection: close\r\n") && answer.endsWith("done"), answer);
            assertTrue(busy.ends() && idle.ends());
            closing.join(5000);
            assertEquals(Thread.State.TERMINATED, closing.getState());
        }
    }

    @Test
    void saysWhatCutARequestThatOutlivesTheDrainTime() throws Exception {
        try (Upstream app = Upstream.scripted(connection -> {
                    connection.readMessage();
                    connection.readMessage(); // nothing more comes, and nothing is answered
                });
                TestRouter router = TestRouter.start(TestRouter.shortest()).to(app)) {
            Wire client = router.connect().send(get("/"));
            Await.until(
                    Duration.ofSeconds(5),
                    "the request arrives",
                    () -> app.requests().size() == 1);
            router.stop();
            String answer = client.readMessage();
            assertTrue(
                    answer.startsWith("HTTP/1.1 503 ") && answer.contains("\r\nX-Cf-RouterError: drain_timeout\r\n"),
                    answer);
            assertEquals(0, router.number("clients_gone"));
            assertEquals("drain_timeout", router.log(1).get(0).error());
        }
    }

    @Test
    void letsAnUpgradedConnectionOutliveTheRequests() throws Exception {
        try (Upstream app = Upstream.scripted(connection -> {
                    String head = connection.readMessage();
                    if (head.startsWith("GET /ws ")) {
                        connection.send(
                                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n");
                        connection.send(connection.read(4));
                    } else {
                        connection.readMessage(); // nothing is answered
                    }
                });
                TestRouter router = TestRouter.start(TestRouter.shortest()).to(app)) {
            Wire tunnel = router.connect().send(request("GET /ws HTTP/1.1", "Connection: Upgrade", "Upgrade: x"));
            assertTrue(tunnel.readHead().startsWith("HTTP/1.1 101 "));
            Wire slow = router.connect().send(get("/"));
            Await.until(
                    Duration.ofSeconds(5),
                    "the request arrives",
                    () -> app.requests().size() == 2);
            Thread closing = new Thread(router::stop);
            closing.start();
            assertTrue(slow.readMessage().startsWith("HTTP/1.1 503 "), "its drain time is over");
            assertEquals("ping", tunnel.send("ping").read(4));
            tunnel.close();
            closing.join(5000);
            assertEquals(Thread.State.TERMINATED, closing.getState(), "nothing is left to wait for");
        }
    }

    private static boolean refuses(TestRouter router) {
        try {
            router.connect().close();
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void answersTheLastRequestOfAnIdleClient() throws Exception {
        try (Upstream app = Upstream.saying("x");
                TestRouter router = TestRouter.start().to(app)) {
            Wire client = router.connect();
            client.send(get("/")).readMessage();
            Thread closing = new Thread(router::stop);
            closing.start();
            Await.until(Duration.ofSeconds(5), "draining", router::isDraining);
            assertTrue(client.send(get("/")).readMessage().endsWith("x"));
            closing.join(5000);
        }
    }
}
