package io.dinp.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.model.Constraints;
import io.dinp.common.model.FailureStage;
import io.dinp.common.model.InstanceState;
import io.dinp.common.model.Revision;
import io.dinp.common.model.RouterLease;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The small rules, each as a table. */
class RulesTest {

    private static final Revision REVISION = Revision.of("demo", "demo:1", 512, new TreeMap<>(), 0);

    private static Set<String> apps(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "app" + i).collect(Collectors.toSet());
    }

    @Test
    void aReadThatLostMostOfManyAppsMustBeSeenTwice() {
        assertTrue(ReadGuard.believes(apps(0, 1), Set.of(), null), "the last app may go at once");
        assertTrue(ReadGuard.believes(apps(0, 10), Set.of(), null), "ten may go");
        assertFalse(ReadGuard.believes(apps(0, 20), apps(0, 9), null), "eleven of twenty may not");
        assertTrue(ReadGuard.believes(apps(0, 40), apps(0, 29), null), "eleven of forty may");
        assertTrue(ReadGuard.believes(apps(0, 20), apps(0, 9), apps(0, 9)), "the same read again confirms");
        assertFalse(ReadGuard.believes(apps(0, 20), apps(0, 9), apps(0, 8)), "another one does not");
    }

    @Test
    void crashesAreFollowedByThreeImmediateStartsThenByDoublingWaits() {
        long[] waits = {0, 0, 0, 0, 30_000, 60_000, 120_000, 240_000, 480_000, 960_000, 960_000};
        for (int crashes = 0; crashes < waits.length; crashes++) {
            assertEquals(waits[crashes], Backoff.delayMs(crashes, 1), "after " + crashes);
        }
        assertEquals(0, Backoff.delayMs(6, 2), "three for each of two instances");
        assertEquals(30_000, Backoff.delayMs(7, 2));
    }

    @Test
    void tenStableMinutesAreForgiven() {
        Rollout rollout = Rollout.begin("demo", "r", "r", 0, 0).crashed(5, 1_000);

        assertEquals(6, Backoff.after(rollout, 1, 1, 601_000).crashes());
        assertEquals(1, Backoff.after(rollout, 1, 1, 601_001).crashes());
        assertEquals(rollout, Backoff.after(rollout, 0, 1, 601_000));
        assertEquals(0, Backoff.after(rollout, 0, 1, 601_001).crashes());
    }

    @Test
    void aCauseSaysEachThingOnce() {
        assertEquals("exited with code 3", fallen(FailureStage.EXIT, "", 3).cause());
        assertEquals(
                "exited with code 3",
                fallen(FailureStage.EXIT, "exited with code 3", 3).cause());
        assertEquals(
                "exited with code 3; last output: oh",
                fallen(FailureStage.EXIT, "exited with code 3; last output: oh", 3)
                        .cause());
        assertEquals(
                "pull failed: no such tag",
                fallen(FailureStage.PULL, "no such tag", null).cause());
    }

    private static Instance fallen(FailureStage stage, String reason, Integer exitCode) {
        return new Instance(
                "i",
                "demo",
                "r",
                "10.0.0.1",
                "",
                InstanceState.FAILED,
                false,
                0,
                256,
                "demo:1",
                "",
                stage,
                reason,
                exitCode,
                false,
                false);
    }

    private static RouteTable table(String... endpoints) {
        RouteTable table = RouteTable.empty();
        if (endpoints.length > 0) {
            table.apps().put("/rs/a.io", List.of(endpoints));
        }
        return table;
    }

    private static RouterLease lease(String epoch, long version) {
        return new RouterLease(epoch, version, Map.of(), 0, "");
    }

    @Test
    void aPortIsReleasedWhenNoRouteHasItAndEveryRegisteredRouterAppliedItsEnd() {
        RouteView view = RouteView.unknown()
                .read("e", 4, table("10.0.0.1:1", "10.0.0.1:2"), 0)
                .written("e", 5, table("10.0.0.1:2"), 0)
                .withLeases(Map.of("r1", lease("e", 5), "r2", lease("e", 4)));

        assertEquals(List.of(), PortRelease.of("10.0.0.1", List.of(2), view, Set.of("r1")), "still routed");
        assertEquals(List.of(1), PortRelease.of("10.0.0.1", List.of(1), view, Set.of("r1")));
        assertEquals(List.of(), PortRelease.of("10.0.0.1", List.of(1), view, Set.of("r1", "r2")), "r2 is behind");
        assertEquals(List.of(), PortRelease.of("10.0.0.1", List.of(1), view, Set.of("r1", "gone")), "nobody knows");
        assertEquals(
                List.of(3), PortRelease.of("10.0.0.1", List.of(3), view, Set.of("r1", "r2")), "the start's version");
        assertEquals(List.of(), PortRelease.of("10.0.0.1", List.of(1), view.away(), Set.of()), "Redis is away");
        assertEquals(List.of(1), PortRelease.of("10.0.0.1", List.of(1), view, Set.of()), "no router at all");
    }

    @Test
    void aChangeIsAppliedWhenEveryLiveRouterSaysSoOrTimeIsUp() {
        RouteView view = RouteView.unknown().read("e", 1, table(), 0).written("e", 2, table("x:1"), 1_000);
        Stamp change = view.addedAt("x:1");

        assertFalse(view.applied(change, 1_500, 30_000), "no router says anything");
        assertTrue(view.applied(change, 31_000, 30_000), "time is up");
        assertTrue(view.withLeases(Map.of("r1", lease("e", 2))).applied(change, 1_500, 30_000));
        assertFalse(view.withLeases(Map.of("r1", lease("e", 2), "r2", lease("e", 1)))
                .applied(change, 1_500, 30_000));
        assertFalse(view.withLeases(Map.of("r1", lease("old", 9))).applied(change, 1_500, 30_000));
    }

    @Test
    void anEndpointMayBeRoutedFromTheMomentThatItsWriteBeganUntilItsOutcomeIsKnown() {
        RouteView before = RouteView.unknown().read("e", 1, table("x:1"), 0);
        RouteView during = before.writing(table("x:1", "x:2"));

        assertFalse(before.mayHold("x:2"));
        assertTrue(during.mayHold("x:2"));
        assertFalse(during.holds("x:2"), "nobody may rely on it");
        assertTrue(during.away().mayHold("x:2"), "a write without an answer");
        assertTrue(during.away().withLeases(Map.of()).mayHold("x:2"));
        assertFalse(during.away().read("e", 2, table("x:1"), 0).mayHold("x:2"));
        assertTrue(during.written("e", 2, table("x:1", "x:2"), 0).holds("x:2"));
    }

    @Test
    void afterAFullReadAnyEndpointMayJustHaveLeft() {
        RouteView view = RouteView.unknown().read("e", 1, table("x:1"), 1_000);

        assertTrue(view.mayHaveLost("x:9", 30_999, 30_000));
        assertFalse(view.mayHaveLost("x:9", 31_000, 30_000));
        assertTrue(view.written("e", 2, table(), 31_000).mayHaveLost("x:1", 90_000, 30_000));
    }

    @Test
    void aRouterWithALaterTableShowsThatRedisWasPutBack() {
        RouteView view = RouteView.unknown().read("e", 5, table(), 0);

        assertTrue(view.isBehind(lease("e", 6)));
        assertFalse(view.isBehind(lease("e", 5)));
        assertFalse(view.isBehind(lease("old", 6)));
        assertTrue(view.hasApplied(lease("e", 5), view.addedAt("x:1")));
        assertFalse(view.hasApplied(lease("e", 6), view.addedAt("x:1")), "its table is another one");
    }

    @Test
    void oneInstanceOfAnAppIsReplacedAtATimeAndVerdictsExpire() {
        Instance sick = instance("i1");
        Map<String, Verdict> live = ReplaceRule.with(Map.of(), sick, "500", Duration.ofSeconds(5), 1_000);

        assertTrue(ReplaceRule.refusal(sick, live).isEmpty(), "the same again");
        assertTrue(ReplaceRule.refusal(instance("i2"), live).isPresent());
        assertEquals(
                1_000,
                ReplaceRule.with(live, sick, "500", Duration.ofSeconds(5), 6_000)
                        .get("i1")
                        .since());
        assertEquals(Map.of(), ReplaceRule.live(live, 16_000));
    }

    private static Instance instance(String id) {
        return Samples.instance(id, "10.0.0.1", REVISION.id());
    }

    @Test
    void placementSpreadsOverLabelsThenNodesThenPrefersTheImageThenRoom() {
        TreeMap<String, NodeView> nodes = new TreeMap<>();
        nodes.put("n1", node("n1", 1000, "a", Set.of(), List.of(Samples.instance("i1", "n1", REVISION.id()))));
        nodes.put("n2", node("n2", 9000, "a", Set.of(), List.of()));
        nodes.put("n3", node("n3", 2000, "b", Set.of(), List.of()));
        nodes.put("n4", node("n4", 1500, "b", Set.of("demo:1"), List.of()));
        Placement placement = placement(nodes, Map.of());

        Set<String> image = Set.of("demo:1");
        assertEquals("n4", place(placement, 500, "", image, ip -> false));
        assertEquals("n2", place(placement, 500, "", image, ip -> false));
        assertEquals("n3", place(placement, 500, "", image, ip -> false));
        assertEquals("n1", place(placement, 500, "", image, ip -> !ip.equals("n1")));
        assertEquals("", place(placement, 100_000, "", Set.of(), ip -> false));
    }

    @Test
    void placementSpreadsTheSameRevisionBeforeWhatIsAboutToGo() {
        TreeMap<String, NodeView> nodes = new TreeMap<>();
        nodes.put("n1", node("n1", 9000, "a", Set.of(), List.of(Samples.instance("i1", "n1", REVISION.id()))));
        nodes.put(
                "n2",
                node(
                        "n2",
                        8000,
                        "a",
                        Set.of(),
                        List.of(Samples.instance("i2", "n2", "old"), Samples.instance("i3", "n2", "old"))));
        nodes.put("n3", node("n3", 7000, "b", Set.of(), List.of(Samples.instance("i4", "n3", REVISION.id()))));
        Placement placement = placement(nodes, Map.of());

        assertEquals("n2", place(placement, 512, ""), "equal zones of the revision; n2 has none of it");
        assertEquals("n3", place(placement, 512, ""), "zone b has one of the revision, zone a two");
    }

    @Test
    void placementLeavesOutWhatAnOperatorOrTheAppDoesNotWantAndStillCountsItForTheSpread() {
        TreeMap<String, NodeView> nodes = new TreeMap<>();
        nodes.put(
                "n1",
                node(
                        "n1",
                        9000,
                        "a",
                        Set.of(),
                        List.of(
                                Samples.instance("i1", "n1", REVISION.id()),
                                Samples.instance("i2", "n1", REVISION.id()))));
        nodes.put("n2", node("n2", 8000, "a", Set.of(), List.of()));
        nodes.put("n3", node("n3", 1024, "b", Set.of(), List.of(Samples.instance("i3", "n3", REVISION.id()))));
        nodes.put("n4", node("n4", 9000, "c", Set.of(), List.of()));
        Placement placement =
                placement(nodes, Map.of("n1", new NodeWish(true, false, 0), "n4", new NodeWish(false, true, 0)));

        assertEquals("n3", place(placement, 512, ""), "zone a has two of the app, though one node of it is closed");
        assertEquals("n2", place(placement, 512, ""), "of equal zones the node with fewer");
        assertEquals("n3", place(placement, 512, ""), "to the last MB");
        assertEquals("n2", place(placement, 512, ""), "n3 is full");
        assertEquals("", place(placement, 512, "zone=c"), "the only one is being drained");
        assertTrue(placement.hasRoom(8000 - 1024, Constraints.parse("zone!=b")));
        assertFalse(placement.hasRoom(8000 - 1023, Constraints.NONE));
    }

    private static String place(Placement placement, int memoryMb, String constraints) {
        return place(placement, memoryMb, constraints, Set.of(), ip -> false);
    }

    private static String place(
            Placement placement, int memoryMb, String constraints, Set<String> image, Predicate<String> avoided) {
        Revision sized = new Revision(REVISION.id(), "demo", "demo:1", "", memoryMb, new TreeMap<>(), 0);
        return placement
                .place("demo", sized, Constraints.parse(constraints), image, avoided)
                .orElse("");
    }

    private static Placement placement(SortedMap<String, NodeView> nodes, Map<String, NodeWish> wishes) {
        Sim sim = new Sim();
        DesiredState desired = DesiredState.of(List.of(), List.of(), new TreeMap<>(wishes), Sim.NAMING);
        Situation situation = new Situation(
                desired,
                Map.of(),
                new RealState(0, nodes.size(), nodes),
                sim.view,
                sim.progress,
                Map.of(),
                Map.of(),
                sim.policy,
                Sim.NAMING,
                0);
        Placement placement = new Placement(
                situation, nodes.keySet().stream().collect(Collectors.toMap(ip -> ip, ip -> NodeStanding.READY)));
        List<Instance> there = nodes.values().stream()
                .flatMap(node -> node.instances().stream())
                .toList();
        placement.count("demo", there, List.of());
        return placement;
    }

    private static NodeView node(String ip, long free, String zone, Set<String> images, List<Instance> instances) {
        return new NodeView(ip, 1971, true, 0, 0, free, 0, free, images, Map.of("zone", zone), 0, instances);
    }
}
