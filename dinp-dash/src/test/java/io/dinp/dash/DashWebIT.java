package io.dinp.dash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.jfinal.core.JFinal;
import io.dinp.common.testing.Await;
import io.dinp.web.Access;
import io.dinp.web.Browser;
import io.dinp.web.Guard;
import io.dinp.web.TestDatabase;
import io.dinp.web.Verb;
import io.dinp.web.Who;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The dashboard over HTTP: what its users can do, and rights on every route. */
class DashWebIT {
    private static DashSite site;
    private static TestDatabase database;
    private static FakeServer server;
    private static String dash;
    private static Browser ann;
    private static Browser bob;
    private static Browser carol;

    private String app;
    private String env;
    private String domain;

    @BeforeAll
    static void signOn() {
        site = DashSite.shared();
        database = site.database;
        server = site.server;
        dash = site.url;
        ann = site.signedOn("ann");
        bob = site.signedOn("bob");
        carol = site.signedOn("carol");
    }

    @BeforeEach
    void annHasAnApp() {
        for (String table : List.of("app", "env", "history", "domain")) {
            database.run("delete from " + table);
        }
        server.forget();
        assertEquals(
                "{\"msg\":\"",
                json(ann, "/app/create", Map.of("name", "demo", "image", "r/ann/demo:1"), 200)
                        .substring(0, 8));
        app = database.ask("select id from app");
        json(ann, "/env/add", Map.of("app_id", app, "k", "A", "v", "1"), 200);
        env = database.ask("select id from env");
        json(ann, "/domain/create", Map.of("domain", "www.example.com"), 200);
        domain = database.ask("select id from domain");
    }

    @Test
    void aUserDoesEverythingByForms() {
        assertEquals(
                303,
                form(ann, "/app/deploy/" + app, "image", "r/ann/demo:2", "memory", "512")
                        .status());
        assertEquals(303, form(ann, "/app/scale/" + app, "instance", "3").status());
        assertEquals(303, form(ann, "/app/edit/" + app, "health", "/health").status());
        assertEquals(303, form(ann, "/domain/bind/" + domain, "app_id", app).status());
        assertEquals(
                "r/ann/demo:2|512|3|/health|demo",
                database.ask("select concat_ws('|', image, memory, instance, health, app_name) from app, domain"));
        assertEquals(303, form(ann, "/domain/unbind/" + domain).status());
        assertEquals(303, form(ann, "/env/delete", "id", env).status());
        assertEquals(303, form(ann, "/domain/delete/" + domain).status());
        assertEquals(303, form(ann, "/app/delete/" + app).status());
        assertEquals("0", database.ask("select count(*) from app"));
    }

    @Test
    void theServerIsToldOfEachChange() {
        int before = server.signals.get();
        json(ann, "/app/scale/" + app, Map.of("instance", "2"), 200);
        Await.until(Duration.ofSeconds(5), "a signal", () -> server.signals.get() > before);
    }

    @Test
    void everyPageOpensAndAnswersToNobodyElse() {
        for (String path : List.of(
                "/app",
                "/app/create",
                "/app/instance/" + app,
                "/app/deploy/" + app,
                "/app/scale/" + app,
                "/app/env/" + app,
                "/app/domain/" + app,
                "/app/history/" + app,
                "/app/revisions/" + app,
                "/app/exits/" + app,
                "/app/why/" + app,
                "/app/edit/" + app,
                "/app/delete/" + app,
                "/domain",
                "/domain/create",
                "/domain/edit/" + domain,
                "/domain/bind/" + domain,
                "/api/instances/" + app,
                "/api/status/" + app)) {
            assertEquals(200, ann.get(dash + path).status(), path);
            assertEquals(303, Browser.ofPerson().get(dash + path).status(), path);
        }
        String page = ann.get(dash + "/app/instance/" + app).body();
        assertTrue(page.contains("exit code 1 &lt;b&gt;"), "the reason is shown, escaped");
        assertTrue(page.contains("Crashed 4 times; the next try is in"), "a crash loop is shown with its countdown");
        assertEquals(
                "[{\"Id\":\"c1\"}]", ann.get(dash + "/api/instances/" + app).body());
    }

    @Test
    void whatBelongsToOthersDoesNotExistOnAnyRoute() {
        String before = everything();
        Map<Class<?>, String> ids = new LinkedHashMap<>();
        ids.put(io.dinp.dash.core.App.class, app);
        ids.put(io.dinp.dash.core.EnvVar.class, env);
        ids.put(io.dinp.dash.core.Domain.class, domain);
        int walked = 0;
        for (String key : JFinal.me().getAllActionKeys()) {
            Access access = accessOf(key);
            for (Verb verb : access.value()) {
                if (ids.containsKey(access.of())) {
                    assertEquals(
                            404,
                            request(bob, key, access, verb, ids.get(access.of()))
                                    .status(),
                            verb + " " + key);
                    walked++;
                }
            }
        }
        assertTrue(walked >= 28, "only " + walked + " routes with an object");
        assertEquals(before, everything());
        assertEquals(List.of(), server.orders, "the server heard nothing of it");
    }

    @Test
    void whatIsForAdministratorsDoesNotExistForOthersOnAnyRoute() {
        int walked = 0;
        for (String key : JFinal.me().getAllActionKeys()) {
            Access access = accessOf(key);
            if (access.who() == Who.ADMIN) {
                for (Verb verb : access.value()) {
                    assertEquals(
                            404, request(ann, key, access, verb, "10.0.0.1").status(), verb + " " + key);
                    assertTrue(request(carol, key, access, verb, "10.0.0.1").status() < 400, verb + " " + key);
                    walked++;
                }
            }
        }
        assertTrue(walked >= 6, "only " + walked + " routes for administrators");
    }

    @Test
    void everyRouteNeedsASignOnItsMethodAndForChangesAToken() {
        String before = everything();
        for (String key : JFinal.me().getAllActionKeys()) {
            Access access = accessOf(key);
            String path = dash + key + (access.of() != Void.class && access.by().isEmpty() ? "/1" : "");
            Browser script = Browser.ofScript(Browser.ofPerson());
            for (Verb verb : Verb.values()) {
                boolean allowed = Arrays.asList(access.value()).contains(verb);
                int status = script.send(verb.name(), path, verb == Verb.POST ? Map.of() : null, Map.of())
                        .status();
                if (!allowed) {
                    assertEquals(405, status, verb + " " + key);
                } else if (access.who() != Who.ANYONE) {
                    assertEquals(401, status, verb + " " + key);
                }
                if (allowed && verb == Verb.POST) {
                    assertEquals(
                            403,
                            Browser.ofScript(access.who() == Who.ADMIN ? carol : ann)
                                    .post(path, Map.of("csrf", "0"))
                                    .status(),
                            key);
                }
            }
            assertEquals(405, script.send("DELETE", path, null, Map.of()).status(), key);
        }
        assertEquals(before, everything());
    }

    @Test
    void objectsNamedInFormsAreCheckedToo() {
        json(bob, "/app/create", Map.of("name", "bobs", "image", "r/bob/bobs:1"), 200);
        json(bob, "/domain/create", Map.of("domain", "bob.example.com"), 200);
        String bobsApp = database.ask("select id from app where name = 'bobs'");
        String bobsDomain = database.ask("select id from domain where domain like 'bob%'");
        String annsDeploy = database.ask("select id from history where app_name = 'demo'");
        json(bob, "/domain/bind/" + bobsDomain, Map.of("app_id", app), 404);
        json(bob, "/app/deploy/" + bobsApp, Map.of("image", "x:1", "history", annsDeploy), 404);
        assertEquals(
                404,
                bob.get(dash + "/app/deploy/" + bobsApp + "?history=" + annsDeploy)
                        .status());
        assertEquals(
                404,
                ann.get(dash + "/app/deploy/" + app + "?history=" + annsDeploy + "x")
                        .status());
        assertTrue(
                json(bob, "/app/edit/" + bobsApp, Map.of("team_id", "7"), 400).contains("not a member"));
    }

    @Test
    void teamMembersShareAndLeaveTogether() {
        database.run("insert into team (id, name, creator) values (50, 'web', 1)");
        database.run("insert into rel_team_user (tid, uid) select 50, id from user where name = 'bob'");
        database.run("update app set team_id = 50, team_name = 'web'");
        assertEquals(200, bob.get(dash + "/app/env/" + app).status());
        assertTrue(bob.get(dash + "/app").body().contains(">demo</a>"));
        json(bob, "/app/scale/" + app, Map.of("instance", "2"), 200);
        database.run("delete from rel_team_user");
        assertEquals(404, bob.get(dash + "/app/env/" + app).status());
    }

    @Test
    void theListIsSearchedByName() {
        json(ann, "/app/create", Map.of("name", "shop", "image", "r/ann/shop:1"), 200);
        String all = ann.get(dash + "/app").body();
        assertTrue(all.contains(">demo</a>") && all.contains(">shop</a>") && !all.contains("type=\"search\""), all);
        String found = ann.get(dash + "/app?query=sho").body();
        assertTrue(found.contains(">shop</a>") && !found.contains(">demo</a>"), found);
        assertTrue(found.contains("/app?part=1&query=sho"), "it stays the search when it looks again");
        assertTrue(ann.get(dash + "/app?query=%25").body().contains("None of your apps has '%'"));
        assertTrue(
                bob.get(dash + "/app?query=demo").body().contains("No such app"), "a search shows nothing of others");
    }

    @Test
    void badInputIsNamedAndKept() {
        String msg = json(ann, "/app/create", Map.of("name", "Not_A_Label", "memory", "64", "image", "r/x:1"), 400);
        assertTrue(msg.contains("Not_A_Label") && msg.contains("128 to 10240"), msg);
        assertTrue(
                json(ann, "/domain/create", Map.of("domain", "x.apps.io"), 400).contains("platform's own domain"));
        Browser.Page page = form(ann, "/app/create", "name", "Not_A_Label", "memory", "300");
        assertEquals(400, page.status());
        assertTrue(page.body().contains("value=\"Not_A_Label\"") && page.body().contains("value=\"300\""));
        assertTrue(
                page.body()
                                .contains(
                                        "value=\"Not_A_Label\" autocomplete=\"off\" aria-invalid=\"true\" aria-describedby=\"name-note\">")
                        && page.body().contains("class=\"wrong\" id=\"name-note\""),
                page.body());
        assertEquals(409, form(ann, "/app/create", "name", "demo").status());
    }

    @Test
    void unknownPathsAreNotFoundAndTellNothing() {
        for (String path : List.of(
                "/nope",
                "/app/nope/1",
                "/app/instance/1/2",
                "/static/../etc/passwd",
                "/app.jsp",
                "/app/instance",
                "/app/instance/x",
                "/app/instance/99999999999999")) {
            Browser.Page page = ann.get(dash + path);
            assertEquals(404, page.status(), path);
            assertFalse(page.body().toLowerCase(java.util.Locale.ROOT).contains("jfinal"), path);
        }
        assertEquals(
                "{\"msg\":\"not found\"}",
                Browser.ofScript(ann).get(dash + "/nope").body());
        assertEquals("ok", ann.get(dash + "/health").body());
    }

    @Test
    void metricsAreForTheBearerOfTheToken() {
        assertEquals(401, ann.get(dash + "/metrics").status());
        String wrong = ann.send("GET", dash + "/metrics", null, Map.of("Authorization", "Bearer wrong"))
                .body();
        assertTrue(wrong.startsWith("{\"msg\":\"send the header"), wrong);
        String before = metrics();
        ann.get(dash + "/nowhere/with?any=text");
        ann.get(dash + "/api/status/" + app);
        String after = metrics();
        for (String line : List.of(
                "dinp_web_requests_total{class=\"4xx\"}", "dinp_dash_server_calls_total{result=\"answered\"}")) {
            assertTrue(figure(after, line) > figure(before, line), line);
        }
        assertEquals(8, figure(after, "dinp_mysql_connections_limit"));
        assertEquals(before.lines().count(), after.lines().count(), "no line for what a client sends");
    }

    private static String metrics() {
        Map<String, String> bearer = Map.of("Authorization", "Bearer " + UicProcess.TOKEN);
        Browser.Page page = Browser.ofPerson().send("GET", dash + "/metrics", null, bearer);
        assertEquals(200, page.status());
        return page.body();
    }

    private static double figure(String metrics, String name) {
        return metrics.lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aDomainOfSomebodyElseIsShownWithoutAButton() {
        form(ann, "/domain/bind/" + domain, "app_id", app);
        String path = "/domain/unbind/" + domain;
        assertTrue(ann.get(dash + "/app/domain/" + app).body().contains(path));
        database.run("update domain set creator = creator + 1000");
        String page = ann.get(dash + "/app/domain/" + app).body();
        assertTrue(page.contains("www.example.com") && !page.contains(path), page);
    }

    /** What a person may insert with the {@code mysql} client. */
    @Test
    void anAppWithAnyNameHasAPage() {
        database.run("update app set name = 'a b%?'");
        assertEquals(200, ann.get(dash + "/app/instance/" + app).status());
        assertEquals(200, ann.get(dash + "/api/instances/" + app).status());
    }

    private static Access accessOf(String key) {
        return Guard.accessOf(JFinal.me().getAction(key, new String[1]).getMethod());
    }

    private static Browser.Page request(Browser who, String key, Access access, Verb verb, String id) {
        boolean inPath = access.by().isEmpty() && access.of() != Void.class;
        String path = dash + key + (inPath ? "/" + id : "");
        if (verb == Verb.GET) {
            return who.get(path + (access.by().isEmpty() ? "" : "?" + access.by() + "=" + id));
        }
        Map<String, String> form =
                new LinkedHashMap<>(Map.of("csrf", who.get(dash + "/app").csrf()));
        form.putAll(Map.of("instance", "9", "image", "evil:1", "k", "EVIL", "v", "1", "health", "/evil"));
        form.put("revision", "1a2b3c4d");
        form.put(inPath ? "unused" : access.by(), id);
        return who.post(path, form);
    }

    private static Browser.Page form(Browser who, String path, String... namesAndValues) {
        return site.form(who, path, namesAndValues);
    }

    private static String json(Browser who, String path, Map<String, String> fields, int status) {
        return site.json(who, path, fields, status);
    }

    private static String everything() {
        return database.ask(
                "select concat_ws('|', (select group_concat(name, image, instance, memory, health) from app),"
                        + " (select group_concat(k, v) from env), (select group_concat(domain, app_id) from domain),"
                        + " (select count(*) from history))");
    }
}
