package io.dinp.dash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.model.AppName;
import io.dinp.dash.app.AppService;
import io.dinp.dash.core.App;
import io.dinp.dash.core.AppSettings;
import io.dinp.dash.core.AppSummary;
import io.dinp.dash.core.Deployed;
import io.dinp.dash.core.Deployment;
import io.dinp.dash.core.Domain;
import io.dinp.dash.core.EnvVar;
import io.dinp.dash.core.NewApp;
import io.dinp.dash.core.RolloutWish;
import io.dinp.dash.core.Viewer;
import io.dinp.dash.domain.DomainService;
import io.dinp.dash.env.EnvService;
import io.dinp.dash.env.EnvValidator.Variable;
import io.dinp.dash.history.HistoryService;
import io.dinp.web.DatabaseFault;
import io.dinp.web.Refusal;
import io.dinp.web.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The dashboard's SQL on a real MySQL, with the contract's statements as its readers. */
class DashServicesIT {
    private static final Viewer ANN = new Viewer(1, false, Map::of);
    private static final Viewer BOB = new Viewer(2, false, () -> Map.of(5, "web"));
    private static final Viewer ADMIN = new Viewer(3, true, Map::of);

    private static TestDatabase database;

    private final AtomicInteger signals = new AtomicInteger();
    private AppService apps;
    private EnvService envs;
    private HistoryService history;
    private DomainService domains;

    @BeforeAll
    static void migrate() throws SQLException {
        database = new TestDatabase();
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void empty() {
        for (String table : List.of("app", "env", "history", "domain", "rollout")) {
            database.run("delete from " + table);
        }
        apps = new AppService(database.store(), signals::incrementAndGet);
        envs = new EnvService(database.store(), signals::incrementAndGet);
        history = new HistoryService(database.store());
        domains = new DomainService(database.store(), signals::incrementAndGet);
    }

    @Test
    void aCreatedAppIsWhatTheServerReads() {
        create("demo", "r/ann/demo:1", 0);
        String row = database.ask("select concat_ws('|', name, memory, instance, image, status) from app"
                + " where status = 0 and image <> ''");
        assertEquals("demo|256|2|r/ann/demo:1|0", row);
        assertEquals(1, signals.get());
        assertEquals("ann", database.ask("select user_name from history where app_name = 'demo'"));
    }

    @Test
    void aNameIsTakenOnce() {
        create("demo", "", 0);
        Refusal refusal = assertThrows(Refusal.class, () -> create("demo", "", 0));
        assertEquals(409, refusal.status());
        assertTrue(refusal.getMessage().contains("'demo' exists already"));
    }

    @Test
    void aDeployClearsTheStatusAndTheSameImageAgainIsANewRevision() {
        App app = create("demo", "r/ann/demo:1", 0);
        database.run("update app set status = 2 where name = ?", "demo");
        apps.deploy(app, new Deployment("r/ann/demo:2", 512, 3, "second"), null, "ann");
        assertEquals("r/ann/demo:2|512|3|0|0", deployed());
        apps.deploy(app, new Deployment("r/ann/demo:2", 512, 3, "again"), null, "ann");
        assertEquals("r/ann/demo:2|512|3|0|1", deployed());
        assertEquals("3", database.ask("select count(*) from history"));
    }

    @Test
    void goingBackBringsTheEnvironmentBackToo() {
        App app = create("demo", "r/ann/demo:1", 0);
        envs.put(app, new Variable("COLOUR", "green"));
        apps.deploy(app, new Deployment("r/ann/demo:2", 256, 2, ""), null, "ann");
        Deployed green = history.list(app).get(0);
        envs.put(app, new Variable("COLOUR", "blue"));
        envs.put(app, new Variable("SIZE", "1"));
        apps.deploy(app, new Deployment("r/ann/demo:3", 256, 2, ""), null, "ann");

        apps.deploy(app, new Deployment(green.image(), green.memory(), 2, "back"), green, "ann");

        assertEquals("COLOUR=green", database.ask("select group_concat(k, '=', v) from env where app_name = 'demo'"));
        assertEquals("r/ann/demo:2|256|2|0|0", deployed());
        assertEquals(Map.of("COLOUR", "green"), history.list(app).get(0).env());
    }

    @Test
    void aHistoryRowBelongsToItsApp() {
        App mine = create("demo", "r/ann/demo:1", 0);
        App other = create("other", "r/ann/other:1", 0);
        int row = history.list(other).get(0).id();
        assertEquals("r/ann/other:1", history.find(other, row).image());
        assertThrows(Refusal.class, () -> history.find(mine, row));
        assertThrows(Refusal.class, () -> history.find(other, row + 1000));
    }

    @Test
    void aRowOfTheOriginalHasNoEnvironmentToBringBack() {
        App app = create("demo", "", 0);
        database.run("insert into history (app_id, app_name, resume, image) values (?, 'demo', 'r', 'i:1')", app.id());
        Deployed row = history.list(app).get(0);
        assertFalse(row.hasEnv());
        assertEquals(0, row.memory());
    }

    @Test
    void scalingRetriesWhatFailed() {
        App app = create("demo", "r/ann/demo:1", 0);
        database.run("update app set status = 3");
        apps.scale(app, 7);
        assertEquals("r/ann/demo:1|256|7|0|0", deployed());
    }

    @Test
    void listsAreForTheirViewers() {
        create("mine", "", 0);
        create("shared", "", 5);
        assertEquals(List.of("mine", "shared"), names(ANN));
        assertEquals(List.of("shared"), names(BOB));
        assertEquals(List.of("mine", "shared"), names(ADMIN));
        assertEquals(List.of(), names(new Viewer(9, false, Map::of)));
    }

    @Test
    void theListTellsWhyADeployFailed() {
        create("demo", "r/ann/demo:1", 0);
        database.run("insert into rollout (app_name, target, state, status, reason, started_at, deadline, crashes,"
                + " next_start, updated_at) values ('demo', 'x', 'failed', 2, 'manifest unknown', 0, 0, 0, 0, 0)");
        AppSummary summary = apps.list(ANN).get(0);
        assertEquals("failed", summary.state());
        assertEquals("manifest unknown", summary.why());
    }

    @Test
    void theListTellsOfAPauseAndOfACrashLoop() {
        create("demo", "r/ann/demo:1", 0);
        database.run("insert into rollout (app_name, target, state, reason, started_at, deadline, paused, updated_at)"
                + " values ('demo', 'x', 'rolling', 'paused by command', 0, 0, 1, 0)");
        assertEquals("paused", apps.list(ANN).get(0).state());
        database.run("update rollout set state = 'done', paused = 0, next_start = 4102444800000");
        assertEquals("crashing", apps.list(ANN).get(0).state());
        database.run("update rollout set next_start = 1");
        assertEquals("running", apps.list(ANN).get(0).state());
    }

    @Test
    void editingSharesAndUnshares() {
        App app = create("demo", "", 0);
        apps.edit(app, new AppSettings(5, "/health", RolloutWish.DEFAULT), BOB);
        App shared = apps.find(app.id()).orElseThrow();
        assertEquals("web", shared.teamName());
        assertEquals("/health", shared.health());
        apps.edit(shared, new AppSettings(0, "", RolloutWish.DEFAULT), ANN);
        assertEquals("", apps.find(app.id()).orElseThrow().teamName());
    }

    @Test
    void howDeploysAreRolledIsTheServersUntilSomebodySaysSo() {
        App app = create("demo", "", 0);
        assertEquals(RolloutWish.DEFAULT, apps.rolloutWish(app));
        RolloutWish wish = new RolloutWish(2, 1, 0, "zone=a, disk!=slow");
        apps.edit(app, new AppSettings(0, "", wish), ANN);
        assertEquals(wish, apps.rolloutWish(app));
        apps.edit(app, new AppSettings(0, "", RolloutWish.DEFAULT), ANN);
        assertEquals("yes", database.ask("select if(surge is null and bake_seconds is null, 'yes', 'no') from app"));
    }

    @Test
    void aRestartIsANewRevisionOfTheSameAndRetriesWhatFailed() {
        App app = create("demo", "r/ann/demo:1", 0);
        database.run("update app set status = 3");
        apps.restart(app, "bob");
        assertEquals("r/ann/demo:1|256|2|0|1", deployed());
        assertEquals(
                "restart by bob of r/ann/demo:1",
                database.ask("select concat(resume, ' by ', user_name, ' of ', image) from history order by id desc"));
        database.run("update app set instance = 0");
        assertEquals(
                409, assertThrows(Refusal.class, () -> apps.restart(app, "bob")).status());
    }

    @Test
    void aVariableIsSetOnceAndDeleted() {
        App app = create("demo", "", 0);
        envs.put(app, new Variable("A", "1"));
        envs.put(app, new Variable("A", "ä<"));
        List<EnvVar> list = envs.list(app);
        assertEquals(1, list.size());
        assertEquals("ä<", list.get(0).v());
        assertEquals(app.id(), envs.find(list.get(0).id()).orElseThrow().appId());
        envs.delete(list.get(0));
        assertEquals(List.of(), envs.list(app));
    }

    @Test
    void anAppWithAllItsVariablesCanStillChangeOne() {
        App app = create("demo", "", 0);
        for (int i = 0; i < 200; i++) {
            database.run("insert into env (app_id, app_name, k, v) values (?, 'demo', ?, '')", app.id(), "V" + i);
        }
        envs.put(app, new Variable("V7", "new"));
        assertEquals("new", database.ask("select v from env where k = 'V7'"));
        assertThrows(Refusal.class, () -> envs.put(app, new Variable("ONE_MORE", "")));
        assertEquals("200", database.ask("select count(*) from env"));
    }

    @Test
    void aBoundDomainIsWhatTheServerReads() {
        App app = create("demo", "", 0);
        Domain domain = domain("www.example.com");
        domains.bind(domain, app, 1);
        String bound = "select concat(domain, '>', app_name) from domain where app_id <> 0";
        assertEquals("www.example.com>demo", database.ask(bound));
        assertEquals(1, domains.of(app).size());
        domains.unbind(domain);
        assertEquals(null, database.ask(bound));
        assertThrows(Refusal.class, () -> domain("www.example.com"));
        domains.delete(domain);
        assertEquals(List.of(), domains.list(ANN));
    }

    @Test
    void aDeletedAppLeavesItsDomainsUnboundAndNothingElse() {
        App app = create("demo", "r/ann/demo:1", 0);
        envs.put(app, new Variable("A", "1"));
        domains.bind(domain("www.example.com"), app, 1);
        apps.delete(app);
        assertEquals(
                "0|0|0",
                database.ask("select concat_ws('|', (select count(*) from app),"
                        + " (select count(*) from env), (select count(*) from history))"));
        assertEquals("0", database.ask("select app_id from domain"));
    }

    @Test
    void anEmptySchemaIsToldFromAWrongStatement() {
        DatabaseFault noTable = assertThrows(DatabaseFault.class, () -> database.ask("select 1 from not_there_yet"));
        assertTrue(noTable.isAway());
        assertFalse(assertThrows(DatabaseFault.class, () -> database.ask("select nonsense from app"))
                .isAway());
    }

    private App create(String name, String image, int team) {
        Viewer creator = team == 0 ? ANN : new Viewer(1, false, () -> Map.of(5, "web"));
        int id = apps.create(
                new NewApp(AppName.ofNew(name), team, "", new Deployment(image, 256, 2, "")), creator, "ann");
        return apps.find(id).orElseThrow();
    }

    private Domain domain(String name) {
        return domains.find(domains.create(name, 0, ANN, "ann")).orElseThrow();
    }

    private List<String> names(Viewer viewer) {
        return apps.list(viewer).stream().map(s -> s.app().name()).toList();
    }

    private static String deployed() {
        return database.ask("select concat_ws('|', image, memory, instance, status, deploy_seq) from app");
    }
}
