package io.dinp.e2e.client;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A person with the {@code mysql} client: one statement at a time, each on a connection of its own. */
public final class Mysql {
    private final String url;
    private final String password;

    /** A client for the database {@code dinp} at this {@code host:port}. */
    public Mysql(String hostPort, String password) {
        this.url = "jdbc:mysql://" + hostPort
                + "/dinp?connectTimeout=2000&socketTimeout=5000&connectionTimeZone=UTC&allowPublicKeyRetrieval=true";
        this.password = password;
    }

    /** Whether the server takes connections. */
    public boolean answers() {
        try (Connection connection = open()) {
            return connection.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }

    /** Runs a statement that changes something; the answer is the number of rows. */
    public int update(String sql, Object... values) {
        try (Connection connection = open();
                PreparedStatement statement = prepare(connection, sql, values)) {
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** The first column of every row, as text. */
    public List<String> column(String sql, Object... values) {
        try (Connection connection = open();
                PreparedStatement statement = prepare(connection, sql, values);
                ResultSet rows = statement.executeQuery()) {
            List<String> all = new ArrayList<>();
            while (rows.next()) {
                all.add(rows.getString(1));
            }
            return all;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** The first column of the only row. */
    public String value(String sql, Object... values) {
        List<String> all = column(sql, values);
        if (all.size() != 1) {
            throw new AssertionError(sql + " gives " + all.size() + " rows");
        }
        return all.get(0);
    }

    private Connection open() throws SQLException {
        return DriverManager.getConnection(url, "dinp", password);
    }

    private static PreparedStatement prepare(Connection connection, String sql, Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }
}
