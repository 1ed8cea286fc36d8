package io.dinp.server.core;

import java.util.Map;
import java.util.Optional;

/**
 * Plans one situation after the other, each as {@link Reconciler#plan} would, and works out only those apps of which there is news: in a large
 * installation nearly all are calm nearly always. What it remembers it can lose at any time; then the next plan is made from the situation alone.
 * For one thread.
 */
public final class Planner {

    private Optional<Known> known = Optional.empty();

    /** The next steps from here: those that the situation alone gives. */
    public Plan plan(Situation situation) {
        Map<String, NodeStanding> standings = Reconciler.standings(situation);
        Optional<Known> before = known;
        known = Optional.empty(); // should the plan fail half-way, its parts belong to none
        Optional<News> since = before.flatMap(plan -> plan.newsSince(situation, standings));
        News news = since.orElseGet(() -> News.everything(situation));
        Parts parts = since.isPresent() ? before.orElseThrow().parts() : Parts.none();
        Plan plan = Reconciler.plan(situation, standings, news, parts);
        known = Known.of(situation, plan, parts, news.wanted());
        return plan;
    }
}
