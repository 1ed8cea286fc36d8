package io.dinp.hm.mysql;

import io.dinp.common.db.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;

/** Which apps want to be watched, and where: the original monitor's own query. */
public final class HealthPaths {
    private final Database database;

    public HealthPaths(Database database) {
        this.database = database;
    }

    /** The health paths by app. */
    public Map<String, String> read() throws SQLException {
        return database.read(connection -> {
            Map<String, String> paths = new TreeMap<>();
            try (PreparedStatement select =
                            connection.prepareStatement("select name, health from app where health <> ''");
                    ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    paths.put(row.getString("name"), row.getString("health").strip());
                }
            }
            return paths;
        });
    }
}
