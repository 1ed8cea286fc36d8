package io.dinp.web;

import io.dinp.common.db.Database;
import java.sql.SQLException;

/** The database as services use it: one transaction a call, failures as {@link DatabaseFault}. */
public final class Store {
    /** What is done in one transaction. */
    @FunctionalInterface
    public interface Work<T> {
        T with(Sql sql) throws SQLException;
    }

    private final Database database;

    public Store(Database database) {
        this.database = database;
    }

    /** Reads one moment of all tables. */
    public <T> T read(Work<T> work) {
        try {
            return database.read(connection -> work.with(Sql.on(connection)));
        } catch (SQLException e) {
            throw new DatabaseFault(e);
        }
    }

    /** Changes all or nothing; a {@link Refusal} thrown within undoes it. */
    public <T> T write(Work<T> work) {
        try {
            return database.write(connection -> work.with(Sql.on(connection)));
        } catch (SQLException e) {
            throw new DatabaseFault(e);
        }
    }
}
