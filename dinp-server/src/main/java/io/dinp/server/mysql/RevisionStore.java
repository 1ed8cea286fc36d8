package io.dinp.server.mysql;

import io.dinp.common.db.Database;
import io.dinp.common.json.Json;
import io.dinp.common.model.Revision;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The last revisions of each app, and the way back to one of them. */
public final class RevisionStore {

    private static final int SHOWN = 20;

    private final Database database;

    /** Works on a database whose schema is up to date. */
    public RevisionStore(Database database) {
        this.database = database;
    }

    /** A revision with the time when it was first wanted, in epoch ms. */
    public record Dated(Revision revision, long createdAt) {}

    /** The newest revisions of an app, newest first. */
    public List<Dated> newest(String app) throws SQLException {
        return database.read(connection -> {
            List<Dated> all = new ArrayList<>();
            try (PreparedStatement select =
                    connection.prepareStatement("select id, app_name, image, digest, memory, env,"
                            + " deploy_seq, created_at from revision where app_name = ? order by created_at desc, id limit "
                            + SHOWN)) {
                select.setString(1, app);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        all.add(new Dated(ProgressStore.revision(row), row.getLong("created_at")));
                    }
                }
            }
            return all;
        });
    }

    /**
     * Makes an app's row and environment what a revision had, in one transaction, and notes it in the app's history. The
     * revision's own id comes out of that again, so its instances are of the very image that it had then.
     *
     * @param user who wishes it, "" when nobody says
     * @return false when the app is gone
     */
    public boolean restore(Revision revision, String user) throws SQLException {
        return database.write(connection -> {
            long id = lock(connection, revision.app());
            if (id < 0) {
                return false;
            }
            writeRow(connection, revision);
            writeEnv(connection, revision, id);
            writeHistory(connection, revision, id, user);
            return true;
        });
    }

    private static long lock(Connection connection, String app) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select id from app where name = ? for update")) {
            select.setString(1, app);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getLong(1) : -1;
            }
        }
    }

    private static void writeRow(Connection connection, Revision revision) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "update app set image = ?, memory = ?, deploy_seq = ?, status = 0 where name = ?")) {
            update.setString(1, revision.image());
            update.setInt(2, revision.memoryMb());
            update.setInt(3, revision.deploySeq());
            update.setString(4, revision.app());
            update.executeUpdate();
        }
    }

    private static void writeEnv(Connection connection, Revision revision, long app) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("delete from env where app_name = ?");
                PreparedStatement insert =
                        connection.prepareStatement("insert into env(k, v, app_id, app_name) values(?, ?, ?, ?)")) {
            delete.setString(1, revision.app());
            delete.executeUpdate();
            for (Map.Entry<String, String> entry : revision.env().entrySet()) {
                insert.setString(1, entry.getKey());
                insert.setString(2, entry.getValue());
                insert.setLong(3, app);
                insert.setString(4, revision.app());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static void writeHistory(Connection connection, Revision revision, long app, String user)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into history(app_id, app_name, resume, image, env, memory, user_name) values(?, ?, ?, ?, ?, ?, ?)")) {
            insert.setLong(1, app);
            insert.setString(2, revision.app());
            insert.setString(3, "back to revision " + revision.id().substring(0, 8));
            insert.setString(4, revision.image());
            insert.setString(5, Json.write(revision.env()));
            insert.setInt(6, revision.memoryMb());
            insert.setString(7, user);
            insert.executeUpdate();
        }
    }
}
