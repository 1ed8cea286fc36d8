package io.dinp.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.model.Revision;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Which apps the next plan has to work out. Every test with a {@link Sim} and every simulated history shows that the others would have come to the
 * same.
 */
class KnownTest {

    private static final String ONE = "10.0.0.1";
    private static final String TWO = "10.0.0.2";

    /** The app {@code both} is on both nodes, each of the others on one. */
    private final Sim sim = new Sim().node(ONE).node(TWO).router("r1");

    private Known known;

    @BeforeEach
    void everyAppIsCalm() {
        sim.settled("both", "both:1", 2);
        sim.settled("first", "first:1", 1);
        sim.settled("second", "second:1", 1);
        assertNotEquals(nodeOf("first"), nodeOf("second"), "spread by room");
        sim.until("nothing to do", 60_000, () -> {
            remember();
            return sim.last.isQuiet() && news().equals(Optional.of(Set.of()));
        });
    }

    private String nodeOf(String app) {
        return sim.routed(app).get(0).split(":")[0];
    }

    private void remember() {
        Situation situation = sim.situation();
        News all = News.everything(situation);
        Parts parts = Parts.none();
        Plan plan = Reconciler.plan(situation, Reconciler.standings(situation), all, parts);
        known = Known.of(situation, plan, parts, all.wanted()).orElseThrow();
        sim.progress = plan.progress();
    }

    private Optional<Set<String>> news() {
        Situation now = sim.situation();
        return known.newsSince(now, Reconciler.standings(now)).map(News::apps);
    }

    private void assertNewsOf(String... apps) {
        assertEquals(Optional.of(Set.of(apps)), news());
    }

    @Test
    void aBeatIsNoNews() {
        SimNode node = sim.nodes.get(ONE);
        sim.now += 5_000;
        sim.cluster.apply(node.report(10_001), sim.now);
        assertNewsOf();
    }

    @Test
    void aRowIsNewsOfItsAppAlone() {
        sim.scale("first", 2);
        assertNewsOf("first");
        sim.app("another", "another:1", 1);
        sim.rows.remove("both");
        assertNewsOf("first", "another", "both");
    }

    @Test
    void whatChangesOnANodeIsNewsOfTheAppsOnIt() {
        SimNode node = sim.nodes.get(nodeOf("first"));
        node.crash(node.containers.keySet().iterator().next());
        sim.cluster.apply(node.report(10_001), sim.now);
        assertNewsOf("both", "first");
    }

    @Test
    void anotherStandingIsNewsOfTheAppsOnTheNode() {
        sim.nodes.get(nodeOf("second")).agentUp = false;
        sim.nodes.get(nodeOf("first")).agentUp = true;
        long heard = sim.situation().real().nodes().get(nodeOf("second")).lastSeen();
        sim.now = heard + sim.policy.suspectMs() + 1;
        sim.cluster.apply(sim.nodes.get(nodeOf("first")).report(10_001), sim.now);
        assertNewsOf("both", "second");
    }

    @Test
    void aWishForANodeIsNewsOfTheAppsOnIt() {
        sim.cordon(nodeOf("second"));
        assertNewsOf("both", "second");
    }

    @Test
    void anotherEndpointIsNewsOfTheAppThatHasIt() {
        RouteTable table = sim.redis.copy();
        table.apps().put(Sim.NAMING.keyOf("second"), List.of("10.9.9.9:1"));
        sim.view = sim.view.written("e1", sim.view.version() + 1, table, sim.now);
        assertNewsOf("second");
        table.apps().remove(Sim.NAMING.keyOf("first"));
        assertNewsOf("first", "second");
    }

    @Test
    void aVerdictAndACommandAreNewsOfTheirApps() {
        String id = sim.nodes.get(ONE).containers.keySet().iterator().next();
        sim.verdicts.put(id, new Verdict(id, "both", "no answer", sim.now, sim.now + 10_000, false));
        sim.commands.put("second", RolloutCommand.PAUSE);
        assertNewsOf("both", "second");
    }

    @Test
    void anAppThatWaitsIsWorkedOutEachTime() {
        sim.scale("first", 100);
        sim.until(
                "room is missing", 60_000, () -> !sim.rollout("first").reason().isEmpty());
        sim.run(10_000);
        remember();
        assertNewsOf("first");
    }

    @Test
    void whatBearsOnAnyAppHasAllWorkedOut() {
        sim.domains.add(new DomainRow("www.example.org", "both"));
        assertEquals(Optional.empty(), news(), "a custom domain");
        sim.domains.clear();
        assertNewsOf();

        sim.revisions.put("r", Revision.of("both", "both:2", 256, new TreeMap<>(), 0));
        assertEquals(Optional.empty(), news(), "a revision");
        sim.revisions.remove("r");
        assertNewsOf();

        Progress progress = sim.progress;
        sim.progress = Progress.start(progress.rollouts());
        assertEquals(Optional.empty(), news(), "another process");
        sim.progress = progress;
        assertNewsOf();

        sim.now -= 1;
        assertEquals(Optional.empty(), news(), "a clock that was set back");
    }

    /** Most nodes are silent since the server's start, so that it takes itself to be cut off and judges none of them. */
    @Test
    void nothingIsKnownWhileANodeHasNotBeenHeard() {
        sim.node("10.0.0.3").node("10.0.0.4");
        sim.run(10_000);
        sim.restartServer();
        for (String silent : List.of(TWO, "10.0.0.3", "10.0.0.4")) {
            sim.nodes.get(silent).agentUp = false;
        }
        sim.step();
        sim.until("warm", 60_000, () -> sim.last.routes().isPresent());
        Situation situation = sim.situation();
        assertTrue(RoutePlanner.anyUnheard(situation.real(), sim.progress.standings()));
        assertTrue(Known.of(situation, sim.last, Parts.none(), WantedIndex.of(situation.desired()))
                .isEmpty());
    }
}
