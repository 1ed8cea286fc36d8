package io.dinp.server.mysql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.db.Database;
import io.dinp.common.db.Migrations;
import io.dinp.common.model.Revision;
import io.dinp.common.testing.Containers;
import io.dinp.server.core.AppRow;
import io.dinp.server.core.DomainRow;
import io.dinp.server.core.Event;
import io.dinp.server.core.Exit;
import io.dinp.server.core.Failure;
import io.dinp.server.core.KeptExit;
import io.dinp.server.core.KeptFailure;
import io.dinp.server.core.NodeWish;
import io.dinp.server.core.Plan;
import io.dinp.server.core.Progress;
import io.dinp.server.core.Rollout;
import io.dinp.server.core.RolloutState;
import io.dinp.server.state.StoredNode;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The stores against a real MySQL with the real schema. */
class StoresIT {

    private final Database database = Database.open(Containers.emptyDatabase(), "stores", 2);
    private final DesiredStore desired = new DesiredStore(database);
    private final ProgressStore progress = new ProgressStore(database);
    private final NodeStore nodes = new NodeStore(database);
    private final EventStore eventStore = new EventStore(database);
    private final ExitStore exits = new ExitStore(database);

    @BeforeEach
    void migrate() throws SQLException {
        Migrations.migrate(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void sql(String text) throws SQLException {
        database.write(connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.executeUpdate(text);
            }
        });
    }

    private static Plan plan(
            List<Rollout> rollouts,
            Map<String, Integer> statuses,
            Set<String> dropped,
            List<Revision> revisions,
            List<Event> events) {
        return new Plan(
                List.of(),
                Optional.empty(),
                Progress.start(new TreeMap<>()),
                rollouts,
                statuses,
                dropped,
                revisions,
                List.of(),
                List.of(),
                events,
                false,
                0,
                0);
    }

    private static Batch batch(Plan... plans) {
        Batch batch = new Batch();
        for (Plan plan : plans) {
            batch.add(plan);
        }
        return batch;
    }

    @Test
    void aRowOfAMysqlClientIsRead() throws SQLException {
        sql("insert into app(name,creator,image,memory,instance) values('demo',1,'demo:1',256,2)");
        sql("insert into env(k,v,app_id,app_name) values('K','v',1,'demo')");
        sql(
                "insert into domain(domain,app_id,app_name,creator,creator_name) values('a.example.com',1,'demo',1,'root')");

        Store.Rows rows = desired.read();

        assertEquals(
                List.of(new AppRow(
                        rows.apps().get(0).id(), "demo", "demo:1", 256, 2, 0, "", 0, new TreeMap<>(Map.of("K", "v")))),
                rows.apps());
        assertEquals(List.of(new DomainRow("a.example.com", "demo")), rows.domains());
    }

    @Test
    void everyChangeChangesTheFingerprint() throws SQLException {
        String before = desired.fingerprint();
        assertEquals(before, desired.fingerprint());
        for (String change : List.of(
                "insert into app(name,creator,image,memory,instance) values('demo',1,'demo:1',256,2)",
                "update app set instance = 3 where name = 'demo'",
                "insert into env(k,v,app_id,app_name) values('K','v',1,'demo')",
                "update env set v = 'w' where k = 'K'",
                "delete from env where k = 'K'",
                "insert into domain(domain,app_id,app_name,creator,creator_name) values('a.b',1,'demo',1,'root')",
                "delete from domain",
                "update app set constraints = 'zone=a' where name = 'demo'",
                "insert into node(ip, state, last_seen, labels, cordoned) values('10.0.0.1', '', 0, '{}', 1)",
                "update node set draining = 1, cordoned = 0",
                "update node set drain_by = 1800000000000",
                "update node set draining = 0",
                "delete from app")) {
            sql(change);
            String after = desired.fingerprint();
            assertNotEquals(before, after, change);
            before = after;
        }
    }

    @Test
    void whatIsWishedOfANodeOutlivesWhatIsStoredOfIt() throws SQLException {
        StoredNode node = new StoredNode("10.0.0.1", "n1", 1971, "ready", 5, Map.of("zone", "a"));
        NodeWish drain = new NodeWish(true, true, 1_800_000_000_000L);
        nodes.wish(node, drain);
        assertEquals(Map.of("10.0.0.1", drain), desired.read().nodes());
        assertEquals(List.of(node), nodes.nodes(), "it need not be stored before");

        String before = desired.fingerprint();
        StoredNode later = new StoredNode("10.0.0.1", "n1", 1971, "lost", 9, Map.of("zone", "b"));
        nodes.save(List.of(later), Map.of());
        assertEquals(Map.of("10.0.0.1", drain), desired.read().nodes());
        assertEquals(before, desired.fingerprint(), "a beat is no change of what is wanted");
        nodes.wish(node, NodeWish.NONE);
        assertEquals(Map.of(), desired.read().nodes());
        assertEquals(List.of(later), nodes.nodes(), "a wish changes nothing else");
    }

    @Test
    void constraintsAreReadAsTheyStand() throws SQLException {
        sql(
                "insert into app(name,creator,image,memory,instance,constraints) values('demo',1,'demo:1',256,2,'a=b, c!=d')");

        assertEquals("a=b, c!=d", desired.read().apps().get(0).constraints());
    }

    @Test
    void rolloutsStatusesAndRevisionsAreStoredTogetherAndReadBack() throws SQLException {
        sql("insert into app(name,creator,image,memory,instance) values('demo',1,'demo:1',256,2)");
        Revision revision = Revision.of("demo", "demo:1", 256, new TreeMap<>(Map.of("K", "v")), 0);
        Rollout rollout = new Rollout("demo", revision.id(), "", RolloutState.FAILED, 3, "exits", 1, 2, 3, 4, true, 0);

        progress.save(batch(plan(List.of(rollout), Map.of("demo", 3), Set.of(), List.of(revision), List.of())), 5);
        progress.save(
                batch(plan(List.of(), Map.of(), Set.of(), List.of(revision.withDigest("sha256:1")), List.of())), 6);

        assertEquals(Map.of("demo", rollout), progress.rollouts());
        assertEquals(Map.of(revision.id(), revision.withDigest("sha256:1")), progress.revisions());
        assertEquals(3, desired.read().apps().get(0).status());

        progress.save(batch(plan(List.of(), Map.of(), Set.of("demo"), List.of(), List.of())), 7);
        assertTrue(progress.rollouts().isEmpty());
        assertTrue(progress.revisions().isEmpty());
    }

    @Test
    void eventsComeNewestFirstAndLongReasonsAreCut() throws SQLException {
        Map<String, String> inputs = new LinkedHashMap<>();
        inputs.put("wanted", "3");
        inputs.put("serving", "2");
        Event first = new Event(1, "start", "demo", "i1", "10.0.0.1", "x".repeat(3000));
        Event second = new Event(2, "stop", "demo", "i1", "10.0.0.1", "y", inputs);
        Event other = new Event(3, "start", "other", "i2", "10.0.0.1", "z");

        progress.save(batch(plan(List.of(), Map.of(), Set.of(), List.of(), List.of(first, second, other))), 5);

        List<Event> read = eventStore.newest("demo", 10);
        assertEquals(second, read.get(0));
        assertEquals(
                List.of("wanted", "serving"), List.copyOf(read.get(0).inputs().keySet()));
        assertEquals(1024, read.get(1).reason().length());
        assertEquals(List.of(other), eventStore.newest("", 1));
        progress.trim();
        assertEquals(3, eventStore.newest("", 10).size());
    }

    @Test
    void inputsThatTheColumnCannotHoldLoseTheirLast() throws SQLException {
        Map<String, String> inputs = new LinkedHashMap<>();
        for (int i = 0; i < 2 * Event.MAX_INPUTS; i++) {
            inputs.put("input" + i, "\u0001".repeat(1000));
        }
        Event event = new Event(1, "start", "demo", "i1", "10.0.0.1", "x", inputs);
        assertEquals(Event.MAX_INPUTS, event.inputs().size());

        progress.save(batch(plan(List.of(), Map.of(), Set.of(), List.of(), List.of(event))), 5);

        Map<String, String> read = eventStore.newest("demo", 1).get(0).inputs();
        assertEquals(Set.of("input0"), read.keySet());
        assertEquals(200, read.get("input0").length());
    }

    @Test
    void endsAreKeptWithTheirOutputNewestFirst() throws SQLException {
        Exit crash = new Exit("demo", "i1", "10.0.0.1", "r1", 1, "exit", "exited with code 3", 3, true);
        Exit pull = new Exit("demo", "i2", "10.0.0.1", "r1", 2, "pull", "pull failed", null, false);
        Batch batch = batch();
        batch.add(new KeptExit(crash, List.of()));
        batch.add(new KeptExit(pull, List.of()));
        progress.save(batch, 5);
        Batch later = batch();
        later.add(new KeptExit(crash, List.of("one", "two")));
        progress.save(later, 6);
        Batch again = batch();
        again.add(new KeptExit(crash, List.of()));
        progress.save(again, 7);

        KeptExit told = new KeptExit(crash, List.of("one", "two"));
        assertEquals(List.of(new KeptExit(pull, List.of()), told), exits.newest("demo", 10));
        assertEquals(1, exits.newest("demo", 1).size());
        assertEquals(List.of(), exits.newest("other", 10));
        progress.save(batch(plan(List.of(), Map.of(), Set.of("demo"), List.of(), List.of())), 8);
        assertEquals(2, exits.newest("demo", 10).size(), "they outlive their app");
    }

    @Test
    void endsAreTrimmedByAgeAndByApp() throws SQLException {
        long week = 7L * 24 * 3600 * 1000;
        Batch batch = batch();
        for (int i = 1; i <= 25; i++) {
            batch.add(new KeptExit(end("demo", "d" + i, week + i), List.of("x")));
        }
        batch.add(new KeptExit(end("old", "o1", 10), List.of("x")));
        batch.add(new KeptExit(end("old", "o2", 20), List.of("x")));
        progress.save(batch, 5);

        exits.trim(week + 20);

        assertEquals(
                List.of("o2"),
                exits.newest("old", 10).stream().map(e -> e.exit().instance()).toList());
        List<KeptExit> kept = exits.newest("demo", 100);
        assertEquals(20, kept.size());
        assertEquals("d25", kept.get(0).exit().instance());
        assertEquals("d6", kept.get(19).exit().instance());
    }

    @Test
    void aFloodOfEndsIsBounded() {
        Batch batch = new Batch();
        int taken = 0;
        for (int i = 0; i < 5000; i++) {
            taken += batch.add(new KeptExit(end("demo", "i" + i, i), List.of())) ? 1 : 0;
        }
        assertEquals(2000, taken);
        assertTrue(batch.add(new KeptExit(end("demo", "i0", 0), List.of("its output"))), "known already");
    }

    private static Exit end(String app, String instance, long at) {
        return new Exit(app, instance, "10.0.0.1", "r1", at, "exit", "exited", 1, false);
    }

    @Test
    void whyADeployFailedIsKeptForAWeekOrAsLongAsItStands() throws SQLException {
        FailureStore failures = new FailureStore(database);
        Failure exit = new Failure("demo", "r1", 1, "exit", "exited with code 3", "10.0.0.1", "i1", 3, true);
        Failure deadline = new Failure("other", "r2", 2, "deadline", "no room", "", "", null, false);
        Rollout rollout = new Rollout("other", "r2", "", RolloutState.FAILED, 3, "no room", 1, 2, 0, 0, false, 0);
        Batch batch = batch(plan(List.of(rollout), Map.of(), Set.of(), List.of(), List.of()));
        batch.add(new KeptFailure(exit, List.of()));
        batch.add(new KeptFailure(deadline, List.of()));
        batch.add(new KeptFailure(exit, List.of("one", "two")));
        progress.save(batch, 5);

        KeptFailure kept = new KeptFailure(exit, List.of("one", "two"));
        KeptFailure standing = new KeptFailure(deadline, List.of());
        assertEquals(Map.of("demo", kept, "other", standing), failures.newest());
        failures.trim(7L * 24 * 3600 * 1000);
        assertEquals(2, failures.newest().size());
        failures.trim(8L * 24 * 3600 * 1000);
        assertEquals(Map.of("other", standing), failures.newest());

        progress.save(batch(plan(List.of(), Map.of(), Set.of("other"), List.of(), List.of())), 6);
        assertTrue(failures.newest().isEmpty());
    }

    @Test
    void manyOldRevisionsAreTrimmedButNeverTheOnesInUse() throws SQLException {
        List<Revision> all = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            Revision revision = Revision.of("demo", "demo:" + i, 256, new TreeMap<>(), 0);
            all.add(revision);
            progress.save(batch(plan(List.of(), Map.of(), Set.of(), List.of(revision), List.of())), i);
        }
        Rollout rollout = new Rollout(
                "demo", all.get(1).id(), all.get(0).id(), RolloutState.ROLLING, 0, "", 1, 2, 0, 0, false, 0);
        progress.save(batch(plan(List.of(rollout), Map.of(), Set.of(), List.of(), List.of())), 40);

        progress.trim();

        Set<String> kept = progress.revisions().keySet();
        assertEquals(22, kept.size());
        assertTrue(kept.contains(all.get(0).id()));
        assertTrue(kept.contains(all.get(1).id()));
        assertFalse(kept.contains(all.get(2).id()));
    }

    @Test
    void nodesAndRoutersAreRemembered() throws SQLException {
        StoredNode node = new StoredNode("10.0.0.1", "id", 1971, "ready", 5, Map.of("zone", "a"));

        nodes.save(List.of(node), Map.of("r1", 7L));
        nodes.save(List.of(node), Map.of("r1", 8L));

        assertEquals(List.of(node), nodes.nodes());
        assertEquals(Map.of("r1", 8L), nodes.routers());
    }

    @Test
    void whatWaitsIsOverruledByWhatCameLater() throws SQLException {
        Rollout one = new Rollout("demo", "a", "", RolloutState.ROLLING, 0, "", 1, 2, 0, 0, false, 0);
        Rollout two = new Rollout("demo", "b", "", RolloutState.ROLLING, 0, "", 1, 2, 0, 0, false, 0);
        Batch earlier = batch(plan(List.of(one), Map.of("demo", 3), Set.of("gone"), List.of(), List.of()));
        earlier.addAll(batch(plan(List.of(two), Map.of("demo", 0), Set.of(), List.of(), List.of())));

        progress.save(earlier, 1);

        assertEquals(Map.of("demo", two), progress.rollouts());
        assertTrue(new Batch().isEmpty());
    }
}
