package io.dinp.server.mysql;

import io.dinp.common.db.Database;
import io.dinp.server.core.AppRow;
import io.dinp.server.core.DomainRow;
import io.dinp.server.core.NodeWish;
import io.dinp.server.core.RolloutRules;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads what people want. A read is complete or it throws {@link SQLException}: there is no half of a desired state.
 */
public final class DesiredStore {

    private static final String FINGERPRINT = "select concat_ws('/',"
            + " (select concat_ws(',', count(*), bit_xor(crc32(concat_ws('#', id, name, updated_at)))) from app),"
            + " (select concat_ws(',', count(*), bit_xor(crc32(concat_ws('#', id, app_name, updated_at)))) from env),"
            + " (select concat_ws(',', count(*), bit_xor(crc32(concat_ws('#', id, app_name, updated_at)))) from domain),"
            + " (select concat_ws(',', count(*), bit_xor(crc32(concat_ws('#', ip, cordoned, draining, drain_by))))"
            + " from node where cordoned <> 0 or draining <> 0))";
    private static final String APPS =
            "select id, name, image, memory, instance, status, health, deploy_seq, surge, unavailable, bake_seconds,"
                    + " constraints from app order by id";
    private static final String ENV = "select app_name, k, v from env order by id";
    private static final String DOMAINS =
            "select domain, app_name from domain where app_id <> 0 and app_name <> '' order by id";
    private static final String NODES =
            "select ip, cordoned, draining, drain_by from node where cordoned <> 0 or draining <> 0";

    private final Database database;

    /** Reads from a database whose schema is up to date. */
    public DesiredStore(Database database) {
        this.database = database;
    }

    /** A text that changes with every change of a row; cheap enough for each second. */
    public String fingerprint() throws SQLException {
        return database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(FINGERPRINT);
                    ResultSet result = statement.executeQuery()) {
                result.next();
                return result.getString(1);
            }
        });
    }

    /** Reads everything. */
    public Store.Rows read() throws SQLException {
        return database.read(connection -> {
            Map<String, SortedMap<String, String>> env = env(connection);
            return new Store.Rows(apps(connection, env), domains(connection), nodes(connection));
        });
    }

    private static List<AppRow> apps(Connection connection, Map<String, SortedMap<String, String>> env)
            throws SQLException {
        List<AppRow> rows = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(APPS);
                ResultSet result = statement.executeQuery()) {
            while (result.next()) {
                String name = result.getString("name");
                rows.add(new AppRow(
                        result.getLong("id"),
                        name,
                        text(result, "image").strip(),
                        result.getInt("memory"),
                        result.getInt("instance"),
                        result.getInt("status"),
                        text(result, "health"),
                        result.getInt("deploy_seq"),
                        env.getOrDefault(name, new TreeMap<>()),
                        new RolloutRules(
                                number(result, "surge"), result.getInt("unavailable"), number(result, "bake_seconds")),
                        text(result, "constraints")));
            }
        }
        return rows;
    }

    private static Map<String, SortedMap<String, String>> env(Connection connection) throws SQLException {
        Map<String, SortedMap<String, String>> byApp = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(ENV);
                ResultSet result = statement.executeQuery()) {
            while (result.next()) {
                byApp.computeIfAbsent(text(result, "app_name"), app -> new TreeMap<>())
                        .put(text(result, "k"), text(result, "v"));
            }
        }
        return byApp;
    }

    private static List<DomainRow> domains(Connection connection) throws SQLException {
        List<DomainRow> rows = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(DOMAINS);
                ResultSet result = statement.executeQuery()) {
            while (result.next()) {
                rows.add(new DomainRow(text(result, "domain"), text(result, "app_name")));
            }
        }
        return rows;
    }

    private static SortedMap<String, NodeWish> nodes(Connection connection) throws SQLException {
        SortedMap<String, NodeWish> wishes = new TreeMap<>();
        try (PreparedStatement statement = connection.prepareStatement(NODES);
                ResultSet result = statement.executeQuery()) {
            while (result.next()) {
                wishes.put(
                        result.getString("ip"),
                        new NodeWish(
                                result.getBoolean("cordoned"),
                                result.getBoolean("draining"),
                                result.getLong("drain_by")));
            }
        }
        return wishes;
    }

    private static Integer number(ResultSet result, String column) throws SQLException {
        int value = result.getInt(column);
        return result.wasNull() ? null : value;
    }

    private static String text(ResultSet result, String column) throws SQLException {
        String value = result.getString(column);
        return value == null ? "" : value;
    }
}
