package io.dinp.server.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import io.dinp.server.core.Action;
import io.dinp.server.core.Instance;
import io.dinp.server.core.NodeStanding;
import io.dinp.server.core.Plan;
import io.dinp.server.core.Reconciler;
import io.dinp.server.core.RouteTable;
import io.dinp.server.core.Situation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Histories of the whole control plane, and proof that the laws which they are held to can be broken. More of them:
 * {@code -Ddinp.sim.seeds=5000}; one again with its trace: {@code -Ddinp.sim.seed=17}.
 */
class SimulationTest {

    private static final int SEEDS = Integer.getInteger("dinp.sim.seeds", 150);
    private static final int MUTANT_SEEDS = 40;
    private Level level;

    @BeforeEach
    void quiet() {
        level = SimulationMain.log(Level.OFF);
    }

    @AfterEach
    void loud() {
        SimulationMain.log(level);
    }

    @Test
    void noHistoryBreaksALaw() {
        Long one = Long.getLong("dinp.sim.seed");
        if (one != null) {
            System.out.println(Simulation.trace(one));
        }
        long first = one == null ? 0 : one;
        long last = one == null ? SEEDS - 1 : one;
        long plans = 0;
        for (long seed = first; seed <= last; seed++) {
            plans += Simulation.run(seed).plans();
        }
        assertTrue(plans > 0);
    }

    @Test
    void aSeedTellsTheSameHistoryEachTime() {
        assertEquals(Simulation.trace(3), Simulation.trace(3));
    }

    /** A planner with a fault, and words of the law that it breaks. */
    private record Mutant(String law, Function<Situation, Plan> planner) {
        @Override
        public String toString() {
            return law;
        }
    }

    static Stream<Mutant> mutants() {
        return Stream.of(
                new Mutant("serves by", sometimes(plan -> withRoutes(plan, SimulationTest::withoutOneEndpoint))),
                new Mutant("loses its last route", s -> withoutSilentNodes(Reconciler.plan(s))),
                new Mutant("are allowed", s -> withActions(Reconciler.plan(s), SimulationTest::twice)),
                new Mutant("is stopped", s -> withActions(Reconciler.plan(s), actions -> stopsAll(s, actions))),
                new Mutant("gives another plan", inTurn(plan -> withActions(plan, actions -> List.of()))));
    }

    /** The planner, with a fault at some times. */
    private static Function<Situation, Plan> sometimes(Function<Plan, Plan> fault) {
        return situation -> {
            Plan plan = Reconciler.plan(situation);
            return situation.now() % 9 == 0 ? fault.apply(plan) : plan;
        };
    }

    /** The planner, with a fault that does not follow from the situation. */
    private static Function<Situation, Plan> inTurn(Function<Plan, Plan> fault) {
        AtomicLong plans = new AtomicLong();
        return situation -> {
            Plan plan = Reconciler.plan(situation);
            return plans.incrementAndGet() % 9 == 0 ? fault.apply(plan) : plan;
        };
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void aPlannerWithAFaultIsFound(Mutant mutant) {
        AssertionError found = assertThrows(AssertionError.class, () -> {
            for (long seed = 0; seed < MUTANT_SEEDS; seed++) {
                Simulation.run(seed, mutant.planner());
            }
        });
        assertTrue(found.getMessage().contains(mutant.law()), found.getMessage());
    }

    private static Plan withActions(Plan plan, Function<List<Action>, List<Action>> change) {
        return new Plan(
                change.apply(plan.actions()),
                plan.routes(),
                plan.progress(),
                plan.rollouts(),
                plan.statuses(),
                plan.dropped(),
                plan.revisions(),
                plan.failures(),
                plan.exits(),
                plan.events(),
                plan.awaitsRouters(),
                plan.followUpAt(),
                plan.steadyUntil());
    }

    private static Plan withRoutes(Plan plan, Function<RouteTable, RouteTable> change) {
        Optional<RouteTable> routes = plan.routes().map(change);
        return new Plan(
                plan.actions(),
                routes,
                plan.progress(),
                plan.rollouts(),
                plan.statuses(),
                plan.dropped(),
                plan.revisions(),
                plan.failures(),
                plan.exits(),
                plan.events(),
                plan.awaitsRouters(),
                plan.followUpAt(),
                plan.steadyUntil());
    }

    /** Another table: the plan's may be the one that the situation holds. */
    private static RouteTable withApps(RouteTable table, Consumer<Map<String, List<String>>> change) {
        TreeMap<String, List<String>> apps = new TreeMap<>(table.apps());
        change.accept(apps);
        return new RouteTable(apps, table.cnames(), table.hosts());
    }

    private static RouteTable withoutOneEndpoint(RouteTable table) {
        return withApps(
                table,
                apps -> apps.replaceAll(
                        (key, endpoints) -> endpoints.size() > 1 ? endpoints.subList(1, endpoints.size()) : endpoints));
    }

    private static Plan withoutSilentNodes(Plan plan) {
        return withRoutes(
                plan,
                table -> withApps(
                        table,
                        apps -> apps.values()
                                .removeIf(endpoints -> endpoints.stream().allMatch(endpoint -> {
                                    String node = endpoint.substring(0, endpoint.indexOf(':'));
                                    return plan.progress().standings().get(node) == NodeStanding.LOST;
                                }))));
    }

    private static List<Action> twice(List<Action> actions) {
        List<Action> more = new ArrayList<>(actions);
        actions.stream()
                .filter(action -> action instanceof Action.Start)
                .map(Action.Start.class::cast)
                .forEach(start -> {
                    more.add(start);
                    more.add(start);
                });
        return more;
    }

    private static List<Action> stopsAll(Situation situation, List<Action> actions) {
        List<Action> more = new ArrayList<>(actions);
        situation
                .progress()
                .draining()
                .forEach(id -> situation.real().nodes().values().stream()
                        .flatMap(node -> node.instances().stream())
                        .filter(Instance::servable)
                        .filter(instance -> instance.id().equals(id))
                        .forEach(i -> more.add(new Action.Stop(i.node(), i.id(), i.app(), 1))));
        return more;
    }
}
