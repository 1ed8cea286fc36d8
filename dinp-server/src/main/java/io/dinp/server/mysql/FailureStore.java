package io.dinp.server.mysql;

import io.dinp.common.db.Database;
import io.dinp.server.core.Failure;
import io.dinp.server.core.KeptFailure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Why deploys were given up: kept for a week, the newest of each app for as long as it stands. */
public final class FailureStore {

    private static final long KEPT_MS = 7L * 24 * 3600 * 1000;

    private final Database database;

    /** Reads from a database whose schema is up to date. */
    public FailureStore(Database database) {
        this.database = database;
    }

    /** The newest failure of each app. */
    public SortedMap<String, KeptFailure> newest() throws SQLException {
        return database.read(connection -> {
            SortedMap<String, KeptFailure> all = new TreeMap<>();
            try (PreparedStatement select = connection.prepareStatement("select app_name, revision, at, stage, reason,"
                            + " node, instance, exit_code, oom, log from failure order by app_name, at");
                    ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    all.put(row.getString("app_name"), failure(row));
                }
            }
            return all;
        });
    }

    private static KeptFailure failure(ResultSet row) throws SQLException {
        int exitCode = row.getInt("exit_code");
        Integer exited = row.wasNull() ? null : exitCode;
        String log = row.getString("log");
        return new KeptFailure(
                new Failure(
                        row.getString("app_name"),
                        row.getString("revision"),
                        row.getLong("at"),
                        row.getString("stage"),
                        row.getString("reason"),
                        row.getString("node"),
                        row.getString("instance"),
                        exited,
                        row.getBoolean("oom")),
                log == null || log.isEmpty() ? List.of() : log.lines().toList());
    }

    static void save(Connection connection, List<KeptFailure> failures) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement("insert into failure(app_name, revision, at, stage,"
                + " reason, node, instance, exit_code, oom, log) values(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                + " on duplicate key update log = values(log)")) {
            for (KeptFailure kept : failures) {
                Failure failure = kept.failure();
                upsert.setString(1, failure.app());
                upsert.setString(2, failure.revision());
                upsert.setLong(3, failure.at());
                upsert.setString(4, failure.stage());
                upsert.setString(5, Texts.cut(failure.reason(), Texts.MAX_REASON));
                upsert.setString(6, failure.node());
                upsert.setString(7, failure.instance());
                upsert.setObject(8, failure.exitCode());
                upsert.setBoolean(9, failure.oomKilled());
                upsert.setString(10, String.join("\n", kept.log()));
                upsert.addBatch();
            }
            upsert.executeBatch();
        }
    }

    /** Deletes what is older than a week, unless it is still the reason of a failed deploy. */
    public void trim(long now) throws SQLException {
        database.write(connection -> {
            try (PreparedStatement delete =
                    connection.prepareStatement("delete from failure where at < ? and not exists"
                            + " (select 1 from rollout o where o.app_name = failure.app_name and o.target = failure.revision"
                            + " and o.state = 'failed')")) {
                delete.setLong(1, now - KEPT_MS);
                return delete.executeUpdate();
            }
        });
    }
}
