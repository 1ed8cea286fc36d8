package io.dinp.server;

import io.dinp.common.config.Secret;
import io.dinp.common.daemon.Health;
import io.dinp.common.daemon.Pace;
import io.dinp.common.model.HeartbeatReply;
import io.dinp.common.model.NodeReport;
import io.dinp.server.agents.Agents;
import io.dinp.server.core.Instance;
import io.dinp.server.core.Naming;
import io.dinp.server.core.Plan;
import io.dinp.server.core.Policy;
import io.dinp.server.core.RolloutCommand;
import io.dinp.server.core.Situation;
import io.dinp.server.mysql.Store;
import io.dinp.server.redis.Routes;
import io.dinp.server.rpc.Heartbeats;
import io.dinp.server.state.ClusterState;
import io.dinp.server.state.RouterRegistry;
import io.dinp.server.state.VerdictBook;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** The server as {@link Wiring} puts it together, between doors that lead into a simulated world. */
public final class SimServer {

    private static final Secret TOKEN = new Secret("token");

    private final ClusterState cluster;
    private final RouterRegistry routers = new RouterRegistry();
    private final VerdictBook verdicts;
    private final LongSupplier clock;
    private StoreLoop store;
    private RouteLoop routes;
    private ServerLoop loop;
    private Heartbeats heartbeats;

    /** Everything outside of the server. */
    public record Doors(
            Store store,
            Routes routes,
            Agents agents,
            Function<Situation, Plan> planner,
            LongSupplier clock,
            Pace.Maker pace) {}

    /** A process that has just begun; it does nothing before {@link #start}. */
    public SimServer(Policy policy, LongSupplier clock) {
        this.clock = clock;
        long staleMs = policy.interval().toMillis() * policy.staleIntervals();
        this.cluster = new ClusterState("dinp", staleMs, clock.getAsLong());
        this.verdicts = new VerdictBook(policy.interval());
    }

    /** Reads what MySQL remembers and starts the loops; throws when MySQL is away, and may be called again. */
    public void start(Doors doors, Policy policy, Naming naming) throws SQLException {
        Health health = new Health();
        Memory memory = new Memory(doors.store());
        cluster.restore(memory.nodes());
        routers.restore(memory.routers());
        FailureBook failures = new FailureBook(memory.failures());
        loop = new ServerLoop(
                cluster,
                verdicts,
                doors.agents(),
                failures,
                doors.planner(),
                policy,
                naming,
                memory.rollouts(),
                memory.revisions(),
                clock,
                doors.pace());
        routes = new RouteLoop(doors.routes(), routers, health, clock, loop::signal, doors.pace());
        store = new StoreLoop(
                doors.store(),
                cluster,
                routers,
                naming,
                memory.rollouts().keySet(),
                health,
                clock,
                loop::signal,
                doors.pace());
        heartbeats = new Heartbeats(cluster, routers, routes::view, TOKEN, true, clock, loop::signal);
        routes.start();
        store.start();
        loop.start(store, routes);
    }

    /** Takes a beat. */
    public HeartbeatReply beat(NodeReport report) {
        return heartbeats.take(report);
    }

    /** Takes an agent's word that its engine does not answer. */
    public HeartbeatReply down(String ip) {
        return heartbeats.down(ip);
    }

    /** Takes a verdict of the health monitor, as the API does. */
    public boolean replace(String instance, String reason) {
        Optional<Instance> known = cluster.find(instance).filter(Instance::live);
        boolean taken = known.isPresent()
                && verdicts.judge(known.get(), reason, clock.getAsLong()).isEmpty();
        if (taken) {
            signal();
        }
        return taken;
    }

    /** Says something to a deploy. */
    public void command(String app, RolloutCommand command) {
        loop.command(app, command);
    }

    /** Has the desired state looked at now. */
    public void signal() {
        store.signal();
        loop.signal();
    }

    /** What the last plan was made from. */
    public Optional<Situation> latest() {
        return loop.latest();
    }
}
