package io.dinp.common.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.dinp.common.config.Dsn;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * A bounded pool of connections to MySQL.
 *
 * <p>Opening never fails because MySQL is away: each use fails within seconds instead, with a {@link SQLException}.
 */
public final class Database implements AutoCloseable {
    private static final Duration CONNECTION_WAIT = Duration.ofSeconds(3);
    private static final Duration IDLE_LIMIT = Duration.ofMinutes(2);
    private static final Duration AGE_LIMIT = Duration.ofMinutes(10);

    private final Dsn dsn;
    private final HikariDataSource pool;

    private Database(Dsn dsn, HikariDataSource pool) {
        this.dsn = dsn;
        this.pool = pool;
    }

    /**
     * Opens a pool.
     *
     * @param name names its threads
     * @param size most connections at once
     */
    public static Database open(Dsn dsn, String name, int size) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(dsn.jdbcUrl());
        config.setUsername(dsn.user());
        config.setPassword(dsn.password().value());
        config.setMaximumPoolSize(Math.max(1, size));
        config.setMinimumIdle(1);
        config.setInitializationFailTimeout(-1);
        // Named, not asked for: a pool whose first connection dies while it is asked never makes another one.
        config.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
        config.setConnectionTimeout(CONNECTION_WAIT.toMillis());
        config.setValidationTimeout(Duration.ofSeconds(1).toMillis());
        config.setIdleTimeout(IDLE_LIMIT.toMillis());
        config.setMaxLifetime(AGE_LIMIT.toMillis());
        return new Database(dsn, new HikariDataSource(config));
    }

    /** Where this is, for the migrations' own connections. */
    Dsn dsn() {
        return dsn;
    }

    /** For libraries that want the pool itself. */
    public DataSource dataSource() {
        return pool;
    }

    /** Reads in one transaction that sees one moment of all tables. */
    public <T> T read(SqlFunction<Connection, T> work) throws SQLException {
        return within(work, true);
    }

    /** Writes in one transaction: all of it or nothing. */
    public <T> T write(SqlFunction<Connection, T> work) throws SQLException {
        return within(work, false);
    }

    private <T> T within(SqlFunction<Connection, T> work, boolean readOnly) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            connection.setReadOnly(readOnly);
            connection.setTransactionIsolation(
                    readOnly ? Connection.TRANSACTION_REPEATABLE_READ : Connection.TRANSACTION_READ_COMMITTED);
            connection.setAutoCommit(false);
            try {
                T result = work.apply(connection);
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException e) {
                rollBack(connection, e);
                throw e;
            }
        }
    }

    private static void rollBack(Connection connection, Exception cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
