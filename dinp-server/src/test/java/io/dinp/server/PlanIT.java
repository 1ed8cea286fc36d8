package io.dinp.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.dinp.common.config.Secret;
import io.dinp.common.http.JsonClient;
import io.dinp.common.json.Json;
import io.dinp.common.testing.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The answer to "what if", and that asking does nothing. */
class PlanIT extends DeployedApp {

    private JsonNode ask(Map<String, Object> question) throws Exception {
        JsonClient.Response response = server.client.send("POST", server.uri("/plan"), question);
        assertEquals(200, response.status(), response.text());
        return Json.read(response.body(), JsonNode.class);
    }

    private String refusal(int status, Object question) throws Exception {
        JsonClient.Response response = server.client.send("POST", server.uri("/plan"), question);
        assertEquals(status, response.status(), response.text());
        return response.message();
    }

    @Test
    void whatWouldHappenIsToldAndNothingHappens() throws Exception {
        Await.until(
                SOON, "all is stored", () -> server.number("select count(*) from event where kind = 'deployed'") == 1);
        String before = everything();

        JsonNode deploy = ask(Map.of("app", "demo", "image", "demo:2", "memory", 256, "instances", 3));
        assertTrue(deploy.path("complete").asBoolean(), deploy.toString());
        assertEquals("deploy", deploy.path("steps").path(0).path("kind").asText());
        JsonNode outcome = deploy.path("apps").path(0);
        assertEquals("demo", outcome.path("app").asText());
        assertEquals(
                List.of(3, 2, 3),
                List.of(
                        outcome.path("wanted").asInt(),
                        outcome.path("before").asInt(),
                        outcome.path("after").asInt()));
        assertEquals("", outcome.path("waiting").asText());
        assertTrue(deploy.path("summary").asText().contains("3 instances of 256 MB of demo:2"), deploy.toString());

        JsonNode down = ask(Map.of("nodeDown", agent.ip));
        assertFalse(down.path("complete").asBoolean(), down.toString());
        assertEquals(0, down.path("apps").path(0).path("after").asInt());
        assertTrue(down.path("summary").asText().contains("would not be served until"), down.toString());

        JsonNode large = ask(Map.of("app", "demo", "memory", 10240));
        assertFalse(large.path("complete").asBoolean());
        assertTrue(large.path("apps").path(0).path("waiting").asText().contains("needs 10240 MB"), large.toString());

        assertEquals(before, everything());
    }

    /** All that a change could have touched: orders given, rows, routes, and what the server says of the app. */
    private String everything() {
        StringBuilder all = new StringBuilder("orders=" + agent.orders.get() + " instances=" + agent.instances());
        for (String table : List.of("app", "revision", "rollout", "event", "failure", "exit_log")) {
            all.append(' ').append(table).append('=').append(server.number("select count(*) from " + table));
        }
        all.append(" deploys=").append(server.number("select sum(deploy_seq + status + instance + memory) from app"));
        all.append(" version=").append(server.redis.get("/meta/version"));
        all.append(" routes=").append(server.routed("demo"));
        all.append(" status=")
                .append(server.get("/status/demo").path("instances").findValuesAsText("id"));
        return all.toString();
    }

    @Test
    void aQuestionThatCannotBeAnsweredIsRefusedWithItsReason() throws Exception {
        assertTrue(refusal(404, Map.of("app", "unknown")).contains("no app unknown"));
        assertTrue(refusal(404, Map.of("nodeDown", "10.9.9.9")).contains("no node 10.9.9.9"));
        assertTrue(refusal(400, Map.of()).contains("nothing is asked"));
        assertTrue(refusal(400, Map.of("app", "demo", "nodeDown", agent.ip)).contains("both given"));
        assertTrue(refusal(400, Map.of("app", "demo", "memory", 64)).contains("memory is 64 MB: give 128 to 10240"));
        assertTrue(refusal(400, Map.of("app", "demo", "instances", -1)).contains("instance is -1: give 0 to 1000"));
        assertTrue(refusal(400, Map.of("app", "demo", "image", " ")).contains("image is"));
        assertTrue(
                refusal(400, Map.of("app", "demo", "image", "no such//image")).contains("no such//image"));
        assertTrue(refusal(400, Map.of("app", "demo", "memory", "much")).contains("body is no such JSON object"));
        JsonClient stranger = new JsonClient("server", Secret.NONE, Duration.ofSeconds(5));
        assertEquals(401, server.statusOf(stranger, "POST", "/plan", Map.of("app", "demo")));
    }
}
