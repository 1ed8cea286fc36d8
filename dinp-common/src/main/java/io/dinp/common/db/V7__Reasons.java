package io.dinp.common.db;

import java.sql.SQLException;
import org.flywaydb.core.api.migration.BaseJavaMigration;
import org.flywaydb.core.api.migration.Context;

/** What a decision was made from, beside the decision; and the last output of instances that ended by themselves. */
final class V7__Reasons extends BaseJavaMigration {

    @Override
    public void migrate(Context context) throws SQLException {
        Schema schema = new Schema(context.getConnection());
        schema.addColumn("event", "inputs", "VARCHAR(2048) NOT NULL DEFAULT ''");
        schema.run("CREATE TABLE IF NOT EXISTS exit_log ("
                + " id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,"
                + " app_name VARCHAR(64) NOT NULL,"
                + " instance VARCHAR(64) NOT NULL,"
                + " node VARCHAR(45) NOT NULL DEFAULT '',"
                + " revision CHAR(64) NOT NULL DEFAULT '',"
                + " at BIGINT NOT NULL,"
                + " stage VARCHAR(16) NOT NULL DEFAULT '',"
                + " reason VARCHAR(1024) NOT NULL DEFAULT '',"
                + " exit_code INT NULL DEFAULT NULL,"
                + " oom TINYINT NOT NULL DEFAULT 0,"
                + " log MEDIUMTEXT NULL,"
                + " UNIQUE KEY uk_exit_instance (instance),"
                + " KEY idx_exit_app (app_name, at),"
                + " KEY idx_exit_at (at)"
                + ") ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_general_ci");
    }
}
