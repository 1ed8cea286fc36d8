package io.dinp.web;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Statements with their parameters in one call, over one connection; services keep their SQL readable with it. */
public final class Sql {
    /** Makes a record of the current row. */
    @FunctionalInterface
    public interface RowMapper<T> {
        T map(ResultSet row) throws SQLException;
    }

    private final Connection connection;

    private Sql(Connection connection) {
        this.connection = connection;
    }

    public static Sql on(Connection connection) {
        return new Sql(connection);
    }

    /** All rows, in their order. */
    public <T> List<T> list(String sql, RowMapper<T> mapper, Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(sql, Statement.NO_GENERATED_KEYS, values);
                ResultSet rows = statement.executeQuery()) {
            List<T> found = new ArrayList<>();
            while (rows.next()) {
                found.add(mapper.map(rows));
            }
            return found;
        }
    }

    /** The first row. */
    public <T> Optional<T> first(String sql, RowMapper<T> mapper, Object... values) throws SQLException {
        return list(sql, mapper, values).stream().findFirst();
    }

    /** Runs a change and says how many rows it touched. */
    public int change(String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(sql, Statement.NO_GENERATED_KEYS, values)) {
            return statement.executeUpdate();
        }
    }

    /** Inserts one row and gives its id. */
    public int insert(String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(sql, Statement.RETURN_GENERATED_KEYS, values)) {
            statement.executeUpdate();
            try (ResultSet keys = statement.getGeneratedKeys()) {
                keys.next();
                return keys.getInt(1);
            }
        }
    }

    /** A pattern for {@code like} that finds {@code text} anywhere, its wildcards taken as they are. */
    public static String containing(String text) {
        return "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%";
    }

    private PreparedStatement prepare(String sql, int keys, Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql, keys);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }
}
