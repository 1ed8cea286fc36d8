package io.dinp.server.sim;

import io.dinp.server.SimServer;
import io.dinp.server.core.Plan;
import io.dinp.server.core.Policy;
import io.dinp.server.core.Situation;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/** The machine of the server: it starts one process after another. */
final class ServerHost {

    private static final long CLOCK_GAIN_MS = 50;

    private static final long RETRY_MS = 1_000;

    private final World world;
    private final Policy policy;
    private final BiFunction<Life, Situation, Plan> planner;
    private Life life;
    private SimServer server;
    private long bornAt;
    private Set<String> known = Set.of();
    private long turn;

    /**
     * A machine that runs nothing.
     *
     * @param planner makes the plans of each process
     */
    ServerHost(World world, Policy policy, BiFunction<Life, Situation, Plan> planner) {
        this.world = world;
        this.policy = policy;
        this.planner = planner;
    }

    /** The process that runs, once it has read what MySQL remembers. */
    Optional<SimServer> server() {
        return Optional.ofNullable(server);
    }

    /** What the last plan of the process was made from. */
    Optional<Situation> latest() {
        return server().flatMap(SimServer::latest);
    }

    /** True when the process has heard all nodes that it knows of, or has waited for them long enough. */
    boolean isWarm() {
        // Its clock goes a little faster than the world's: no two readings of it are the same.
        boolean patient =
                world.time.now() - bornAt >= policy.interval().toMillis() * policy.staleIntervals() - CLOCK_GAIN_MS;
        return patient || known.stream().allMatch(ip -> world.network.heard(ip) >= bornAt);
    }

    boolean isRunning(Life which) {
        return which == life;
    }

    /** Kills the process, if one runs, and starts another some time later. */
    void restart(long downMs, long skewMs) {
        kill();
        long mine = ++turn;
        world.time.after(downMs, () -> {
            if (mine == turn) {
                begin(skewMs);
            }
        });
    }

    private void kill() {
        if (life != null) {
            world.trace.say(world.time.now(), "server KILLED");
            life.kill();
        }
        life = null;
        server = null;
    }

    private void begin(long skewMs) {
        Life mine = new Life(world.time, skewMs);
        life = mine;
        bornAt = world.time.now();
        world.trace.say(bornAt, "server starts, its clock is off by {} ms", skewMs);
        wake(mine, new SimServer(policy, mine.clock()));
    }

    private void wake(Life mine, SimServer process) {
        SimServer.Doors doors = new SimServer.Doors(
                world.mysql.connect(mine, world.time),
                world.redis.connect(mine),
                world.network.agents(mine),
                situation -> planner.apply(mine, situation),
                mine.clock(),
                mine::pace);
        try {
            process.start(doors, policy, World.NAMING);
            known = new HashSet<>(world.mysql.nodeAddresses());
            server = process;
        } catch (SQLException e) {
            mine.after(RETRY_MS, () -> wake(mine, process));
        } catch (Life.Killed e) {
            world.trace.say(world.time.now(), "server was killed while it started");
        }
    }
}
