package io.dinp.common.db;

import java.sql.SQLException;
import org.flywaydb.core.api.migration.BaseJavaMigration;
import org.flywaydb.core.api.migration.Context;

/** How an app's deploys are rolled, each column with a default that leaves it to the server; and that a deploy is paused. */
final class V4__RollingDeploys extends BaseJavaMigration {

    @Override
    public void migrate(Context context) throws SQLException {
        Schema schema = new Schema(context.getConnection());
        schema.addColumn("app", "surge", "INT NULL DEFAULT NULL");
        schema.addColumn("app", "unavailable", "INT NOT NULL DEFAULT 0");
        schema.addColumn("app", "bake_seconds", "INT NULL DEFAULT NULL");
        schema.addColumn("rollout", "paused", "TINYINT NOT NULL DEFAULT 0");
    }
}
