package io.dinp.web;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;

/** MySQL did not do what it was asked: it is away, its schema is not there yet, or the statement is wrong. */
public final class DatabaseFault extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final String CONNECTION = "08";
    private static final String NO_TABLE = "42S02";

    public DatabaseFault(SQLException cause) {
        super(cause.getMessage(), cause);
    }

    /** Whether waiting helps: no connection, or no tables yet. */
    public boolean isAway() {
        SQLException cause = (SQLException) getCause();
        String state = String.valueOf(cause.getSQLState());
        return cause instanceof SQLTransientException
                || cause instanceof SQLRecoverableException
                || cause instanceof SQLNonTransientConnectionException
                || state.startsWith(CONNECTION)
                || state.equals(NO_TABLE);
    }
}
