package io.dinp.router;

import io.dinp.common.daemon.Daemon;
import io.dinp.common.daemon.Health;
import io.dinp.common.daemon.Lifecycle;
import io.dinp.common.daemon.Retry;
import io.dinp.common.daemon.Ticker;
import io.dinp.router.core.AccessLog;
import io.dinp.router.disk.TableFile;
import io.dinp.router.http.RouterStatus;
import io.dinp.router.http.StatusServer;
import io.dinp.router.log.AccessLogWriter;
import io.dinp.router.netty.Predecessor;
import io.dinp.router.netty.ProxyOptions;
import io.dinp.router.netty.RouterServer;
import io.dinp.router.netty.Traffic;
import io.dinp.router.redis.BadEntries;
import io.dinp.router.redis.ChangeListener;
import io.dinp.router.redis.LeaseStore;
import io.dinp.router.redis.RedisLink;
import io.dinp.router.redis.RouteReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wires the router: status port, event loops, table, and only then the traffic port, its own or that of the router it replaces. */
public final class RouterMain {
    private static final Logger log = LoggerFactory.getLogger(RouterMain.class);
    private static final String FIRST_ROUTES = "first routes";
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration REDIS_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration TABLE_PAUSE = Duration.ofSeconds(10);
    private static final Duration STATUS_PATIENCE = Duration.ofSeconds(5);
    private static final Duration STOP_RESERVE = Duration.ofSeconds(10);

    private RouterMain() {}

    public static void main(String[] args) {
        DrainSignal.install();
        Daemon.main("router", args, RouterConfig::from, RouterMain::start);
    }

    static void start(RouterConfig config, Lifecycle life) throws Exception {
        life.stopDeadline(config.drainWait().plus(config.longestDrain()).plus(STOP_RESERVE));
        String id = RouterId.of(config.id(), config.stateDir());
        AtomicReference<Ticker> ticker = new AtomicReference<>();
        Traffic traffic = new Traffic();
        BadEntries badEntries = new BadEntries();
        AccessLog accessLog = accessLog(config, life);
        RedisLink link = life.own("redis", new RedisLink(config.redis(), REDIS_TIMEOUT));
        TableFile file =
                life.own("table file", new TableFile(config.stateDir(), id, TABLE_PAUSE, System::currentTimeMillis));
        LeaseStore leases = new LeaseStore(
                link, id, UUID.randomUUID().toString(), config.reloadInterval().multipliedBy(3));
        RouterServer server =
                new RouterServer(setup(config), options(config, id), traffic, accessLog, () -> signal(ticker));
        RouterLoop loop = new RouterLoop(
                new RouteReader(link, config.keys(), config.rules(), badEntries),
                server,
                leases,
                file,
                life.health(),
                config.reloadInterval());
        ChangeListener listener = new ChangeListener(
                link,
                () -> {
                    loop.changed();
                    signal(ticker);
                },
                TICK);
        RouterStatus numbers = new RouterStatus(
                server, traffic, loop::applied, loop::isStale, badEntries::skipped, accessLog::dropped);
        StatusServer status = life.own("status", new StatusServer(statusAccess(config), life.health(), numbers));
        Optional<Predecessor> predecessor = Predecessor.find(takeoverSocket(config), config.transport());
        if (predecessor.isEmpty()) {
            status.bind();
        }
        life.own("lease", leases::remove);
        ticker.set(life.own("routes", new Ticker("routes", TICK, () -> {
            listener.check();
            loop.tick();
        })));
        life.own("notifications", listener).start();
        life.own("traffic", server);
        Retry.until(FIRST_ROUTES, life.health(), TICK, () -> firstRoutes(loop, life.health(), status));
        if (predecessor.isPresent()) {
            takeOver(predecessor.get(), loop, server, status);
        } else {
            server.listen();
        }
        status.answer();
        server.offer(takeoverSocket(config), () -> handOver(status, life));
        file.start();
        ticker.get().start();
    }

    /** Who asks about the router hears that it waits, or later that it serves, and nothing in between. */
    private static RouterLoop firstRoutes(RouterLoop loop, Health health, StatusServer status) {
        try {
            loop.begin();
            return loop;
        } catch (RuntimeException e) {
            health.problem(FIRST_ROUTES, String.valueOf(e.getMessage()));
            status.answer();
            throw e;
        }
    }

    /** Serves the port before the running router leaves it, and is known to the server before it serves. */
    private static void takeOver(Predecessor predecessor, RouterLoop loop, RouterServer server, StatusServer status)
            throws IOException {
        try (predecessor) {
            loop.tick();
            server.listen(predecessor);
            predecessor.release();
            status.bindWhenFree(STATUS_PATIENCE);
            log.info("took the ports over from the running router, which finishes its requests");
        }
    }

    /** A successor serves the traffic port: leaves it the status port too, and ends as on SIGTERM. */
    private static void handOver(StatusServer status, Lifecycle life) {
        log.info("a successor serves; finishing what is under way");
        new Thread(
                        () -> {
                            status.close();
                            life.stop();
                        },
                        "handover")
                .start();
    }

    private static Path takeoverSocket(RouterConfig config) {
        return config.stateDir().resolve("takeover.sock");
    }

    private static void signal(AtomicReference<Ticker> ticker) {
        Ticker running = ticker.get();
        if (running != null) {
            running.signal();
        }
    }

    private static AccessLog accessLog(RouterConfig config, Lifecycle life) throws IOException {
        return config.logsAccess()
                ? life.own("access log", new AccessLogWriter(config.accessLog(), config.accessLogFormat()))
                : AccessLog.NONE;
    }

    private static StatusServer.Access statusAccess(RouterConfig config) {
        return new StatusServer.Access(
                config.statusAddr(), config.statusPort(), config.statusUser(), config.statusPass());
    }

    private static RouterServer.Setup setup(RouterConfig config) {
        return new RouterServer.Setup(
                config.transport(),
                config.threads(),
                config.addr(),
                config.port(),
                config.drainWait(),
                config.drainTimeout(),
                config.tunnelDrainTimeout());
    }

    private static ProxyOptions options(RouterConfig config, String id) {
        return ProxyOptions.of(id)
                .withEndpointTimeout(config.endpointTimeout())
                .withClientLimits(config.headTimeout(), config.clientIdle())
                .withStreamIdle(config.streamIdle())
                .withTraceKey(config.traceKey())
                .withTrustedProxies(config.trustedProxies())
                .withLimits(config.limits(), config.meteredApps());
    }
}
