package io.dinp.common.db;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.daemon.Health;
import io.dinp.common.testing.Await;
import io.dinp.common.testing.Containers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MigrationsIT {
    private final Database database = Database.open(Containers.emptyDatabase(), "test", 4);

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void anEmptyDatabaseGetsTheSchema() throws SQLException {
        assertEquals(0, Migrations.version(database));
        Migrations.migrate(database);
        assertEquals(Migrations.NEEDED, Migrations.version(database));
        assertEquals(
                List.of(
                        "app",
                        "build",
                        "domain",
                        "env",
                        "event",
                        "exit_log",
                        "failure",
                        "history",
                        "node",
                        "rel_team_user",
                        "revision",
                        "rollout",
                        "router",
                        "session",
                        "team",
                        "user"),
                column("select table_name from information_schema.tables where table_schema = database()"
                        + " and table_name <> 'flyway_schema_history' order by table_name"));
        Migrations.migrate(database);
        assertEquals(Migrations.NEEDED, Migrations.version(database));
    }

    @Test
    void statementsOfTheOriginalAndOfPersonsWork() throws SQLException {
        Migrations.migrate(database);
        for (String statement : List.of(
                "select name, memory, instance, image, status from app where status = 0 and image <> ''",
                "select k, v from env where app_name = 'demo'",
                "select domain, app_name from domain where app_id <> 0",
                "update app set status = 1 where name = 'demo'",
                "select name, health from app where health <> ''",
                "insert into app(name,creator,image,memory,instance) values('other', 1, 'r/other:1', 128, 1)",
                "insert into env(k,v,app_id,app_name) values('A', 'b', 1, 'demo')",
                "insert into domain(domain,app_id,app_name) values('other.example.org', 1, 'demo')",
                "insert into build(app,version,user_id,user_name) values('demo', '2', 1, 'root')",
                "insert into session(uid,sig,expired) values(1, '0123456789abcdef0123456789abcdef', 1700000000)")) {
            assertDoesNotThrow(() -> run(statement), statement);
        }
    }

    @Test
    void aDatabaseOfTheOriginalIsTakenOverWithItsRows() throws Exception {
        runAll("/db/original.sql");
        Migrations.migrate(database);
        assertEquals(Migrations.NEEDED, Migrations.version(database));
        assertEquals(
                List.of("demo|2|0|"), column("select concat_ws('|', name, instance, deploy_seq, health) from app"));
        assertEquals(
                List.of("DSN=new", "dsn=lower"),
                column("select concat(k, '=', v) from env order by id desc"),
                "the newest of two rows stays, and case tells names apart");
        assertThrows(
                SQLIntegrityConstraintViolationException.class,
                () -> run("insert into env(k,v,app_id,app_name) values('DSN', 'again', 1, 'demo')"));
        assertEquals(List.of("www.example.org"), column("select domain from domain where app_id <> 0"));
        assertEquals(List.of("0"), column("select finished_at from build"));
        run("insert into build(app,version,user_id,user_name) values('demo', '2', 1, 'root')");
        run("insert into env(k,v,app_id,app_name) values('FACE', '\uD83D\uDE00', 1, 'demo')");
        assertEquals(List.of("\uD83D\uDE00"), column("select v from env where k = 'FACE'"));
    }

    @Test
    void aMigrationCutOffInItsMiddleIsFinished() throws Exception {
        runAll("/db/original.sql");
        run("alter table app add column deploy_seq int not null default 0");
        run("alter table env add column updated_at timestamp(6) not null default current_timestamp(6)");
        Migrations.migrate(database);
        assertEquals(Migrations.NEEDED, Migrations.version(database));
        database.write(c -> {
            V2__PlatformColumns.migrate(c);
            return null;
        });
    }

    @Test
    void aFailedMigrationIsTriedAgain() throws SQLException {
        Migrations.migrate(database);
        run("delete from flyway_schema_history where version > '3'");
        run("update flyway_schema_history set success = 0 where version = '3'");
        run("drop table event");
        assertEquals(2, Migrations.version(database));
        Migrations.migrate(database);
        assertEquals(Migrations.NEEDED, Migrations.version(database));
        assertEquals(List.of("0"), column("select count(*) from event"));
    }

    @Test
    void serversThatMigrateAtTheSameTimeAllSucceed() throws Exception {
        ExecutorService servers = Executors.newFixedThreadPool(3);
        try {
            Callable<Void> migrate = () -> {
                Migrations.migrate(database);
                return null;
            };
            for (Future<Void> done : servers.invokeAll(List.of(migrate, migrate, migrate))) {
                done.get(1, TimeUnit.MINUTES);
            }
        } finally {
            servers.shutdownNow();
        }
        assertEquals(
                IntStream.rangeClosed(1, Migrations.NEEDED)
                        .mapToObj(Integer::toString)
                        .toList(),
                column("select version from flyway_schema_history order by installed_rank"));
    }

    @Test
    void theOthersWaitForTheSchemaAndSaySo() throws Exception {
        Health health = new Health();
        ExecutorService daemon = Executors.newSingleThreadExecutor();
        try {
            Future<Void> waiting = daemon.submit(() -> {
                Migrations.awaitVersion(database, health);
                return null;
            });
            Await.until(Duration.ofSeconds(10), "it says what it waits for", () -> !health.isOk());
            assertTrue(health.text().contains("dinp-server migrate"), health.text());
            assertFalse(waiting.isDone());
            Migrations.migrate(database);
            waiting.get(10, TimeUnit.SECONDS);
            assertTrue(health.isOk());
        } finally {
            daemon.shutdownNow();
        }
    }

    @Test
    void aChangeOfARowIsSeenInItsTime() throws Exception {
        Migrations.migrate(database);
        run("insert into app(name,creator) values('demo', 1)");
        List<String> before = column("select updated_at from app");
        run("update app set instance = 3 where name = 'demo'");
        assertFalse(
                before.equals(column("select updated_at from app")), "the time of change moves, finer than a second");
    }

    private void runAll(String resource) throws IOException, SQLException {
        try (InputStream in = MigrationsIT.class.getResourceAsStream(resource)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (String statement : text.split(";\\s*\n")) {
                run(statement);
            }
        }
    }

    private void run(String statement) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }

    private List<String> column(String query) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement sql = connection.createStatement();
                ResultSet rows = sql.executeQuery(query)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }
}
