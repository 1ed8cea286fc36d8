package io.dinp.common.db;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Changes of a database's tables that look first whether they are needed, in SQL that MySQL and MariaDB share. */
final class Schema {
    private static final String TABLE =
            "select 1 from information_schema.tables" + " where table_schema = database() and table_name = ?";
    private static final String TABLE_IN_UTF8MB4 = TABLE + " and table_collation like 'utf8mb4%'";
    private static final String COLUMN = "select 1 from information_schema.columns"
            + " where table_schema = database() and table_name = ? and column_name = ?";
    private static final String KEY = "select 1 from information_schema.statistics"
            + " where table_schema = database() and table_name = ? and index_name = ?";

    private final Connection connection;

    Schema(Connection connection) {
        this.connection = connection;
    }

    boolean hasTable(String table) throws SQLException {
        return finds(TABLE, table);
    }

    void toUtf8mb4(String table) throws SQLException {
        if (!finds(TABLE_IN_UTF8MB4, table)) {
            run("ALTER TABLE " + table + " CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci");
        }
    }

    void addColumn(String table, String column, String definition) throws SQLException {
        if (!finds(COLUMN, table, column)) {
            run("ALTER TABLE " + table + " ADD COLUMN " + column + " " + definition);
        }
    }

    void addUniqueKey(String table, String key, String columns) throws SQLException {
        if (!finds(KEY, table, key)) {
            run("ALTER TABLE " + table + " ADD UNIQUE KEY " + key + " (" + columns + ")");
        }
    }

    void run(String statement) throws SQLException {
        try (Statement sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }

    private boolean finds(String query, String... values) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(query)) {
            for (int i = 0; i < values.length; i++) {
                select.setString(i + 1, values[i]);
            }
            try (ResultSet rows = select.executeQuery()) {
                return rows.next();
            }
        }
    }
}
