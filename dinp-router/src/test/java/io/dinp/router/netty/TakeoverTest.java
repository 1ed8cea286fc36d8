package io.dinp.router.netty;

import static io.dinp.router.netty.TestRouter.HOST;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.testing.Await;
import io.dinp.router.core.AccessLog;
import io.dinp.router.core.RouteTable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One router replaces another on the same port, and no client notices. */
class TakeoverTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final List<RouterServer> servers = new ArrayList<>();
    private final List<Thread> closing = new ArrayList<>();

    @TempDir
    Path directory;

    private Path socket;
    private int port;

    @BeforeEach
    void prepare() throws IOException {
        assertEquals(Transport.EPOLL, Transport.best(), "a socket is handed over by Linux's own transport only");
        socket = directory.resolve("takeover.sock");
        port = freePort();
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    @AfterEach
    void close() throws InterruptedException {
        servers.forEach(TakeoverTest::closeAtOnce);
        for (Thread thread : closing) {
            thread.join(SOON.toMillis());
        }
    }

    /** One that has no successor would wait for load balancers that are not there. */
    private static void closeAtOnce(RouterServer server) {
        Thread.currentThread().interrupt();
        server.close();
        assertTrue(Thread.interrupted());
    }

    private RouterServer server(Upstream app) {
        RouterServer server = new RouterServer(
                new RouterServer.Setup(
                        Transport.EPOLL,
                        2,
                        "127.0.0.1",
                        port,
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(10)),
                ProxyOptions.of("r1"),
                new Traffic(),
                AccessLog.NONE,
                () -> {});
        server.install(
                RouteTable.EMPTY.edit().endpoints(HOST, List.of(app.address())).build());
        servers.add(server);
        return server;
    }

    private void offer(RouterServer server) {
        server.offer(socket, () -> {
            Thread thread = new Thread(server::close, "closing");
            closing.add(thread);
            thread.start();
        });
    }

    private RouterServer replace(Upstream app) throws IOException {
        RouterServer next = server(app);
        try (Predecessor predecessor = Predecessor.find(socket, Transport.EPOLL).orElseThrow()) {
            next.listen(predecessor);
            predecessor.release();
        }
        offer(next);
        return next;
    }

    @Test
    void refusesAndLosesNothingWhileRoutersReplaceEachOtherUnderLoad() throws Exception {
        try (Upstream app = Upstream.saying("x")) {
            RouterServer first = server(app);
            first.listen();
            offer(first);
            Queue<String> failures = new ConcurrentLinkedQueue<>();
            AtomicInteger answered = new AtomicInteger();
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                clients.add(new Thread(() -> ask(answered, failures), "client-" + i));
            }
            clients.forEach(Thread::start);
            for (int i = 0; i < 5; i++) {
                int before = answered.get();
                Await.until(SOON, "there is load", () -> answered.get() > before + 50 || !failures.isEmpty());
                replace(app);
            }
            int before = answered.get();
            Await.until(SOON, "the last one serves", () -> answered.get() > before + 50 || !failures.isEmpty());
            clients.forEach(Thread::interrupt);
            for (Thread client : clients) {
                client.join(SOON.toMillis());
            }
            assertEquals(List.of(), List.copyOf(failures), "of " + answered);
            for (int i = 0; i < 5; i++) {
                assertTrue(servers.get(i).isDraining(), "router " + i + " was replaced");
                closing.get(i).join(SOON.toMillis());
                assertEquals(Thread.State.TERMINATED, closing.get(i).getState(), "and has ended without waiting");
            }
        }
    }

    /** A new connection for each request: what a queue of a closed listener would refuse. */
    private void ask(AtomicInteger answered, Queue<String> failures) {
        while (!Thread.currentThread().isInterrupted()) {
            try (Wire client = new Wire(new Socket(InetAddress.getLoopbackAddress(), port), new ArrayList<>())) {
                String answer = client.send(TestRouter.get("/")).readMessage();
                if (answer == null || !answer.endsWith("\r\n\r\nx")) {
                    failures.add(String.valueOf(answer));
                }
                answered.incrementAndGet();
            } catch (IOException e) {
                failures.add(e.toString());
            }
        }
    }

    @Test
    void findsNobodyWhereNobodyListens() throws IOException {
        assertTrue(Predecessor.find(socket, Transport.EPOLL).isEmpty());
        try (Upstream app = Upstream.saying("x")) {
            RouterServer killed = server(app);
            killed.listen();
            offer(killed);
            closeAtOnce(killed);
            assertTrue(Files.exists(socket), "left behind");
            assertTrue(Predecessor.find(socket, Transport.EPOLL).isEmpty());
            RouterServer next = server(app);
            next.listen();
            offer(next);
            replace(app);
        }
    }

    @Test
    void takesAPortOfItsOwnWhenItIsConfiguredForAnother() throws IOException {
        try (Upstream app = Upstream.saying("x")) {
            RouterServer first = server(app);
            first.listen();
            offer(first);
            port = freePort();
            RouterServer next = replace(app);
            assertEquals(port, next.port());
        }
    }
}
