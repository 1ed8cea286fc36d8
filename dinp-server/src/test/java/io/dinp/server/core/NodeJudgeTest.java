package io.dinp.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class NodeJudgeTest {

    private static final long NOW = 1_000_000;
    private static final Policy POLICY = new Sim().policy;

    private static NodeView node(String ip, long silentMs, long downAt, boolean reported) {
        return new NodeView(
                ip, 1971, reported, NOW - silentMs, downAt, 1024, 0, 1024, Set.of(), Map.of(), 0, List.of());
    }

    private static Map<String, NodeStanding> judge(NodeView... nodes) {
        return judge(Map.of(), nodes);
    }

    private static Map<String, NodeStanding> judge(Map<String, NodeWish> wishes, NodeView... nodes) {
        SortedMap<String, NodeView> all = new TreeMap<>();
        for (NodeView node : nodes) {
            all.put(node.ip(), node);
        }
        return NodeJudge.judge(new RealState(0, nodes.length, all), wishes, POLICY, NOW);
    }

    @Test
    void silenceMakesANodeSuspectThenLost() {
        assertEquals(NodeStanding.READY, judge(node("a", 7_500, 0, true)).get("a"));
        assertEquals(NodeStanding.SUSPECT, judge(node("a", 7_501, 0, true)).get("a"));
        assertEquals(NodeStanding.SUSPECT, judge(node("a", 15_000, 0, true)).get("a"));
        assertEquals(NodeStanding.LOST, judge(node("a", 15_001, 0, true)).get("a"));
    }

    @Test
    void aNodeWhoseEngineIsAwayOrThatWasNeverHeardIsSuspect() {
        assertEquals(NodeStanding.SUSPECT, judge(node("a", 0, NOW, true)).get("a"));
        assertEquals(NodeStanding.SUSPECT, judge(node("a", 0, 0, false)).get("a"));
    }

    @Test
    void mostOfThreeFallingSilentTogetherIsTheServersOwnTrouble() {
        Map<String, NodeStanding> standings =
                judge(node("a", 20_000, 0, true), node("b", 25_000, 0, true), node("c", 0, 0, true));

        assertEquals(Map.of("a", NodeStanding.SUSPECT, "b", NodeStanding.SUSPECT, "c", NodeStanding.READY), standings);
    }

    @Test
    void oneOfThreeOrTwoFarApartAreReallyLost() {
        assertEquals(
                NodeStanding.LOST,
                judge(node("a", 20_000, 0, true), node("b", 0, 0, true), node("c", 0, 0, true))
                        .get("a"));
        assertEquals(
                NodeStanding.LOST,
                judge(node("a", 20_000, 0, true), node("b", 60_000, 0, true), node("c", 0, 0, true))
                        .get("a"));
    }

    @Test
    void ofTwoNodesBothMayBeLost() {
        assertEquals(
                Map.of("a", NodeStanding.LOST, "b", NodeStanding.LOST),
                judge(node("a", 20_000, 0, true), node("b", 20_000, 0, true)));
    }

    @Test
    void nodesLongDeadDoNotHideACut() {
        Map<String, NodeStanding> standings = judge(
                node("a", 20_000, 0, true),
                node("b", 20_000, 0, true),
                node("c", 0, 0, true),
                node("x", 900_000, 0, true),
                node("y", 800_000, 0, true));

        assertEquals(NodeStanding.SUSPECT, standings.get("a"));
    }
}
