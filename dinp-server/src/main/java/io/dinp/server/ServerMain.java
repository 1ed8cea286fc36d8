package io.dinp.server;

import io.dinp.common.daemon.Daemon;
import io.dinp.common.daemon.Health;
import io.dinp.common.daemon.Lifecycle;
import io.dinp.common.daemon.Retry;
import io.dinp.common.db.Database;
import io.dinp.common.db.Migrations;
import io.dinp.common.http.ApiServer;
import io.dinp.common.rpc.RpcLimits;
import io.dinp.common.rpc.RpcServer;
import io.dinp.server.agents.AgentTransport;
import io.dinp.server.http.ServerApi;
import io.dinp.server.mysql.DesiredStore;
import io.dinp.server.mysql.NodeStore;
import io.dinp.server.mysql.ProgressStore;
import io.dinp.server.redis.RouteStore;
import io.dinp.server.rpc.Heartbeats;
import io.dinp.server.state.ClusterState;
import io.dinp.server.state.RouterRegistry;
import io.dinp.server.state.VerdictBook;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** Wires the control plane together. */
public final class ServerMain {

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration REDIS_TIMEOUT = Duration.ofSeconds(1);

    private ServerMain() {}

    /** Runs the server; {@code migrate} brings the schema up to date and ends. */
    public static void main(String[] args) {
        Daemon.main("server", args, ServerConfig::of, ServerMain::start, Map.of("migrate", ServerMain::migrate));
    }

    private static int migrate(ServerConfig config, List<String> rest) throws Exception {
        try (Database database = Database.open(config.db().orElseThrow(), "migrate", 1)) {
            Migrations.migrate(database);
            return 0;
        }
    }

    /** Starts all parts. */
    static Ports start(ServerConfig config, Lifecycle life) throws Exception {
        Health health = life.health();
        LongSupplier clock = new SteadyClock();
        ClusterState cluster = new ClusterState(
                config.cluster(),
                config.policy().interval().toMillis() * config.policy().staleIntervals(),
                clock.getAsLong());
        RouterRegistry routers = new RouterRegistry();
        VerdictBook verdicts = new VerdictBook(config.policy().interval());
        ServerApi api = new ServerApi(cluster, routers, verdicts, clock);
        ApiServer http = life.own(
                "http",
                ApiServer.bind("server", config.http().addr(), config.http().port(), health, config.token()));
        api.routes(http.openReads(config.openReads())).start();

        Database database = life.own("mysql", Database.open(config.db().orElseThrow(), "server", config.dbMaxIdle()));
        ProgressStore progress = new ProgressStore(database);
        NodeStore nodes = new NodeStore(database);
        Memory memory = Retry.until("mysql", health, PAUSE, () -> {
            Migrations.migrate(database);
            return new Memory(progress, nodes);
        });
        cluster.restore(memory.nodes());
        routers.restore(memory.routers());

        AgentTransport agents = life.own("agents", new AgentTransport(config.agentToken()));
        ServerLoop loop = new ServerLoop(
                cluster,
                verdicts,
                agents,
                config.policy(),
                config.naming(),
                memory.rollouts(),
                memory.revisions(),
                clock);
        RouteStore redis = life.own(
                "redis",
                new RouteStore(
                        config.redis().orElseThrow(),
                        config.redisMaxIdle(),
                        REDIS_TIMEOUT,
                        config.naming().keys()));
        RouteLoop routes = life.own("routes", new RouteLoop(redis, routers, health, clock, loop::signal));
        StoreLoop store = life.own(
                "store",
                new StoreLoop(
                        new DesiredStore(database),
                        progress,
                        nodes,
                        cluster,
                        routers,
                        config.naming(),
                        memory.rollouts().keySet(),
                        health,
                        clock,
                        loop::signal));
        Heartbeats heartbeats = new Heartbeats(
                cluster, routers, routes::view, config.agentToken(), config.rpcPlain(), clock, loop::signal);
        RpcServer rpc = life.own(
                "rpc",
                RpcServer.bind(
                        "rpc", config.rpc().addr(), config.rpc().port(), heartbeats.methods(), RpcLimits.standard()));
        api.serve(loop::latest, progress, () -> {
            store.signal();
            loop.signal();
        });
        routes.start();
        store.start();
        life.own("loop", loop).start(store, routes);
        rpc.start();
        return new Ports(http.port(), rpc.port());
    }

    /** The ports in use. */
    record Ports(int http, int rpc) {}
}
