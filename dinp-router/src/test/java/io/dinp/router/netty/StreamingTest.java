package io.dinp.router.netty;

import static io.dinp.router.netty.TestRouter.get;
import static io.dinp.router.netty.TestRouter.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.testing.Await;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Bodies pass through, as fast as the slower side takes them, and a side that goes away is missed by the other. */
class StreamingTest {
    private static final int PIECE = 64 * 1024;
    /** A hundred megabytes. */
    private static final int PIECES = 1600;

    private static byte[] piece(int number) {
        byte[] piece = new byte[PIECE];
        for (int i = 0; i < PIECE; i++) {
            piece[i] = (byte) (number * 31 + i);
        }
        return piece;
    }

    private static void checkPieces(Wire wire) throws IOException {
        for (int i = 0; i < PIECES; i++) {
            byte[] got = wire.in().readNBytes(PIECE);
            assertTrue(java.util.Arrays.equals(piece(i), got), "piece " + i);
        }
    }

    private static void sendPieces(Wire wire) throws IOException {
        for (int i = 0; i < PIECES; i++) {
            wire.send(piece(i));
        }
    }

    @Test
    void passesALargeResponseOn() throws IOException {
        try (Upstream app = Upstream.scripted(connection -> {
                    connection.readMessage();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + (long) PIECE * PIECES + "\r\n\r\n");
                    sendPieces(connection);
                });
                TestRouter router = TestRouter.start().to(app)) {
            Wire client = router.connect().send(get("/"));
            client.readHead();
            checkPieces(client);
        }
    }

    @Test
    void passesALargeRequestOn() throws IOException {
        try (Upstream app = Upstream.scripted(connection -> {
                    connection.readHead();
                    checkPieces(connection);
                    connection.send(Upstream.ok("all there"));
                });
                TestRouter router = TestRouter.start().to(app)) {
            Wire client = router.connect();
            client.send(request("PUT / HTTP/1.1", "Content-Length: " + (long) PIECE * PIECES));
            sendPieces(client);
            assertTrue(client.readMessage().endsWith("all there"));
        }
    }

    @Test
    void doesNotBufferForAClientThatDoesNotRead() throws IOException {
        AtomicLong sent = new AtomicLong();
        try (Upstream app = Upstream.scripted(connection -> {
                    connection.readMessage();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
                    for (int i = 0; i < 10_000; i++) {
                        connection.send(piece(i));
                        sent.addAndGet(PIECE);
                    }
                });
                TestRouter router = TestRouter.start().to(app)) {
            Wire client = router.connect().send(get("/"));
            client.readHead();
            awaitStandstill(sent);
            assertTrue(sent.get() < 64L * 1024 * 1024, "buffered " + sent.get());
        }
    }

    private static void awaitStandstill(AtomicLong sent) {
        long[] last = {-1, 0};
        Await.until(Duration.ofSeconds(20), "the endpoint's writes stand still", () -> {
            long now = sent.get();
            if (now != last[0]) {
                last[0] = now;
                last[1] = System.nanoTime();
            }
            return System.nanoTime() - last[1] > TimeUnit.MILLISECONDS.toNanos(500) && now > 0;
        });
    }

    @Test
    void passesEachEventOnAtOnce() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        try (Upstream app = Upstream.scripted(connection -> {
                    connection.readMessage();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n");
                    await(seen);
                    connection.send("data: 2\n\n");
                });
                TestRouter router = TestRouter.start().to(app)) {
            Wire client = router.connect().send(get("/"));
            client.readHead();
            assertEquals("data: 1\n\n", client.read(9));
            seen.countDown();
            assertEquals("data: 2\n\n", client.readToEnd());
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(10, TimeUnit.SECONDS)) {
                throw new IOException("nothing came");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void letsAnEarlyRefusalReachAClientThatIsStillSending() throws IOException {
        try (Upstream app = Upstream.scripted(connection -> {
                    connection.readHead();
                    connection.send("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig");
                });
                TestRouter router = TestRouter.start().to(app)) {
            Wire client = router.connect();
            client.send(request("POST / HTTP/1.1", "Content-Length: 100000000"));
            client.send(piece(1));
            String answer = client.readToEnd();
            assertTrue(answer.startsWith("HTTP/1.1 413 ") && answer.endsWith("big"), answer);
        }
    }

    @Test
    void showsTheClientThatItsResponseWasCut() throws IOException {
        for (String framing :
                new String[] {"Content-Length: 10\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"}) {
            try (Upstream app = Upstream.scripted(connection -> {
                        connection.readMessage();
                        connection.send("HTTP/1.1 200 OK\r\n" + framing);
                    });
                    TestRouter router = TestRouter.start().to(app)) {
                Wire client = router.connect().send(get("/"));
                assertThrows(IOException.class, client::readMessage, framing);
            }
        }
    }

    @Test
    void showsTheClientThatAnOpenEndedResponseWasReset() throws IOException {
        try (Upstream app = Upstream.scripted(connection -> {
                    connection.readHead();
                    connection.send("HTTP/1.1 200 OK\r\n\r\nabc");
                    connection.read(2);
                    connection.reset();
                });
                TestRouter router = TestRouter.start().to(app)) {
            Wire client = router.connect();
            client.send(request("POST / HTTP/1.1", "Content-Length: 2") + "1");
            client.readHead();
            assertEquals("abc", client.read(3));
            client.send("2");
            IOException cut = assertThrows(IOException.class, client::readToEnd);
            assertTrue(!(cut instanceof EOFException), cut.toString());
        }
    }

    @Test
    void cancelsTheEndpointsWorkWhenTheClientGoes() throws IOException {
        try (Upstream app = Upstream.scripted(connection -> {
                    connection.readMessage();
                    connection.readToEnd();
                });
                TestRouter router = TestRouter.start().to(app)) {
            Wire client = router.connect().send(get("/"));
            Await.until(
                    Duration.ofSeconds(5),
                    "the request arrives",
                    () -> app.requests().size() == 1);
            client.close();
            Await.until(Duration.ofSeconds(5), "the endpoint sees the end", () -> app.ended() == 1);
            Await.until(
                    Duration.ofSeconds(5),
                    "nothing in flight",
                    () -> router.inFlight().isEmpty());
            assertEquals(499, router.log(1).get(0).status());
            assertEquals("client_gone", router.log(1).get(0).error());
        }
    }

    @Test
    void cancelsTheEndpointsWorkWhenTheClientGoesInTheMiddleOfItsBody() throws IOException {
        try (Upstream app = Upstream.scripted(Wire::readToEnd);
                TestRouter router = TestRouter.start().to(app)) {
            Wire client = router.connect().send(request("POST / HTTP/1.1", "Content-Length: 1000") + "half");
            Await.until(
                    Duration.ofSeconds(5),
                    "the request is under way",
                    () -> app.connections() == 1 && !router.inFlight().isEmpty());
            client.close();
            Await.until(Duration.ofSeconds(5), "the endpoint sees the end", () -> app.ended() == 1);
            Await.until(
                    Duration.ofSeconds(5), "it is logged", () -> router.log().size() == 1);
            assertEquals("client_gone", router.log(1).get(0).error());
            assertEquals(1, app.connections(), "what is cancelled is not sent again");
        }
    }

    @Test
    void survivesAClientThatSendsALongPipelineAndGoes() throws IOException {
        try (Upstream app = Upstream.saying("x");
                TestRouter router = TestRouter.start().to(app)) {
            Wire client = router.connect().send(get("/").repeat(3000));
            for (int i = 0; i < 100; i++) {
                client.readMessage();
            }
            client.reset();
            Await.until(
                    Duration.ofSeconds(5),
                    "nothing in flight",
                    () -> router.inFlight().isEmpty());
            assertTrue(router.ask("GET / HTTP/1.1").endsWith("x"));
        }
    }
}
