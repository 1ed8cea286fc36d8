package io.dinp.web;

import io.dinp.common.config.Dsn;
import io.dinp.common.db.Database;
import io.dinp.common.db.Migrations;
import io.dinp.common.testing.Containers;
import java.sql.SQLException;

/** A migrated database on the real MySQL of the integration tests. */
public final class TestDatabase implements AutoCloseable {
    private final Dsn dsn = Containers.emptyDatabase();
    private final Database database = Database.open(dsn, "test", 4);
    private final Store store = new Store(database);

    /** An empty one of its own. */
    public TestDatabase() throws SQLException {
        Migrations.migrate(database);
    }

    /** Further connections with a setting of Connector/J; to be closed. */
    public Database with(String parameter) {
        return Database.open(new Dsn(dsn.jdbcUrl() + "&" + parameter, dsn.user(), dsn.password()), "further", 1);
    }

    /** How services see it. */
    public Store store() {
        return store;
    }

    /** For a configuration file, a {@code jdbc:} address with its credentials. */
    public String address() {
        return dsn.jdbcUrl() + "&user=" + dsn.user() + "&password="
                + dsn.password().value();
    }

    /** Runs one statement, as a person with the {@code mysql} client. */
    public void run(String statement, Object... values) {
        store.write(sql -> sql.change(statement, values));
    }

    /** The first column of the first row as text, null when there is no row. */
    public String ask(String query, Object... values) {
        return store.read(sql -> sql.first(query, row -> String.valueOf(row.getString(1)), values))
                .orElse(null);
    }

    @Override
    public void close() {
        database.close();
    }
}
