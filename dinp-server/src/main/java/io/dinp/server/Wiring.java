package io.dinp.server;

import io.dinp.common.daemon.Lifecycle;
import io.dinp.common.daemon.Retry;
import io.dinp.common.daemon.Ticker;
import io.dinp.common.db.Database;
import io.dinp.common.db.Migrations;
import io.dinp.common.http.ApiServer;
import io.dinp.common.rpc.RpcLimits;
import io.dinp.common.rpc.RpcServer;
import io.dinp.server.agents.AgentTransport;
import io.dinp.server.agents.Agents;
import io.dinp.server.core.Planner;
import io.dinp.server.http.ServerApi;
import io.dinp.server.mysql.EventStore;
import io.dinp.server.mysql.ExitStore;
import io.dinp.server.mysql.MysqlStore;
import io.dinp.server.mysql.NodeStore;
import io.dinp.server.mysql.RevisionStore;
import io.dinp.server.redis.RouteStore;
import io.dinp.server.rpc.Heartbeats;
import io.dinp.server.state.ClusterState;
import io.dinp.server.state.RouterRegistry;
import io.dinp.server.state.VerdictBook;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;

/**
 * Puts the parts of the server together, in the order of their start: the API answers first, so that {@code /health} can
 * say what is waited for; heartbeats are taken last, when there is somebody to plan with them.
 */
final class Wiring {

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration REDIS_TIMEOUT = Duration.ofSeconds(1);

    private final ServerConfig config;
    private final Lifecycle life;
    private final LongSupplier clock = new SteadyClock();
    private final RouterRegistry routers = new RouterRegistry();
    private final ClusterState cluster;
    private final VerdictBook verdicts;

    Wiring(ServerConfig config, Lifecycle life) {
        this.config = config;
        this.life = life;
        Duration interval = config.policy().interval();
        this.cluster = new ClusterState(
                config.cluster(), interval.toMillis() * config.policy().staleIntervals(), clock.getAsLong());
        this.verdicts = new VerdictBook(interval);
    }

    /** The ports in use. */
    record Ports(int http, int rpc) {}

    /** Starts everything; waits for MySQL as long as it takes. */
    Ports start() throws Exception {
        ServerApi api = new ServerApi(cluster, routers, verdicts, clock);
        ApiServer http = http(api);
        Database database = life.own("mysql", Database.open(config.db().orElseThrow(), "server", config.dbMaxIdle()));
        MysqlStore mysql = new MysqlStore(database);
        Memory memory = remember(database, () -> new Memory(mysql));
        AgentTransport agents = life.own("agents", new AgentTransport(config.agentToken()));
        FailureBook failures = new FailureBook(memory.failures());
        ServerLoop loop = loop(memory, agents, failures);
        RouteLoop routes = routes(loop);
        StoreLoop store = life.own(
                "store",
                new StoreLoop(
                        mysql,
                        cluster,
                        routers,
                        config.naming(),
                        memory.rollouts().keySet(),
                        life.health(),
                        clock,
                        loop::signal,
                        Ticker::new));
        RpcServer rpc = rpc(routes, loop);
        routes.start();
        store.start();
        life.own("loop", loop).start(store, routes);
        Runnable signal = () -> {
            store.signal();
            loop.signal();
        };
        api.serve(
                loop::latest,
                new EventStore(database),
                new ExitStore(database),
                signal,
                new NodeStore(database),
                event -> store.forgetNode(event.node(), event),
                loop::command,
                failures::of,
                new RevisionStore(database));
        rpc.start();
        life.own("rehearsal", new Rehearsal(loop::latest, config.token(), self(http.port(), "/plan")))
                .start();
        return new Ports(http.port(), rpc.port());
    }

    /** Where this server's own API answers. */
    private URI self(int port, String path) throws IOException {
        InetAddress bound = InetAddress.getByName(config.http().addr());
        InetAddress at = bound.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : bound;
        String host = at instanceof Inet6Address ? "[" + at.getHostAddress() + "]" : at.getHostAddress();
        return URI.create("http://" + host + ":" + port + path);
    }

    private ApiServer http(ServerApi api) throws IOException {
        ServerConfig.Listen at = config.http();
        ApiServer http =
                life.own("http", ApiServer.bind("server", at.addr(), at.port(), life.health(), config.token()));
        return api.routes(http.openReads(config.openReads())).start();
    }

    private Memory remember(Database database, Callable<Memory> read) throws InterruptedException {
        Memory memory = Retry.until("mysql", life.health(), PAUSE, () -> {
            Migrations.migrate(database);
            return read.call();
        });
        // MySQL may have been waited for, and until now nobody could beat.
        cluster.listen(clock.getAsLong());
        cluster.restore(memory.nodes());
        routers.restore(memory.routers());
        return memory;
    }

    private ServerLoop loop(Memory memory, Agents agents, FailureBook failures) {
        return new ServerLoop(
                cluster,
                verdicts,
                agents,
                failures,
                new Planner()::plan,
                config.policy(),
                config.naming(),
                memory.rollouts(),
                memory.revisions(),
                clock,
                Ticker::new);
    }

    private RouteLoop routes(ServerLoop loop) {
        RouteStore redis = life.own(
                "redis",
                new RouteStore(
                        config.redis().orElseThrow(),
                        config.redisMaxIdle(),
                        REDIS_TIMEOUT,
                        config.naming().keys()));
        return life.own("routes", new RouteLoop(redis, routers, life.health(), clock, loop::signal, Ticker::new));
    }

    private RpcServer rpc(RouteLoop routes, ServerLoop loop) throws IOException {
        Heartbeats heartbeats = new Heartbeats(
                cluster, routers, routes::view, config.agentToken(), config.rpcPlain(), clock, loop::signal);
        ServerConfig.Listen at = config.rpc();
        return life.own("rpc", RpcServer.bind("rpc", at.addr(), at.port(), heartbeats.methods(), RpcLimits.standard()));
    }
}
