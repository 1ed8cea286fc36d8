package io.dinp.router.netty;

import io.dinp.common.model.HostPort;
import io.dinp.router.core.AccessLog;
import io.dinp.router.core.AppNumbers;
import io.dinp.router.core.RouteTable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** The real data plane in the process of its test. */
final class InsideRouter extends TestRouter {
    /** Longer than what any test drains. */
    private static final Duration TUNNEL_DRAIN = Duration.ofSeconds(10);

    private final RouterServer server;
    private final Traffic traffic = new Traffic();
    private final List<AccessLog.Entry> log = new CopyOnWriteArrayList<>();
    private final AtomicInteger drained = new AtomicInteger();

    InsideRouter(Wish wish) throws IOException {
        server = new RouterServer(
                new RouterServer.Setup(wish.transport(), 1, "127.0.0.1", 0, Duration.ZERO, wish.drain(), TUNNEL_DRAIN),
                wish.options(),
                traffic,
                log::add,
                drained::incrementAndGet);
        server.listen();
    }

    @Override
    int port() {
        return server.port();
    }

    @Override
    Map<HostPort, Integer> serve(RouteTable next) {
        return server.install(next);
    }

    @Override
    void stop() {
        server.close();
    }

    @Override
    Map<HostPort, Integer> inFlight() {
        return server.inFlight();
    }

    @Override
    long number(String name) {
        return traffic.numbers().get(name);
    }

    @Override
    List<AccessLog.Entry> log() {
        return log;
    }

    @Override
    boolean isDraining() {
        return server.isDraining();
    }

    /** How often an event loop has said that nothing is under way any more to an endpoint that has left. */
    int drained() {
        return drained.get();
    }

    Map<String, AppNumbers> appNumbers() {
        return server.appNumbers();
    }

    @Override
    void end() {
        server.close();
    }
}
