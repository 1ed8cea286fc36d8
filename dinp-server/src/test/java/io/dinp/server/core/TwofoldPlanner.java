package io.dinp.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.Function;

/** The planner that the server has, held to the one that remembers nothing: whatever the history, both have to say the same. */
public final class TwofoldPlanner implements Function<Situation, Plan> {

    private final Planner planner = new Planner();

    @Override
    public Plan apply(Situation situation) {
        Plan plan = planner.plan(situation);
        Plan whole = Reconciler.plan(situation);
        // The parts first, for the sake of a message that can be read.
        assertEquals(whole.actions(), plan.actions());
        assertEquals(whole.events(), plan.events());
        assertEquals(whole.routes(), plan.routes());
        assertEquals(whole.progress(), plan.progress());
        assertEquals(whole, plan);
        return plan;
    }
}
