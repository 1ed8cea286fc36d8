package io.dinp.server.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.model.ContainerReport;
import io.dinp.common.model.ImageOrder;
import io.dinp.common.model.ImagePull;
import io.dinp.common.model.InstanceSpec;
import io.dinp.common.model.InstanceState;
import io.dinp.common.model.NodeReport;
import io.dinp.common.model.PortMapping;
import io.dinp.common.model.PullState;
import io.dinp.server.core.Action;
import io.dinp.server.core.Instance;
import io.dinp.server.core.NodeView;
import io.dinp.server.core.Pulls;
import io.dinp.server.core.RealState;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ClusterStateTest {

    private static final String IP = "10.0.0.1";
    private final ClusterState state = new ClusterState("dinp", 15_000, 0);
    private final Action.Start start = new Action.Start(
            IP, new InstanceSpec("i1", "demo", "r", "demo:1", "", 128, new TreeMap<>(), "", "", "", 1463, 60));

    private static NodeReport report(String node, String cluster, ContainerReport... containers) {
        return new NodeReport(
                IP,
                1000,
                List.of(containers),
                node,
                cluster,
                1,
                "b",
                2000,
                100,
                1971,
                List.of(),
                Map.of(),
                List.of(),
                "",
                "");
    }

    private static NodeReport report(List<ImagePull> pulls) {
        return new NodeReport(
                IP, 1000, List.of(), "n", "dinp", 1, "b", 2000, 100, 1971, List.of(), Map.of(), List.of(), "", "",
                pulls);
    }

    @Test
    void aTimeIsToldByTheAgentsClockAsOfItsLastBeat() {
        assertEquals(0, state.agentClock(IP, 10_000), "a node that nobody knows");
        state.apply(report("n", "dinp"), 5_000);
        assertEquals(0, state.agentClock(IP, 10_000), "an agent that tells no clock");
        state.apply(report("n", "dinp").at(700_000), 6_000);
        assertEquals(704_000, state.agentClock(IP, 10_000));
        state.apply(report("n", "dinp").at(705_500), 11_000);
        assertEquals(704_500, state.agentClock(IP, 10_000));
    }

    private static ContainerReport container(String instance, String cluster, InstanceState state) {
        return new ContainerReport(
                "c1",
                "demo:1",
                "demo",
                List.of(new PortMapping(20_000)),
                "Up",
                instance,
                "r",
                cluster,
                state,
                null,
                "",
                null,
                false,
                true,
                1,
                1,
                128,
                "",
                20_000);
    }

    private NodeView node(long now) {
        return state.snapshot(now).nodes().get(IP);
    }

    private List<InstanceState> states(long now) {
        return node(now).instances().stream().map(Instance::state).toList();
    }

    @Test
    void anAcceptedOrderCountsUntilAReportThatCannotHaveCrossedItLacksIt() {
        state.apply(report("n", "dinp"), 0);
        state.sent(start, 100);
        assertEquals(List.of(InstanceState.ACCEPTED), states(100));
        assertEquals(228, node(100).usedMb());
        state.settled(start, new OrderResult.Accepted(), 110);

        state.apply(report("n", "dinp"), 120);
        assertEquals(1, states(120).size(), "composed before the order came");
        state.apply(report("n", "dinp"), 3_000);
        assertEquals(0, states(3_000).size(), "the order is lost");
    }

    @Test
    void aReportThatShowsTheInstanceTakesTheOrdersPlace() {
        state.apply(report("n", "dinp"), 0);
        state.sent(start, 100);

        state.apply(report("n", "dinp", container("i1", "dinp", InstanceState.RUNNING)), 120);
        assertEquals(List.of(InstanceState.RUNNING), states(120));
        assertEquals(100, node(120).usedMb());
    }

    @Test
    void anOrderOfUnknownFateIsWaitedForButNotForEver() {
        state.apply(report("n", "dinp"), 0);
        state.sent(start, 100);
        state.settled(start, new OrderResult.Unknown("timed out"), 3_100);

        state.apply(report("n", "dinp"), 10_000);
        assertEquals(1, states(10_000).size());
        state.apply(report("n", "dinp"), 15_200);
        assertEquals(0, states(15_200).size());
    }

    @Test
    void anOrderOfUnknownFateIsNotWaitedForOnANodeThatHasFallenSilent() {
        state.apply(report("n", "dinp"), 0);
        state.sent(start, 100);
        state.settled(start, new OrderResult.Unknown("timed out"), 3_100);

        assertEquals(1, states(7_500).size());
        assertEquals(0, states(7_501).size());

        state.apply(report("n", "dinp", container("i1", "dinp", InstanceState.RUNNING)), 9_000);
        assertEquals(List.of(InstanceState.RUNNING), states(9_000), "what arrived after all is seen");
    }

    @Test
    void anAcceptedOrderIsWaitedForOnASilentNode() {
        state.apply(report("n", "dinp"), 0);
        state.sent(start, 100);
        state.settled(start, new OrderResult.Accepted(), 200);

        assertEquals(1, states(14_000).size());
    }

    @Test
    void aRefusedOrderIsForgottenAndTheNodeRests() {
        state.apply(report("n", "dinp"), 0);
        state.sent(start, 100);
        state.settled(start, new OrderResult.Refused("no port is free"), 200);

        assertEquals(0, states(200).size());
        assertEquals(2_200, node(200).penaltyUntil());
    }

    @Test
    void anOrderedStopShowsAsStoppingUntilTheInstanceIsGone() {
        state.apply(report("n", "dinp", container("i1", "dinp", InstanceState.RUNNING)), 0);
        Action.Stop stop = new Action.Stop(IP, "i1", "demo", 30);
        state.sent(stop, 100);
        state.settled(stop, new OrderResult.Accepted(), 110);

        assertEquals(List.of(InstanceState.STOPPING), states(120));
        state.apply(report("n", "dinp"), 500);
        assertEquals(List.of(), states(500));
    }

    @Test
    void aStopThatMayHaveBeenDoneIsBelievedUntilABeatSaysOtherwise() {
        for (OrderResult result : List.of(new OrderResult.Accepted(), new OrderResult.Unknown("timed out"))) {
            ClusterState fresh = new ClusterState("dinp", 15_000, 0);
            NodeReport running = report("n", "dinp", container("i1", "dinp", InstanceState.RUNNING));
            fresh.apply(running, 0);
            Action.Stop stop = new Action.Stop(IP, "i1", "demo", 30);
            fresh.sent(stop, 100);
            fresh.settled(stop, result, 110);

            assertEquals(InstanceState.STOPPING, onlyState(fresh, 100_000), "its node is mute");
            fresh.apply(running, 100_000);
            assertEquals(InstanceState.RUNNING, onlyState(fresh, 100_000), "it was not done: to be ordered again");
        }
    }

    @Test
    void aRefusedStopIsOrderedAgainAfterAMoment() {
        state.apply(report("n", "dinp", container("i1", "dinp", InstanceState.RUNNING)), 0);
        Action.Stop stop = new Action.Stop(IP, "i1", "demo", 30);
        state.sent(stop, 100);
        state.settled(stop, new OrderResult.Refused("connection refused"), 110);

        assertEquals(List.of(InstanceState.STOPPING), states(1_110));
        assertEquals(List.of(InstanceState.RUNNING), states(1_111));
    }

    private static InstanceState onlyState(ClusterState cluster, long now) {
        return cluster.snapshot(now).nodes().get(IP).instances().get(0).state();
    }

    @Test
    void aSecondIdentityUnderOneAddressIsRefusedWhileTheFirstBeats() {
        assertEquals("", state.apply(report("n1", "dinp"), 0).refusal());

        assertTrue(state.apply(report("n2", "dinp"), 1_000).refusal().contains("n2"));
        assertEquals("", state.apply(report("n2", "dinp"), 20_000).refusal(), "the first is long silent");
    }

    private static NodeReport at(String ip, String node) {
        return new NodeReport(
                ip, 1000, List.of(), node, "dinp", 1, "b", 2000, 100, 1971, List.of(), Map.of(), List.of(), "", "");
    }

    @Test
    void aSecondAddressUnderOneIdentityIsRefusedWhileTheFirstBeats() {
        assertEquals("", state.apply(at(IP, "n1"), 0).refusal());

        String refusal = state.apply(at("10.0.0.2", "n1"), 1_000).refusal();
        assertTrue(refusal.contains("n1") && refusal.contains(IP) && refusal.contains("stateDir"), refusal);
        assertFalse(state.snapshot(1_000).nodes().containsKey("10.0.0.2"), "the first is not disturbed");
        assertEquals("", state.apply(at(IP, "n1"), 2_000).refusal());
        assertEquals("", state.apply(at("10.0.0.2", "n1"), 17_001).refusal(), "the node has moved");
        assertTrue(state.apply(at(IP, "n1"), 18_000).refusal().contains("10.0.0.2"), "and the clone is now the other");
    }

    @Test
    void aNodeCannotHaveBeenPromisedLessThanNothing() {
        state.apply(
                new NodeReport(
                        IP, -5, List.of(), "n1", "dinp", 1, "b", -1, -4096, 1971, List.of(), Map.of(), List.of(), "",
                        ""),
                0);

        assertEquals(0, node(0).capacityMb());
        assertEquals(0, node(0).usedMb());
    }

    @Test
    void nodesWithoutAnIdentityAreToldApartByAddress() {
        assertEquals("", state.apply(at(IP, ""), 0).refusal());
        assertEquals("", state.apply(at("10.0.0.2", ""), 0).refusal());
    }

    @Test
    void anIdentityMayMoveOnceItsAddressIsForgottenOrAnothers() {
        state.apply(at(IP, "n1"), 0);
        assertEquals(ClusterState.Forgotten.YES, state.forget(IP, 20_000));
        assertEquals("", state.apply(at("10.0.0.2", "n1"), 20_001).refusal());
        state.apply(at("10.0.0.3", "n3"), 20_000);
        state.apply(at("10.0.0.3", "n4"), 40_000);
        assertEquals("", state.apply(at("10.0.0.4", "n3"), 40_001).refusal(), "n3's address is n4's now");
    }

    @Test
    void whatAnUnknownNodeSaysOfItselfDisturbsNobody() {
        state.apply(at(IP, "n1"), 0);

        assertFalse(state.down("10.0.0.9", 1_000));
        assertEquals(1, state.snapshot(1_000).nodes().size());
        assertEquals(0, node(1_000).downAt());
    }

    @Test
    void aKnownNodeIsToldAsItWouldBeStored() {
        state.apply(at(IP, "n1"), 5);

        assertEquals(
                new StoredNode(IP, "n1", 1971, "", 5, Map.of()), state.known(IP).orElseThrow());
        assertTrue(state.known("10.0.0.9").isEmpty());
    }

    @Test
    void nodesAndContainersOfOtherClustersAreNotOurs() {
        assertFalse(state.apply(report("n", "other"), 0).refusal().isEmpty());

        state.apply(report("n", "dinp", container("i1", "other", InstanceState.RUNNING)), 0);
        assertEquals(List.of(), states(0));
    }

    @Test
    void onlyNewsIsNews() {
        assertTrue(state.apply(report("n", "dinp"), 0).news());
        assertFalse(state.apply(report("n", "dinp"), 5_000).news());
        assertTrue(state.down(IP, 6_000));
        assertFalse(state.down(IP, 7_000));
        assertTrue(state.apply(report("n", "dinp"), 8_000).news());
    }

    @Test
    void anImageOrderIsUnderWayUntilAReportShowsItOrCannotHaveCrossedIt() {
        Action.Pull pull = new Action.Pull(IP, new ImageOrder("demo:2", "", "demo", "r2", "demo/1"));
        ImagePull pulling = new ImagePull("demo:2", "", "demo/1", PullState.PULLING, "");
        ImagePull ready = new ImagePull("demo:2", "sha256:1", "demo/1", PullState.READY, "");
        state.apply(report(List.of()), 0);
        state.sent(pull, 100);
        assertEquals(new Pulls(true, List.of(pulling)), node(100).pulls());
        assertEquals(List.of(), states(100), "no instance");
        state.settled(pull, new OrderResult.Accepted(), 110);
        assertTrue(state.apply(report(List.of(ready)), 120).news());
        assertEquals(new Pulls(true, List.of(ready)), node(120).pulls());

        state.sent(pull, 200);
        state.settled(pull, new OrderResult.Accepted(), 210);
        state.apply(report(List.of()), 300);
        assertEquals(1, node(300).pulls().all().size(), "composed before the order came");
        state.apply(report(List.of()), 3_000);
        assertEquals(List.of(), node(3_000).pulls().all(), "the agent has lost it in a restart");

        state.sent(pull, 3_100);
        state.settled(pull, new OrderResult.Refused("connection refused"), 3_200);
        assertEquals(List.of(), node(3_200).pulls().all());
        assertEquals(5_200, node(3_200).penaltyUntil());
    }

    @Test
    void anAgentThatSaysNothingOfImagesTakesNoSuchOrders() {
        state.apply(report("n", "dinp"), 0);
        assertFalse(node(0).pulls().known());
        state.apply(report(List.of()), 10);
        assertTrue(node(10).pulls().known());
    }

    @Test
    void aContainerOfTheOriginalIsKnownByItsAppName() {
        state.apply(report("", "", container("", "", null)), 0);

        Instance legacy = node(0).instances().get(0);
        assertTrue(legacy.legacy() && legacy.servable());
        assertEquals("c1", legacy.id());
    }

    private static NodeReport numbered(long seq, ContainerReport... containers) {
        return new NodeReport(
                IP,
                1000,
                List.of(containers),
                "n",
                "dinp",
                seq,
                "b",
                2000,
                100,
                1971,
                List.of(),
                Map.of(),
                List.of(),
                "",
                "");
    }

    @Test
    void aBeatThatWasOvertakenSaysNothing() {
        state.apply(numbered(500_000), 100);

        assertEquals(
                new ClusterState.Taken("", false),
                state.apply(numbered(499_999, container("i1", "dinp", InstanceState.RUNNING)), 200));
        assertEquals(List.of(), states(200), "it shows an instance that is gone");
        assertEquals(100, node(200).lastSeen());
        state.apply(numbered(500_001, container("i2", "dinp", InstanceState.RUNNING)), 300);
        assertEquals(1, states(300).size());
    }

    @Test
    void aNodeWhoseClockWasSetBackIsHeardAgain() {
        state.apply(numbered(500_000), 100);
        state.apply(numbered(100_000, container("i1", "dinp", InstanceState.RUNNING)), 200);
        assertEquals(1, states(200).size());
        state.apply(numbered(0), 300);
        assertEquals(List.of(), states(300), "an agent that does not count");
    }

    @Test
    void aNodeIsForgottenOnlyOnceItIsSilent() {
        state.apply(report("n1", "dinp"), 100);
        state.sent(start, 200);

        assertEquals(ClusterState.Forgotten.UNKNOWN, state.forget("10.0.0.9", 20_000));
        assertEquals(ClusterState.Forgotten.BEATS, state.forget(IP, 15_100));
        assertEquals(ClusterState.Forgotten.YES, state.forget(IP, 15_101));
        assertEquals(Map.of(), state.snapshot(15_101).nodes());
        state.apply(report("n1", "dinp"), 16_000);
        assertEquals(List.of(), states(16_000), "an order to the node as it was");
    }

    @Test
    void nodesOfMysqlAreKnownAndUnheard() {
        state.restore(List.of(new StoredNode(IP, "n", 1971, "ready", 5, Map.of())));

        assertFalse(node(0).reported());
        assertEquals(1, state.snapshot(0).stored());
    }

    @Test
    void whoCouldNotBeHeardYetHasNotBeenSilent() {
        ClusterState late = new ClusterState("dinp", 15_000, 0);
        late.listen(100_000);
        late.restore(List.of(new StoredNode("10.0.0.1", "n1", 1971, "ready", 5, Map.of())));

        RealState real = late.snapshot(100_001);
        assertEquals(100_000, real.since());
        assertEquals(100_000, real.nodes().get("10.0.0.1").lastSeen());
    }
}
