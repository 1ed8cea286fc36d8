package io.dinp.common.db;

import java.sql.Connection;
import java.sql.SQLException;
import org.flywaydb.core.api.migration.BaseJavaMigration;
import org.flywaydb.core.api.migration.Context;

/**
 * What this platform adds to the original's tables; every column has a default, so the original's statements and a person's
 * inserts go on working.
 *
 * <p>In Java and not in SQL because every step must look first: a database of the original may be older than the column
 * {@code health}, and MySQL commits each change of a table at once, so that a server killed on its way here starts again
 * from the middle.
 */
final class V2__PlatformColumns extends BaseJavaMigration {
    private static final String CHANGED_AT =
            "TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6)";
    private static final String[] TABLES = {
        "app", "domain", "env", "history", "build", "user", "team", "rel_team_user", "session"
    };

    @Override
    public void migrate(Context context) throws SQLException {
        migrate(new Schema(context.getConnection()));
    }

    /** Does what has not been done yet. */
    static void migrate(Connection connection) throws SQLException {
        migrate(new Schema(connection));
    }

    private static void migrate(Schema schema) throws SQLException {
        for (String table : TABLES) {
            schema.toUtf8mb4(table);
        }
        schema.addColumn("app", "health", "VARCHAR(128) NOT NULL DEFAULT ''");
        schema.addColumn("app", "deploy_seq", "INT NOT NULL DEFAULT 0");
        schema.addColumn("app", "updated_at", CHANGED_AT);
        domain(schema);
        env(schema);
        schema.addColumn("history", "memory", "INT NOT NULL DEFAULT 0");
        schema.addColumn("history", "env", "MEDIUMTEXT NULL");
        schema.addColumn("history", "user_name", "VARCHAR(64) NOT NULL DEFAULT ''");
        schema.addColumn("build", "log_path", "VARCHAR(255) NOT NULL DEFAULT ''");
        schema.addColumn("build", "finished_at", "BIGINT NOT NULL DEFAULT 0");
        // The original's builder wrote the time itself.
        schema.run("ALTER TABLE build MODIFY create_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP");
        // bcrypt takes 60 characters, the original's md5 took 32.
        schema.run("ALTER TABLE user MODIFY passwd VARCHAR(100) NOT NULL");
        schema.addColumn("session", "ticket", "VARCHAR(64) NOT NULL DEFAULT ''");
        schema.addColumn("session", "attached", "TINYINT NOT NULL DEFAULT 0");
        schema.addColumn("session", "created", "BIGINT NOT NULL DEFAULT 0");
    }

    private static void domain(Schema schema) throws SQLException {
        schema.run("ALTER TABLE domain ALTER creator SET DEFAULT 0");
        schema.run("ALTER TABLE domain ALTER creator_name SET DEFAULT ''");
        schema.run("ALTER TABLE domain ALTER bind_user_id SET DEFAULT ''");
        schema.addColumn("domain", "updated_at", CHANGED_AT);
    }

    private static void env(Schema schema) throws SQLException {
        // Names of environment variables differ by case.
        schema.run("ALTER TABLE env MODIFY k VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL");
        // The original let an app have a key twice; the newest row won, so it is the one that stays.
        schema.run("DELETE older FROM env older JOIN env newer"
                + " ON newer.app_name = older.app_name AND newer.k = older.k AND newer.id > older.id");
        schema.addUniqueKey("env", "uk_env_app_key", "app_name, k");
        schema.addColumn("env", "updated_at", CHANGED_AT);
    }
}
