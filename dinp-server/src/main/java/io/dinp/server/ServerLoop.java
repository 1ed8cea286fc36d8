package io.dinp.server;

import io.dinp.common.daemon.Pace;
import io.dinp.common.metrics.Metrics;
import io.dinp.common.model.Revision;
import io.dinp.server.agents.Agents;
import io.dinp.server.core.Action;
import io.dinp.server.core.DesiredState;
import io.dinp.server.core.Event;
import io.dinp.server.core.Naming;
import io.dinp.server.core.Plan;
import io.dinp.server.core.Policy;
import io.dinp.server.core.Progress;
import io.dinp.server.core.RealState;
import io.dinp.server.core.Rollout;
import io.dinp.server.core.RolloutCommand;
import io.dinp.server.core.Situation;
import io.dinp.server.core.Standstill;
import io.dinp.server.state.ClusterState;
import io.dinp.server.state.OrderResult;
import io.dinp.server.state.VerdictBook;
import io.prometheus.metrics.core.metrics.Counter;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop of the control plane: look, plan, do. It waits for nobody: MySQL, Redis and each agent are talked to on
 * threads of their own, and every tick works with what is known.
 */
final class ServerLoop implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ServerLoop.class);
    private static final Duration PACE = Duration.ofSeconds(1);
    private static final Counter PLANS = Metrics.counter("dinp_server_plans_total", "Plans made");
    private static final Counter ORDERS =
            Metrics.counter("dinp_server_orders_total", "Orders sent to agents, by kind", "kind");

    private final ClusterState cluster;
    private final VerdictBook verdicts;
    private final Agents agents;
    private final FailureBook failures;
    private final ExitBook exits;
    private final Function<Situation, Plan> planner;
    private final Policy policy;
    private final Naming naming;
    private final LongSupplier clock;
    private final Pace ticker;
    private final Map<String, Unstored> unstored = new HashMap<>();
    private final Map<String, RolloutCommand> commands = new ConcurrentHashMap<>();
    private Map<String, Revision> revisions;
    private Progress progress;
    private Patched patched = new Patched(DesiredState.empty(), Map.of(), DesiredState.empty());
    private Optional<Standstill> standstill = Optional.empty();
    private StoreLoop store;
    private RouteLoop routes;
    private volatile Situation latest;

    /** A status that MySQL may not show yet, and the number of the plan that gave it. */
    private record Unstored(int status, long number) {}

    /** A read with the statuses that it does not show yet. */
    private record Patched(DesiredState read, Map<String, Integer> statuses, DesiredState state) {}

    /**
     * Made, not started; it begins with what MySQL remembers.
     *
     * @param planner decides what shall happen next
     */
    ServerLoop(
            ClusterState cluster,
            VerdictBook verdicts,
            Agents agents,
            FailureBook failures,
            Function<Situation, Plan> planner,
            Policy policy,
            Naming naming,
            SortedMap<String, Rollout> rollouts,
            Map<String, Revision> revisions,
            LongSupplier clock,
            Pace.Maker pace) {
        this.cluster = cluster;
        this.verdicts = verdicts;
        this.agents = agents;
        this.failures = failures;
        this.exits = new ExitBook(agents, failures, clock);
        this.planner = planner;
        this.policy = policy;
        this.naming = naming;
        this.clock = clock;
        this.progress = Progress.start(rollouts);
        this.revisions = Map.copyOf(revisions);
        this.ticker = pace.make("server", PACE, this::tick);
    }

    /** Starts to tick. */
    void start(StoreLoop storeLoop, RouteLoop routeLoop) {
        store = storeLoop;
        routes = routeLoop;
        ticker.start();
    }

    /** Says something to the deploy of an app that is under way; the next plan does it. */
    void command(String app, RolloutCommand command) {
        commands.put(app, command);
        signal();
    }

    /** Asks for a tick now. */
    void signal() {
        ticker.signal();
    }

    /** What the last plan was made from, with the progress it led to; empty before the first. */
    Optional<Situation> latest() {
        return Optional.ofNullable(latest);
    }

    private void tick() {
        Optional<StoreLoop.Believed> believed = store.believed();
        if (believed.isEmpty()) {
            return;
        }
        exits.release();
        Situation situation = look(believed.get());
        long next = standstill.filter(still -> still.holds(situation)).isPresent()
                ? rest(situation)
                : act(situation, planner.apply(situation));
        long wait = Math.min(PACE.toMillis(), next - situation.now());
        ticker.nextWithin(Duration.ofMillis(Math.max(1, wait)));
    }

    /** Makes no plan, since it would be the last one again; returns when to look next. */
    private long rest(Situation situation) {
        latest = situation;
        return standstill.orElseThrow().endsAt(situation);
    }

    /** Does what a plan says; returns when to make the next. */
    private long act(Situation situation, Plan plan) {
        PLANS.inc();
        standstill = Standstill.of(situation, plan);
        store(plan);
        if (plan.routes().isPresent()) {
            situation.commands().forEach(commands::remove);
        }
        plan.routes().ifPresent(table -> routes.want(table, situation.routes(), plan.awaitsRouters()));
        // Before the orders of this plan, one of which may remove the instance.
        exits.take(plan, situation.real(), store);
        plan.actions().forEach(action -> send(action, situation.real()));
        plan.events().forEach(ServerLoop::tell);
        latest = new Situation(
                situation.desired(),
                situation.revisions(),
                situation.real(),
                situation.routes(),
                plan.progress(),
                situation.verdicts(),
                Map.of(),
                policy,
                naming,
                situation.now());
        NodeMetrics.show(latest);
        return plan.followUpAt();
    }

    private Situation look(StoreLoop.Believed believed) {
        unstored.values().removeIf(status -> status.number() <= believed.included());
        Map<String, Integer> statuses = new HashMap<>();
        unstored.forEach((app, status) -> statuses.put(app, status.status()));
        long now = clock.getAsLong();
        RealState real = cluster.snapshot(now);
        return new Situation(
                statuses.isEmpty() ? believed.state() : patched(believed.state(), statuses),
                revisions,
                real,
                routes.view(),
                progress,
                verdicts.live(real, now),
                Map.copyOf(commands),
                policy,
                naming,
                now);
    }

    private DesiredState patched(DesiredState read, Map<String, Integer> statuses) {
        if (!patched.read().equals(read) || !patched.statuses().equals(statuses)) {
            patched = new Patched(read, statuses, read.withStatuses(statuses));
        }
        return patched.state();
    }

    private void store(Plan plan) {
        progress = plan.progress();
        remember(plan);
        plan.dropped().forEach(failures::forget);
        long number = store.submit(plan);
        plan.statuses().forEach((app, status) -> unstored.put(app, new Unstored(status, number)));
    }

    private void remember(Plan plan) {
        if (plan.revisions().isEmpty() && plan.dropped().isEmpty()) {
            return;
        }
        Map<String, Revision> known = new HashMap<>(revisions);
        plan.revisions().forEach(revision -> known.put(revision.id(), revision));
        known.values().removeIf(revision -> plan.dropped().contains(revision.app()));
        revisions = Map.copyOf(known);
    }

    private void send(Action action, RealState real) {
        if (action instanceof Action.Forget && (!store.isFlushed() || exits.needs(action.instance()))) {
            // What is left of a fallen instance goes only after its fall has been stored, with its last output.
            return;
        }
        cluster.sent(action, clock.getAsLong());
        ORDERS.labelValues(action.getClass().getSimpleName().toLowerCase(Locale.ROOT))
                .inc();
        int port = real.nodes().get(action.node()).agentPort();
        Runnable order = () -> agents.send(action, port, () -> until(action), result -> settled(action, result));
        if (action instanceof Action.Stop) {
            exits.then(action.instance(), order);
        } else {
            order.run();
        }
    }

    private long until(Action action) {
        return cluster.agentClock(action.node(), clock.getAsLong() + Agents.PATIENCE_MS);
    }

    private void settled(Action action, OrderResult result) {
        long now = clock.getAsLong();
        cluster.settled(action, result, now);
        String reason = "";
        if (result instanceof OrderResult.Refused refused) {
            reason = refused.reason();
        } else if (result instanceof OrderResult.Unknown unknown) {
            reason = "outcome unknown: " + unknown.reason();
        }
        if (!reason.isEmpty()) {
            Event event = new Event(now, "order-failed", action.app(), action.instance(), action.node(), reason);
            tell(event);
            store.record(event);
            // An accepted order changes nothing that a plan sees; the next beat does.
            signal();
        }
    }

    private static void tell(Event event) {
        log.info(
                "{} app={} instance={} node={} reason={}",
                event.kind(),
                event.app(),
                event.instance(),
                event.node(),
                event.reason());
    }

    @Override
    public void close() {
        ticker.close();
    }
}
