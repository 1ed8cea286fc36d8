package io.dinp.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.dinp.common.config.Secret;
import io.dinp.common.http.JsonClient;
import io.dinp.common.testing.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What an operator may say to a deploy, with MySQL as its memory. */
class DeployIT extends DeployedApp {

    private int say(String command) throws IOException {
        return server.statusOf(server.client, "POST", "/app/demo/" + command, null);
    }

    @Test
    void aDeployIsPausedResumedAndCancelled() throws Exception {
        assertEquals(409, say("pause"), "nothing is under way");
        server.sql("update app set image = 'demo:2', bake_seconds = 3600 where name = 'demo'");
        Await.until(SOON, "a new one bakes", () -> agent.images().contains("demo:2"));

        assertEquals(202, say("pause"));
        awaitStatus("reason", "paused by command");
        Await.until(SOON, "the pause is stored", () -> server.number("select paused from rollout") == 1);
        server.restart();
        awaitStatus("reason", "paused by command");

        assertEquals(202, say("resume"));
        Await.until(SOON, "it goes on", () -> server.number("select paused from rollout") == 0);
        assertEquals(202, say("cancel"));
        awaitStatus("state", "failed");
        awaitStatus("reason", "cancelled by command");
        Await.until(SOON, "told in the row", () -> server.number("select status from app") == 3);
        Await.until(SOON, "as before", () -> agent.images().equals(List.of("demo:1", "demo:1")));
        assertEquals(409, say("cancel"));
        assertTrue(server.get("/events?app=demo")
                .findValuesAsText("kind")
                .containsAll(List.of("paused", "resumed", "deploy-failed")));

        server.sql("update app set bake_seconds = 0, status = 0 where name = 'demo'");
        Await.until(SOON, "deployed after all", () -> agent.images().equals(List.of("demo:2", "demo:2")));
    }

    @Test
    void aRollbackRestoresImageMemoryAndEnvironmentTogether() throws Exception {
        String first = newestOf(1);
        server.sql("insert into env(k,v,app_id,app_name) select 'K', 'v', id, name from app");
        server.sql("update app set image = 'demo:2', memory = 256, deploy_seq = 7 where name = 'demo'");
        Await.until(SOON, "the second", () -> agent.images().equals(List.of("demo:2", "demo:2")));
        String second = newestOf(2);
        awaitStatus("lastGood", second.substring(0, 8));
        JsonNode shown = server.get("/app/demo/revisions").path(0);
        assertEquals("K", shown.path("envKeys").path(0).asText());
        assertFalse(shown.toString().contains("\"v\""), "values may be secrets");

        assertEquals(409, rollBack(second), "that is what runs");
        assertEquals(404, rollBack("000000"));
        assertEquals(400, rollBack("x"));
        assertEquals(202, rollBack(first));
        Await.until(SOON, "back", () -> agent.images().equals(List.of("demo:1", "demo:1")));
        awaitStatus("lastGood", first.substring(0, 8));
        assertEquals(1, server.number("select count(*) from app where image = 'demo:1' and memory = 128"));
        assertEquals(0, server.number("select count(*) from env"));
        assertEquals(1, server.number("select count(*) from history where image = 'demo:1' and user_name = 'ann'"));
    }

    /**
     * Waits until so many revisions are stored; the id of the newest. There may be more: a change made by two statements may be
     * read between them.
     */
    private String newestOf(int count) {
        Await.until(
                SOON,
                count + " revisions stored",
                () -> server.get("/app/demo/revisions").size() >= count);
        return server.get("/app/demo/revisions").path(0).path("revision").asText();
    }

    private int rollBack(String revision) throws IOException {
        return server.statusOf(
                server.client, "POST", "/app/demo/rollback", Map.of("revision", revision, "user", "ann"));
    }

    @Test
    void onlyTheTokensOwnersCommandAndOnlyKnownApps() throws Exception {
        JsonClient stranger = new JsonClient("server", Secret.NONE, Duration.ofSeconds(5));
        for (String command : List.of("cancel", "pause", "resume", "rollback")) {
            assertEquals(401, server.statusOf(stranger, "POST", "/app/demo/" + command, null));
            assertEquals(404, server.statusOf(server.client, "POST", "/app/unknown/" + command, null));
        }
    }
}
