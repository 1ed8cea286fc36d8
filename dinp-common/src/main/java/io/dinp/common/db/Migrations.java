package io.dinp.common.db;

import io.dinp.common.config.Dsn;
import io.dinp.common.daemon.Health;
import io.dinp.common.daemon.Retry;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.flywaydb.core.Flyway;

/**
 * The schema's history. Only {@code dinp-server} migrates; the other daemons wait for the version they need.
 *
 * <p>A database made by the original has its tables and no history: it is taken as version 0, and each migration leaves
 * alone what is there already. So every migration can also be run again after it was cut off in its middle.
 */
public final class Migrations {
    /** The version that this build of every daemon needs. */
    public static final int NEEDED = 7;

    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final Duration LOCK_WAIT = Duration.ofMinutes(10);
    private static final String HISTORY = "flyway_schema_history";

    private record State(int version, boolean failed) {}

    private Migrations() {}

    /** Brings the schema to {@link #NEEDED}; of several callers one does it, and the others wait until it has. */
    public static void migrate(Database database) throws SQLException {
        if (isDone(state(database))) {
            // Flyway's classes cost half a second of every start.
            return;
        }
        Dsn dsn = database.dsn();
        // Flyway's own lock begins only after it has made its history table, which two callers at once fail to do.
        try (Connection lock = DriverManager.getConnection(
                patient(dsn.jdbcUrl()), dsn.user(), dsn.password().value())) {
            await(lock);
            State state = state(database);
            if (!isDone(state)) {
                migrate(dsn, state);
            }
        }
    }

    private static boolean isDone(State state) {
        return state.version() >= NEEDED && !state.failed();
    }

    /** Takes the database's migration lock, which MySQL lets go of when this connection ends, however it ends. */
    private static void await(Connection connection) throws SQLException {
        try (PreparedStatement take =
                connection.prepareStatement("select get_lock(concat('dinp-migrate:', left(database(), 40)), ?)")) {
            take.setLong(1, LOCK_WAIT.toSeconds());
            try (ResultSet rows = take.executeQuery()) {
                rows.next();
                if (rows.getInt(1) != 1) {
                    throw new SQLException("another server has been migrating the schema for " + LOCK_WAIT.toMinutes()
                            + " minutes; look at 'show processlist'");
                }
            }
        }
    }

    private static void migrate(Dsn dsn, State state) {
        Flyway flyway = Flyway.configure()
                .dataSource(patient(dsn.jdbcUrl()), dsn.user(), dsn.password().value())
                .locations("classpath:db/migration")
                .javaMigrations(
                        new V2__PlatformColumns(), new V4__RollingDeploys(), new V6__NodeWishes(), new V7__Reasons())
                .baselineVersion("0")
                .baselineDescription("database of the original")
                .baselineOnMigrate(true)
                .table(HISTORY)
                .load();
        if (state.failed()) {
            flyway.repair();
        }
        flyway.migrate();
    }

    /** A change of a big table, and the wait for another migrating server, take longer than a silent server may. */
    private static String patient(String jdbcUrl) {
        return jdbcUrl.replaceFirst("socketTimeout=\\d+", "socketTimeout=" + PATIENCE.toMillis());
    }

    /** Waits until the schema has the version that this build needs; says so once and in {@code /health}. */
    public static void awaitVersion(Database database, Health health) throws InterruptedException {
        Retry.until("mysql", health, Duration.ofSeconds(1), () -> {
            int version = version(database);
            if (version < NEEDED) {
                throw new SQLException("the schema has version " + version + ", this daemon needs " + NEEDED
                        + ": start dinp-server or run 'dinp-server migrate'");
            }
            return version;
        });
    }

    /** The newest version applied, 0 for an empty database or one of the original. */
    public static int version(Database database) throws SQLException {
        return state(database).version();
    }

    private static State state(Database database) throws SQLException {
        return database.read(c -> new Schema(c).hasTable(HISTORY) ? recorded(c) : new State(0, false));
    }

    private static State recorded(Connection connection) throws SQLException {
        String query = "select coalesce(max(case when success = 1 then cast(version as unsigned) end), 0), count("
                + "case when success = 0 then 1 end) from " + HISTORY;
        try (Statement select = connection.createStatement();
                ResultSet rows = select.executeQuery(query)) {
            rows.next();
            return new State(rows.getInt(1), rows.getInt(2) > 0);
        }
    }
}
