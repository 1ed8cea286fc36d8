package io.dinp.common.db;

import java.sql.SQLException;
import org.flywaydb.core.api.migration.BaseJavaMigration;
import org.flywaydb.core.api.migration.Context;

/**
 * What operators wish of a node (nothing new, everything away, by when in epoch ms), and on which nodes an app may run.
 * A server that stores what a node is never writes the former, so that a wish is only taken back by a person.
 */
final class V6__NodeWishes extends BaseJavaMigration {

    @Override
    public void migrate(Context context) throws SQLException {
        Schema schema = new Schema(context.getConnection());
        schema.addColumn("node", "cordoned", "TINYINT NOT NULL DEFAULT 0");
        schema.addColumn("node", "draining", "TINYINT NOT NULL DEFAULT 0");
        schema.addColumn("node", "drain_by", "BIGINT NOT NULL DEFAULT 0");
        schema.addColumn("app", "constraints", "VARCHAR(1024) NOT NULL DEFAULT ''");
    }
}
