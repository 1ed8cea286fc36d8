package io.dinp.server.mysql;

import io.dinp.common.db.Database;
import io.dinp.server.core.Exit;
import io.dinp.server.core.KeptExit;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * How instances ended, with their last output: kept for a week, the newest of each app, and never more than a table of
 * bounded size. They outlive the instances and the app.
 */
public final class ExitStore {

    private static final int KEPT_OF_APP = 20;
    private static final int KEPT = 20_000;
    private static final long KEPT_MS = 7L * 24 * 3600 * 1000;
    private static final String COLUMNS = "app_name, instance, node, revision, at, stage, reason, exit_code, oom, log";

    private final Database database;

    /** Reads from a database whose schema is up to date. */
    public ExitStore(Database database) {
        this.database = database;
    }

    /** The last ends of an app's instances, newest first. */
    public List<KeptExit> newest(String app, int limit) throws SQLException {
        return database.read(connection -> {
            List<KeptExit> exits = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement("select " + COLUMNS
                    + " from exit_log where app_name = ? order by at desc, id desc limit " + limit)) {
                select.setString(1, app);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        exits.add(exit(row));
                    }
                }
            }
            return exits;
        });
    }

    private static KeptExit exit(ResultSet row) throws SQLException {
        int exitCode = row.getInt("exit_code");
        Integer exited = row.wasNull() ? null : exitCode;
        String log = row.getString("log");
        return new KeptExit(
                new Exit(
                        row.getString("app_name"),
                        row.getString("instance"),
                        row.getString("node"),
                        row.getString("revision"),
                        row.getLong("at"),
                        row.getString("stage"),
                        row.getString("reason"),
                        exited,
                        row.getBoolean("oom")),
                log == null || log.isEmpty() ? List.of() : log.lines().toList());
    }

    /** An instance ends once: told again, after a restart of the server or with its output, only the output is new. */
    static void save(Connection connection, Iterable<KeptExit> exits) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement("insert into exit_log(" + COLUMNS
                + ") values(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                + " on duplicate key update log = if(values(log) = '', log, values(log))")) {
            for (KeptExit kept : exits) {
                Exit exit = kept.exit();
                upsert.setString(1, Texts.cut(exit.app(), 64));
                upsert.setString(2, Texts.cut(exit.instance(), 64));
                upsert.setString(3, exit.node());
                upsert.setString(4, Texts.cut(exit.revision(), 64));
                upsert.setLong(5, exit.at());
                upsert.setString(6, Texts.cut(exit.stage(), 16));
                upsert.setString(7, Texts.cut(exit.reason(), Texts.MAX_REASON));
                upsert.setObject(8, exit.exitCode());
                upsert.setBoolean(9, exit.oomKilled());
                upsert.setString(10, String.join("\n", kept.log()));
                upsert.addBatch();
            }
            upsert.executeBatch();
        }
    }

    /** Deletes what is older than a week, and of each app, and of all, what has many newer ones. */
    public void trim(long now) throws SQLException {
        database.write(connection -> {
            delete(connection, "at < ?", now - KEPT_MS);
            delete(connection, "id <= (select m from (select max(id) - ? as m from exit_log) newest)", KEPT);
            return delete(
                    connection,
                    "id in (select id from (select id, row_number() over"
                            + " (partition by app_name order by at desc, id desc) as n from exit_log) ranked where n > ?)",
                    KEPT_OF_APP);
        });
    }

    private static int delete(Connection connection, String condition, long value) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("delete from exit_log where " + condition)) {
            delete.setLong(1, value);
            return delete.executeUpdate();
        }
    }
}
