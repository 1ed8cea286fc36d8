package io.dinp.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.http.Reply;
import io.dinp.common.http.Request;
import io.dinp.server.core.AppRow;
import io.dinp.server.core.DesiredState;
import io.dinp.server.core.Samples;
import io.dinp.server.core.Situation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** When the question is not answered at all. */
class PlanApiTest {

    private static Situation situation(boolean warm) {
        AppRow row = new AppRow(1, "demo", "a:1", 256, 2, 0, "", 0, new TreeMap<>());
        return Samples.situation(DesiredState.of(List.of(row), List.of(), Samples.NAMING), new TreeMap<>(), warm);
    }

    private static Request asking(String body) {
        return new Request("POST", "/plan", Map.of(), Map.of(), body.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    private static String text(Reply reply) {
        return new String(reply.body(), StandardCharsets.UTF_8);
    }

    @Test
    void whileOthersAreBeingAnsweredOneIsToldToComeBack() {
        Reply reply = new PlanApi(0).plan(asking("{\"app\":\"demo\"}"), situation(true));
        assertEquals(429, reply.status());
        assertTrue(text(reply).contains("try again in a moment"), text(reply));
    }

    @Test
    void aSlotIsGivenBack() {
        PlanApi api = new PlanApi(1);
        for (int i = 0; i < 3; i++) {
            Reply reply = api.plan(asking("{\"app\":\"demo\",\"instances\":1}"), situation(true));
            assertEquals(200, reply.status(), text(reply));
            assertTrue(text(reply).contains("\"complete\":false"), "there is no node");
        }
    }

    @Test
    void beforeTheNodesHaveBeatenNothingCanBeForetold() {
        Reply reply = new PlanApi().plan(asking("{\"app\":\"demo\"}"), situation(false));
        assertEquals(503, reply.status());
        assertTrue(text(reply).contains("waits for the nodes to beat"), text(reply));
    }
}
