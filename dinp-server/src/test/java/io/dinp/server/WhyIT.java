package io.dinp.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.dinp.common.config.Secret;
import io.dinp.common.http.JsonClient;
import io.dinp.common.testing.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the server says when it is asked why, and what it keeps of instances that are gone. */
class WhyIT extends DeployedApp {

    private JsonNode exits(String app) {
        return server.get("/app/" + app + "/exits");
    }

    /** The newest decision of a kind, which is stored a moment after it was taken. */
    private JsonNode decision(String app, String kind) {
        String path = "/app/" + app + "/why";
        Await.until(
                SOON,
                kind + " is told",
                () -> server.get(path).findValuesAsText("kind").contains(kind));
        for (JsonNode decision : server.get(path).path("decisions")) {
            if (decision.path("kind").asText().equals(kind)) {
                return decision;
            }
        }
        throw new AssertionError("no decision " + kind);
    }

    @Test
    void aCrashIsKeptWithItsLastOutputAndOutlivesItsApp() throws Exception {
        String endpoint = server.routed("demo").get(0);
        agent.kill(endpoint);
        Await.until(
                SOON,
                "its output is kept",
                () -> exits("demo").size() == 1
                        && exits("demo").path(0).path("log").size() == 2);

        JsonNode exit = exits("demo").path(0);
        assertEquals("exit", exit.path("stage").asText());
        assertEquals(137, exit.path("exitCode").asInt());
        assertEquals(agent.ip, exit.path("node").asText());
        assertEquals("out of luck", exit.path("log").path(1).asText());
        assertEquals(64, exit.path("revision").asText().length());
        assertTrue(exit.path("at").asLong() > 0);
        assertEquals(
                "137",
                decision("demo", "exited").path("inputs").path("exit code").asText());

        Await.until(SOON, "replaced", () -> server.routed("demo").size() == 2);
        assertEquals(2, agent.instances().size(), "what was left of it is gone");
        server.sql("delete from app where name = 'demo'");
        Await.until(SOON, "stopped", () -> agent.instances().isEmpty());
        assertEquals(1, exits("demo").size());
        assertTrue(server.get("/app/demo/why").path("summary").asText().contains("no such app"));
    }

    @Test
    void aSickInstanceLeavesItsLastOutputToo() throws Exception {
        String sick = agent.instances().get(0);
        assertEquals(
                202,
                server.statusOf(server.client, "POST", "/instance/" + sick + "/replace", Map.of("reason", "says 500")));
        Await.until(SOON, "replaced", () -> !agent.instances().contains(sick));

        Await.until(
                SOON,
                "kept",
                () -> exits("demo").size() == 1
                        && exits("demo").path(0).path("log").size() == 2);
        assertEquals("health", exits("demo").path(0).path("stage").asText());
        assertEquals("says 500", exits("demo").path(0).path("reason").asText());
        assertEquals(sick, exits("demo").path(0).path("instance").asText());
        assertEquals(
                "says 500",
                decision("demo", "drain").path("inputs").path("health").asText());
        JsonNode stop = decision("demo", "stop").path("inputs");
        assertEquals("1 of 1", stop.path("routers that know").asText());
        assertEquals("0", stop.path("requests in flight").asText());
    }

    @Test
    void theAnswerToWhyNamesWhatIsMissing() throws Exception {
        JsonNode start = decision("demo", "start").path("inputs");
        assertEquals("2", start.path("wanted").asText());
        assertEquals("1 of 1 that take instances", start.path("nodes with room").asText());
        assertEquals("128 MB", start.path("memory").asText());
        assertTrue(
                server.get("/app/demo/why").path("summary").asText().contains("wants 2 instances, and as many serve"));

        server.sql("insert into app(name,creator,image,memory,instance) values('big',1,'big:1',10240,1)");
        Await.until(SOON, "it waits", () -> server.statusField("big", "reason").contains("10240"));
        String summary = server.get("/app/big/why").path("summary").asText();
        assertTrue(summary.contains("big wants 1 instance, 0 serve"), summary);
        assertTrue(summary.contains("needs 10240 MB"), summary);
        Await.until(
                SOON,
                "told",
                () -> !server.get("/app/big/why").findValuesAsText("kind").isEmpty());
        assertEquals(
                "10240 MB",
                decision("big", "waiting").path("inputs").path("memory").asText());
        assertEquals(List.of("waiting", "deploy"), server.get("/app/big/why").findValuesAsText("kind"));
        assertEquals(1, server.get("/app/big/why?limit=1").path("decisions").size());
    }

    @Test
    void onlyKnownAppsLimitsAndTheTokensOwner() throws Exception {
        JsonClient stranger = new JsonClient("server", Secret.NONE, Duration.ofSeconds(5));
        for (String what : List.of("why", "exits")) {
            assertEquals(404, server.statusOf(server.client, "GET", "/app/unknown/" + what, null));
            assertEquals(401, server.statusOf(stranger, "GET", "/app/demo/" + what, null));
            assertEquals(400, server.statusOf(server.client, "GET", "/app/demo/" + what + "?limit=0", null));
            assertEquals(200, server.statusOf(server.client, "GET", "/app/demo/" + what, null));
        }
    }
}
