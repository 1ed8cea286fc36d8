package io.dinp.router;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.daemon.Lifecycle;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A router that is started again: without Redis by its table on disk, beside the running one without a refused connection. */
class RouterRestartIT extends RouterOnRedis {
    RouterRestartIT() throws IOException {}

    @Test
    void servesByTheTableOnDiskWhenItIsStartedWithoutRedis() throws Exception {
        write("e1", "/rs/demo.apps.io", "127.0.0.1:1", "127.0.0.1:2");
        start();
        await("the table is kept", () -> Files.exists(state.resolve("routes")));
        write("e1", "/rs/demo.apps.io", "127.0.0.1:2");
        await("the change is acknowledged", () -> lease().hasApplied("e1", 2));
        router.stop();
        withRedisFrozen(() -> {
            start();
            assertEquals(
                    "{\"demo.apps.io\":[\"127.0.0.1:2\"]}", routes(), "no endpoint whose removal was acknowledged");
            assertEquals(502, answer("demo.apps.io"), "it is dialled");
            assertEquals(200, status("/healthz").statusCode(), "it serves");
            assertTrue(
                    status("/health").body().contains("kept on disk"),
                    status("/health").body());
            assertTrue(varz().contains("\"stale\":true"), varz());
        });
        await("all is well", () -> status("/health").statusCode() == 200);
        assertTrue(varz().contains("\"stale\":false"), varz());
        write("e1", "/rs/demo.apps.io", "127.0.0.1:3");
        await("it follows", () -> routes().contains("127.0.0.1:3"));
    }

    @Test
    void keepsTheTableOnDiskWhenRedisHasLostItsDataWhileItWasStopped() throws Exception {
        write("e1", "/rs/demo.apps.io", "127.0.0.1:20000");
        start();
        await("the table is kept", () -> Files.exists(state.resolve("routes")));
        router.stop();
        redis.flushAll();
        start();
        assertTrue(routes().contains("20000"), "kept");
        await("the loss is told", () -> status("/health").body().contains("lost its data"));
        write("e2", "/rs/other.apps.io", "127.0.0.1:20009");
        await("the new table", () -> !routes().contains("demo.apps.io") && routes().contains("20009"));
    }

    @Test
    void provesByItsTableOnDiskThatRedisWasPutBackWhileItWasStopped() throws Exception {
        write("e1", "/rs/demo.apps.io", "127.0.0.1:20000");
        Map<String, byte[]> before = dump();
        start();
        await("the table is kept", () -> Files.exists(state.resolve("routes")));
        write("e1", "/rs/demo.apps.io", "127.0.0.1:20001");
        await("the change is acknowledged", () -> lease().hasApplied("e1", 2));
        router.stop();
        putBack(before);
        start();
        assertEquals(
                "{\"demo.apps.io\":[\"127.0.0.1:20001\"]}", routes(), "the endpoint of before may be another app's");
        await("the server can tell by the lease", () -> lease().hasApplied("e1", 2));
        await("it is told", () -> status("/health").body().contains("was put back"));
        assertTrue(Files.exists(state.resolve("routes")), "it can prove that again");
        write("e2", "/rs/demo.apps.io", "127.0.0.1:20002");
        await("the new table", () -> routes().contains("20002"));
        await("all is well", () -> status("/health").body().equals("ok"));
    }

    private Map<String, byte[]> dump() {
        return redis.keys("*").stream().collect(Collectors.toMap(key -> key, redis::dump));
    }

    private void putBack(Map<String, byte[]> dump) {
        redis.flushAll();
        dump.forEach((key, value) -> redis.restore(key, 0, value));
    }

    @Test
    void isReplacedUnderLoadWithoutARefusedConnection() throws Exception {
        try (AnsweringApp app = new AnsweringApp()) {
            write("e1", "/rs/demo.apps.io", app.address());
            start();
            Lifecycle first = router;
            Queue<String> failures = new ConcurrentLinkedQueue<>();
            AtomicInteger answered = new AtomicInteger();
            List<Thread> clients = IntStream.range(0, 3)
                    .mapToObj(i -> new Thread(() -> ask(answered, failures), "client-" + i))
                    .toList();
            clients.forEach(Thread::start);
            for (int i = 0; i < 3; i++) {
                int before = answered.get();
                await("there is load", () -> answered.get() > before + 30);
                start(); // the running one hears of it and ends by itself
                await(
                        "the new one says that it is well",
                        () -> status("/health").statusCode() == 200);
            }
            int before = answered.get();
            await("the last one serves", () -> answered.get() > before + 30);
            clients.forEach(Thread::interrupt);
            for (Thread client : clients) {
                client.join(SOON.toMillis());
            }
            assertEquals(List.of(), List.copyOf(failures), "of " + answered);
            first.awaitStop();
            write("e1", "/rs/other.apps.io", app.address());
            await("the lease is that of the last one alone", () -> lease().hasApplied("e1", 2));
        }
    }

    private void ask(AtomicInteger answered, Queue<String> failures) {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                int status = answer("demo.apps.io");
                if (status != 200) {
                    failures.add("status " + status);
                }
                answered.incrementAndGet();
            } catch (IllegalStateException e) {
                failures.add(e.toString());
            }
        }
    }
}
