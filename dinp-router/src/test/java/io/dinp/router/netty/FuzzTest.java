package io.dinp.router.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.dinp.common.testing.Await;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Spoiled requests in numbers: the router survives them all, loses no buffer, and passes nothing on that anybody could read differently
 * from the client's own words. The property {@code fuzz.seed} tries other streams, {@code fuzz.streams} more of them.
 */
class FuzzTest {
    private static final long SEED = Long.getLong("fuzz.seed", 20261123);
    private static final int STREAMS = Integer.getInteger("fuzz.streams", 800);
    private static final int PATIENCE_MILLIS = 20;

    private final ListAppender<ILoggingEvent> complaints = new ListAppender<>();
    private final Queue<ByteArrayOutputStream> heard = new ConcurrentLinkedQueue<>();
    private final Set<PlainReading.Message> said = new HashSet<>();

    @BeforeEach
    void listen() {
        complaints.start();
        ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).addAppender(complaints);
    }

    @AfterEach
    void stopListening() {
        ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).detachAppender(complaints);
    }

    @Test
    void passesNothingOnThatCouldBeReadDifferently() throws IOException {
        assertEquals(ResourceLeakDetector.Level.PARANOID, ResourceLeakDetector.getLevel());
        int refused = 0;
        try (Upstream app = Upstream.scripted(this::record);
                TestRouter router = TestRouter.start().to(app)) {
            for (int number = 0; number < STREAMS; number++) {
                refused += attack(router, new Mutations(SEED, number)) ? 1 : 0;
            }
            assertTrue(router.ask("GET /after HTTP/1.1").endsWith("x"), "the router still serves");
            Await.until(
                    Duration.ofSeconds(10), "no connection is left", () -> router.number("client_connections") <= 1);
            assertTrue(router.inFlight().isEmpty(), "no request is left");
        }
        assertTrue(refused > STREAMS / 5 && refused < STREAMS * 4 / 5, "a fair part is spoiled: " + refused);
        said.add(new PlainReading.Message("GET", "/after", TestRouter.HOST, ""));
        check();
        lookForLeaks();
        complaints.list.stream()
                .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .forEach(event -> assertEquals("", event.getFormattedMessage()));
    }

    /** Sends one stream, and says whether some of it was refused. */
    private boolean attack(TestRouter router, Mutations mutations) throws IOException {
        String stream = mutations.stream();
        said.addAll(PlainReading.of(stream, PlainReading.Way.STRICT).messages().stream()
                .map(FuzzTest::asPassedOn)
                .toList());
        try (Wire client = router.connect()) {
            for (String piece : mutations.pieces(stream)) {
                client.send(piece);
            }
            return readWhatComes(client).contains("\r\nX-Cf-RouterError: bad_request\r\n");
        } catch (java.net.SocketException e) {
            return true; // refused and closed before everything was sent
        }
    }

    private static String readWhatComes(Wire client) throws IOException {
        ByteArrayOutputStream answers = new ByteArrayOutputStream();
        client.patience(PATIENCE_MILLIS);
        try {
            client.in().transferTo(answers);
        } catch (SocketTimeoutException e) {
            // The rest of an unfinished request is waited for, or of an unfinished connection the next one.
            return answers.toString(StandardCharsets.ISO_8859_1);
        }
        return answers.toString(StandardCharsets.ISO_8859_1);
    }

    private static PlainReading.Message asPassedOn(PlainReading.Message message) {
        String target = message.target().replaceFirst("(?i)^https?://[^/?]*", "");
        return new PlainReading.Message(
                message.method(),
                target.startsWith("/") || target.equals("*") ? target : "/" + target,
                TestRouter.HOST,
                message.body());
    }

    /** An app that keeps every byte and answers each complete request. */
    private void record(Wire connection) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        heard.add(bytes);
        InputStream in = connection.in();
        byte[] buffer = new byte[65536];
        int answered = 0;
        for (int length = in.read(buffer); length > 0; length = in.read(buffer)) {
            bytes.write(buffer, 0, length);
            int complete = read(bytes, PlainReading.Way.STRICT).messages().size();
            for (; answered < complete; answered++) {
                connection.send(Upstream.ok("x"));
            }
        }
    }

    private static PlainReading.Result read(ByteArrayOutputStream bytes, PlainReading.Way way) {
        return PlainReading.of(bytes.toString(StandardCharsets.ISO_8859_1), way);
    }

    private void check() {
        int messages = 0;
        for (ByteArrayOutputStream stream : heard) {
            PlainReading.Result strict = read(stream, PlainReading.Way.STRICT);
            assertFalse(strict.malformed(), () -> "passed on: " + stream.toString(StandardCharsets.ISO_8859_1));
            for (PlainReading.Way way : PlainReading.Way.values()) {
                assertEquals(
                        strict,
                        read(stream, way),
                        () -> way + " reads differently: " + stream.toString(StandardCharsets.ISO_8859_1));
            }
            for (PlainReading.Message message : strict.messages()) {
                assertTrue(said.contains(message), () -> "nobody said " + message);
            }
            messages += strict.messages().size();
        }
        assertTrue(messages > STREAMS / 2, "most streams hold a good request: " + messages);
    }

    /** Leaked buffers are reported when the next ones are made after a collection. */
    private static void lookForLeaks() {
        for (int i = 0; i < 3; i++) {
            System.gc();
            List.of(1, 2, 3)
                    .forEach(n -> ByteBufAllocator.DEFAULT.directBuffer(n).release());
        }
    }
}
