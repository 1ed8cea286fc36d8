package io.dinp.router.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.model.HostPort;
import io.dinp.common.testing.Await;
import io.dinp.router.core.AccessLog;
import io.dinp.router.core.RouteTable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Routes change all the time while instances stop gracefully, on ports that the system gives to other apps again at once: nothing fails and
 * nobody gets another app's answer. Runs for {@code -Ddinp.churn.seconds} (3), seeded by {@code -Ddinp.churn.seed}.
 */
class ChurnTest {
    private static final Logger log = LoggerFactory.getLogger(ChurnTest.class);
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int ROUTES = 10_000;
    private static final int APPS = 6;
    private static final int CLIENTS = 3;
    private static final long CHANGE_NANOS = Duration.ofSeconds(1).toNanos() / 50;

    private final Duration length = Duration.ofSeconds(Integer.getInteger("dinp.churn.seconds", 3));
    private final long seed = Long.getLong("dinp.churn.seed", 42L);
    private final Random random = new Random(seed);
    private final List<Upstream> instances = new ArrayList<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final Traffic traffic = new Traffic();
    private RouteTable table = RouteTable.EMPTY;

    private static String host(int app) {
        return "app" + app + ".apps.io";
    }

    private static RouterServer server(Traffic traffic) throws IOException {
        RouterServer server = new RouterServer(
                new RouterServer.Setup(
                        TestRouter.TRANSPORT,
                        2,
                        "127.0.0.1",
                        0,
                        Duration.ZERO,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5)),
                ProxyOptions.of("r1"),
                traffic,
                AccessLog.NONE,
                () -> {});
        server.listen();
        return server;
    }

    @Test
    void failsNoRequestAndAnswersFromNoOtherApp() throws Exception {
        try (RouterServer server = server(traffic)) {
            install(server, fill());
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                int first = i;
                clients.add(new Thread(() -> ask(server.port(), first), "client-" + i));
            }
            clients.forEach(Thread::start);
            int changes = churn(server);
            stopped.set(true);
            for (Thread client : clients) {
                client.join(SOON.toMillis());
            }
            log.info("seed={} seconds={} changes={} requests={}", seed, length.toSeconds(), changes, answered);
            assertEquals(
                    List.of(),
                    List.copyOf(failures),
                    "seed " + seed + ", of " + answered + ", " + changes + " changes");
            assertTrue(answered.get() > changes, answered + " requests during " + changes + " changes");
        } finally {
            for (Upstream instance : instances) {
                instance.close();
            }
        }
    }

    private RouteTable.Editor fill() throws IOException {
        RouteTable.Editor editor = table.edit();
        for (int i = 0; i < ROUTES; i++) {
            editor.endpoints("idle" + i + ".apps.io", List.of(new HostPort("10.0." + i / 250 + "." + i % 250, 80)));
        }
        for (int app = 0; app < APPS; app++) {
            instances.add(Upstream.saying(host(app)));
            editor.endpoints(host(app), List.of(instances.get(app).address()));
        }
        return editor;
    }

    private void install(RouterServer server, RouteTable.Editor editor) {
        table = editor.build();
        server.install(table);
    }

    private int churn(RouterServer server) throws IOException {
        long start = System.nanoTime();
        int changes = 0;
        while (System.nanoTime() - start < length.toNanos() && failures.isEmpty()) {
            if (random.nextInt(4) == 0) {
                replace(server, random.nextInt(APPS));
                changes += 2;
            } else {
                int i = random.nextInt(ROUTES);
                int port = 1 + random.nextInt(60_000);
                install(
                        server,
                        table.edit()
                                .endpoints("idle" + i + ".apps.io", List.of(new HostPort("10.0.0." + i % 250, port))));
                changes++;
            }
            long due = start + changes * CHANGE_NANOS;
            LockSupport.parkNanos(Math.max(0, due - System.nanoTime()));
        }
        return changes;
    }

    /** As the server does it: the new one is routed, then the old one is not, then nothing is in flight, then the old one ends. */
    private void replace(RouterServer server, int app) throws IOException {
        Upstream old = instances.get(app);
        Upstream next = Upstream.saying(host(app));
        install(server, table.edit().endpoints(host(app), List.of(old.address(), next.address())));
        install(server, table.edit().endpoints(host(app), List.of(next.address())));
        Await.until(SOON, "nothing is in flight", () -> !server.inFlight().containsKey(old.address()));
        old.close();
        instances.set(app, next);
    }

    private void ask(int port, int first) {
        try (Wire client = new Wire(new Socket(InetAddress.getLoopbackAddress(), port), new ArrayList<>())) {
            for (int i = first; !stopped.get(); i++) {
                String host = host(i % APPS);
                String method = i % 3 == 0 ? "POST" : "GET";
                client.send(method + " / HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 0\r\n\r\n");
                String answer = client.readMessage();
                if (answer == null || !answer.startsWith("HTTP/1.1 200") || !answer.endsWith("\r\n\r\n" + host)) {
                    failures.add(host + " got " + answer);
                    return;
                }
                answered.incrementAndGet();
            }
        } catch (IOException e) {
            failures.add(e.toString());
        }
    }
}
