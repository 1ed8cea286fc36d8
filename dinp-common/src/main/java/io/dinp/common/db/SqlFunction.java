package io.dinp.common.db;

import java.sql.SQLException;

/** Work on a connection. */
@FunctionalInterface
public interface SqlFunction<A, R> {
    /** Does the work; an exception rolls the transaction back. */
    R apply(A argument) throws SQLException;
}
