package io.dinp.dash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.web.Browser;
import io.dinp.web.TestDatabase;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Deploys under way, failed, taken back and foretold: what the pages show, and what the server is asked to do. */
class DashRolloutIT {
    private static final String GOOD = "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f809";

    private static DashSite site;
    private static TestDatabase database;
    private static FakeServer server;
    private static Browser ann;

    private String app;

    @BeforeAll
    static void signOn() {
        site = DashSite.shared();
        database = site.database;
        server = site.server;
        ann = site.signedOn("ann");
    }

    @BeforeEach
    void annHasAnApp() {
        for (String table : List.of("app", "env", "history", "rollout")) {
            database.run("delete from " + table);
        }
        server.forget();
        site.json(ann, "/app/create", Map.of("name", "demo", "image", "r/ann/demo:1"), 200);
        app = database.ask("select id from app");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cancel", "pause", "resume"})
    void aWordToTheDeployGoesToTheServer(String word) {
        assertEquals(303, site.form(ann, "/app/" + word + "/" + app).status());
        assertEquals(List.of("/app/demo/" + word), server.orders);
        assertEquals("{\"msg\":\"\"}", site.json(ann, "/app/" + word + "/" + app, Map.of(), 200));
    }

    @Test
    void whatTheServerRefusesIsSaidInItsWordsOnTheSamePage() {
        server.say("/app/demo/cancel", 409, "{\"msg\":\"no deploy of demo is under way\"}");
        Browser.Page page = site.form(ann, "/app/cancel/" + app);
        assertEquals(409, page.status());
        assertTrue(page.body().contains("The server refused: no deploy of demo is under way"), page.body());
        assertTrue(page.body().contains("class=\"facts\""), "it is the app's own page");
        server.say("/app/demo/pause", 500, "{}");
        assertTrue(site.json(ann, "/app/pause/" + app, Map.of(), 503).contains("answered 500"));
    }

    @Test
    void aDeployUnderWayCanBePausedAndCancelledAndAPausedOneResumed() throws IOException {
        String baking = FakeServer.file("status")
                .replace("\"no room\"", "\"baking: 10 s\"")
                .replace("4102444800000", "0");
        server.say("/status/demo", 200, baking);
        String page = page("instance");
        assertTrue(page.contains("badge baking") && page.contains(">10 s<"), page);
        assertTrue(page.contains("/app/pause/") && page.contains("/app/cancel/") && !page.contains("/app/resume/"));
        assertFalse(page.contains("/app/replace/"), "an instance of a deploy is not restarted");
        server.say("/status/demo", 200, baking.replace("\"paused\": false", "\"paused\": true"));
        String paused = page("deploy");
        assertTrue(paused.contains("badge paused") && paused.contains("/app/resume/"), paused);
        assertFalse(paused.contains("/app/pause/"));
        server.say("/status/demo", 503, "{\"msg\":\"stopping\"}");
        database.run("insert into rollout (app_name, target, state, reason, started_at, deadline, updated_at)"
                + " values ('demo', 'x', 'done', 'no room for one more', 0, 0, 0)");
        String silent = page("instance");
        assertTrue(silent.contains("badge running") && silent.contains("no room for one more"), "what it said last");
    }

    @Test
    void aFailureIsShownWithAllThatIsKnownOfIt() throws IOException {
        server.say("/status/demo", 200, FakeServer.file("failed"));
        database.run("update app set status = 3");
        for (String path : List.of("instance", "deploy")) {
            String page = page(path);
            for (String part : List.of(
                    "The deploy failed because the app ended by itself",
                    "exit code 137 after 3 s; last probe: connection refused",
                    "10.0.0.2",
                    "demo-7c1",
                    "<dd>137</dd>",
                    "ran out: give it more than 256 MB",
                    "The last 3 lines of its output",
                    "&lt;b&gt;loading&lt;/b&gt; the model\njava.lang.OutOfMemoryError: Java heap space",
                    "1a2b3c4d")) {
                assertTrue(page.contains(part), part + " in " + page);
            }
            assertFalse(page.contains("/app/cancel/"), "nothing is under way");
        }
        assertTrue(page("instance").contains("Try again"));
    }

    @Test
    void aRestartRaisesTheNumberOfTheDeployAndSaysSoInTheHistory() throws IOException {
        server.say("/status/demo", 200, FakeServer.file("failed"));
        assertTrue(page("instance").contains("/app/restart/"));
        assertEquals(303, site.form(ann, "/app/restart/" + app).status());
        assertEquals("1|0", database.ask("select concat_ws('|', deploy_seq, status) from app"));
        assertEquals(
                "restart|ann", database.ask("select concat_ws('|', resume, user_name) from history order by id desc"));
        database.run("update app set instance = 0");
        assertTrue(site.json(ann, "/app/restart/" + app, Map.of(), 409).contains("scale it instead"));
    }

    @Test
    void oneInstanceOfTheAppsOwnIsReplaced() throws IOException {
        server.say("/status/demo", 200, FakeServer.file("failed"));
        assertTrue(page("instance").contains("name=\"instance\" value=\"i2\""));
        assertEquals(
                303, site.form(ann, "/app/replace/" + app, "instance", "i2").status());
        String order = server.orders.get(0);
        assertTrue(order.startsWith("/instance/i2/replace ") && order.contains("restart asked for by ann"), order);
        assertTrue(order.contains("\"restart\":true"), "a well instance is asked for, not called sick");
        site.json(ann, "/app/replace/" + app, Map.of("instance", "of-bob"), 404);
        site.json(ann, "/app/replace/" + app, Map.of(), 400);
        assertEquals(1, server.orders.size(), "no instance but the app's own is named to the server");
        server.say("/status/demo", 503, "{\"msg\":\"not yet\"}");
        assertTrue(site.json(ann, "/app/replace/" + app, Map.of("instance", "i2"), 503)
                .contains("not yet"));
    }

    @Test
    void revisionsShowNamesOfVariablesAndAreAWayBack() {
        site.json(ann, "/env/add", Map.of("app_id", app, "k", "A", "v", "top-secret"), 200);
        String page = page("revisions");
        for (String part :
                List.of("last good", "wanted", "1a2b3c4d", "r/a:1", "256 MB", "DB_URL", "2025-11-24 16:00 UTC")) {
            assertTrue(page.contains(part), part + " in " + page);
        }
        assertTrue(page.contains("without <span class=\"mono\">A</span>"), page);
        assertFalse(page.contains("top-secret"), "values stay on the page for them");
        assertEquals(
                303, site.form(ann, "/app/rollback/" + app, "revision", GOOD).status());
        String order = server.orders.get(0);
        assertTrue(order.startsWith("/app/demo/rollback ") && order.contains("\"revision\":\"" + GOOD + "\""), order);
        assertTrue(order.contains("\"user\":\"ann\""), order);
        assertTrue(site.json(ann, "/app/rollback/" + app, Map.of("revision", "../x"), 400)
                .contains("hexadecimal"));
        server.say("/app/demo/rollback", 409, "{\"msg\":\"revision 1a2b3c4d is what demo runs already\"}");
        Browser.Page refused = site.form(ann, "/app/rollback/" + app, "revision", GOOD);
        assertEquals(409, refused.status());
        assertTrue(refused.body().contains("is what demo runs already")
                && refused.body().contains("Go back"));
    }

    @Test
    void theLastWordsOfDeadInstancesAreShownEscaped() {
        String page = page("exits");
        for (String part : List.of(
                "Out of memory",
                "Ended with exit code 1",
                "out of memory at 256 MB",
                "&lt;b&gt;loading&lt;/b&gt; the model",
                "KeyError: &#39;DB_URL&#39;",
                "while the image was pulled",
                "It left no output.")) {
            assertTrue(page.contains(part), part + " in " + page);
        }
    }

    @Test
    void decisionsAreShownNewestFirstWithTheirInputs() {
        String page = page("why");
        assertTrue(page.contains("demo wants 3 instances, 2 serve"), page);
        assertTrue(page.contains("&lt;b&gt;2304 MB"), page);
        assertTrue(page.indexOf("instance started") < page.indexOf("node lost"), page);
    }

    @ParameterizedTest
    @CsvSource({"exits", "why", "revisions"})
    void aServerWithoutTheAnswerIsSaidToBeSo(String page) {
        server.say("/app/demo/" + page, 404, "{\"msg\":\"there is no /app/demo/" + page + " here\"}");
        String old = page(page);
        assertTrue(old.contains("older than this dashboard") && old.contains("there is no /app/demo/" + page), old);
        server.say("/app/demo/" + page, 503, "{\"msg\":\"the server has not read the desired state yet\"}");
        assertTrue(page(page).contains("has not read the desired state yet"));
        server.say("/app/demo/" + page, 200, "<html>");
        assertTrue(page(page).contains("of different versions"));
    }

    @Test
    void aPreviewAsksThePlannerAndChangesNothing() {
        String before = database.ask("select concat_ws('|', image, memory, instance, deploy_seq) from app");
        Browser.Page page = site.form(
                ann, "/app/plan/" + app, "image", "r/ann/demo:2", "memory", "512", "instance", "3", "resume", "bigger");
        assertEquals(200, page.status());
        assertEquals(1, server.orders.size());
        for (String part :
                List.of("\"app\":\"demo\"", "\"image\":\"r/ann/demo:2\"", "\"memory\":512", "\"instances\":3")) {
            assertTrue(server.orders.get(0).contains(part), server.orders.get(0));
        }
        String body = page.body();
        assertTrue(body.contains("value=\"r/ann/demo:2\"") && body.contains("value=\"bigger\""), "the form is kept");
        assertTrue(body.contains("it would not work out") && body.contains("a new one serves"), body);
        assertFalse(body.contains("secret-of-bob"), "other people's apps are not named");
        assertTrue(body.contains("demo would serve with 3 of 3. 1 other app would be affected."), body);
        assertTrue(body.contains("node lost") && body.contains("10.0.0.3"), "a node is nobody's");
        assertEquals(before, database.ask("select concat_ws('|', image, memory, instance, deploy_seq) from app"));
        String json = site.json(ann, "/app/plan/" + app, Map.of("image", "r/ann/demo:2"), 200);
        assertTrue(json.startsWith("{\"msg\":\"\",\"plan\":{\"complete\":false") && !json.contains("bob"), json);
    }

    @Test
    void aPreviewThatCannotBeMadeSaysWhy() {
        assertEquals(
                400, site.form(ann, "/app/plan/" + app, "image", "Bad Image").status());
        assertEquals(List.of(), server.orders);
        server.say("/plan", 400, "{\"msg\":\"memory is 20000: give 4 to 10240\"}");
        assertTrue(site.form(ann, "/app/plan/" + app, "image", "r/ann/demo:2")
                .body()
                .contains("There is no preview. The server refused: memory is 20000"));
        server.say("/plan", 404, "{\"msg\":\"there is no /plan here\"}");
        Browser.Page page = site.form(ann, "/app/plan/" + app, "image", "r/ann/demo:2");
        assertEquals(200, page.status());
        assertTrue(page.body().contains("There is no preview."), page.body());
        site.json(ann, "/app/plan/" + app, Map.of("image", "r/ann/demo:2"), 503);
    }

    @Test
    void howDeploysAreRolledIsEditedWithClearMessages() {
        assertEquals(
                303,
                site.form(ann, "/app/edit/" + app, "surge", "2", "unavailable", "1", "bake_seconds", "30")
                        .status());
        String page = page("edit");
        assertTrue(
                page.contains(
                        "name=\"surge\" type=\"number\" inputmode=\"numeric\" min=\"0\" max=\"1000\" value=\"2\""),
                page);
        Browser.Page refused = site.form(ann, "/app/edit/" + app, "surge", "0", "unavailable", "0");
        assertEquals(400, refused.status());
        assertTrue(refused.body().contains("leave a deploy no way to go on"), refused.body());
        Browser.Page nowhere = site.form(ann, "/app/edit/" + app, "constraints", "zone=a, disk=");
        assertEquals(400, nowhere.status());
        assertTrue(
                nowhere.body().contains("&#39;disk=&#39; is no term; write label=value or label!=value"),
                nowhere.body());
        assertEquals(
                303, site.form(ann, "/app/edit/" + app, "constraints", "zone=a").status());
        assertTrue(page("edit").contains("value=\"zone=a\""));
        assertEquals(
                "2|1|30|zone=a",
                database.ask("select concat_ws('|', surge, unavailable, bake_seconds, constraints) from app"));
    }

    private String page(String tab) {
        Browser.Page page = ann.get(site.url + "/app/" + tab + "/" + app);
        assertEquals(200, page.status(), page.body());
        return page.body();
    }
}
