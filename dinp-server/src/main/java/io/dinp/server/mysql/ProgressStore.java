package io.dinp.server.mysql;

import com.fasterxml.jackson.core.type.TypeReference;
import io.dinp.common.db.Database;
import io.dinp.common.json.Json;
import io.dinp.common.model.Revision;
import io.dinp.server.core.Rollout;
import io.dinp.server.core.RolloutState;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The control plane's memory: revisions, rollouts with the status of their app, and events. */
public final class ProgressStore {

    private static final int KEPT_REVISIONS = 20;
    private static final TypeReference<TreeMap<String, String>> ENV = new TypeReference<>() {};

    private final Database database;

    /** Stores into a database whose schema is up to date. */
    public ProgressStore(Database database) {
        this.database = database;
    }

    /** All rollouts by app. */
    public SortedMap<String, Rollout> rollouts() throws SQLException {
        return database.read(connection -> {
            SortedMap<String, Rollout> all = new TreeMap<>();
            try (PreparedStatement statement = connection.prepareStatement("select app_name, target, last_good, state,"
                            + " status, reason, started_at, deadline, crashes, next_start, paused from rollout");
                    ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    all.put(row.getString("app_name"), rollout(row));
                }
            }
            return all;
        });
    }

    private static Rollout rollout(ResultSet row) throws SQLException {
        return new Rollout(
                row.getString("app_name"),
                row.getString("target"),
                row.getString("last_good"),
                RolloutState.of(row.getString("state")),
                row.getInt("status"),
                row.getString("reason"),
                row.getLong("started_at"),
                row.getLong("deadline"),
                row.getInt("crashes"),
                row.getLong("next_start"),
                row.getBoolean("paused"),
                0);
    }

    /** All stored revisions by id. */
    public Map<String, Revision> revisions() throws SQLException {
        return database.read(connection -> {
            Map<String, Revision> all = new HashMap<>();
            try (PreparedStatement statement = connection.prepareStatement(
                            "select id, app_name, image, digest, memory, env, deploy_seq from revision");
                    ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    Revision revision = revision(row);
                    all.put(revision.id(), revision);
                }
            }
            return all;
        });
    }

    static Revision revision(ResultSet row) throws SQLException {
        try {
            String env = row.getString("env");
            return new Revision(
                    row.getString("id"),
                    row.getString("app_name"),
                    row.getString("image"),
                    row.getString("digest"),
                    row.getInt("memory"),
                    env == null || env.isEmpty()
                            ? new TreeMap<>()
                            : Json.mapper().readValue(env, ENV),
                    row.getInt("deploy_seq"));
        } catch (IOException e) {
            throw new SQLException("env of revision " + row.getString("id") + " is no JSON object", e);
        }
    }

    /** Stores a batch in one transaction: a rollout and the status that goes with it are never apart. */
    public void save(Batch batch, long now) throws SQLException {
        database.write(connection -> {
            saveRevisions(connection, batch.revisions(), now);
            saveRollouts(connection, batch.rollouts(), now);
            saveStatuses(connection, batch.statuses());
            dropApps(connection, batch);
            FailureStore.save(connection, batch.failures());
            forgetNodes(connection, batch.forgottenNodes());
            EventStore.save(connection, batch.events());
            ExitStore.save(connection, batch.exits());
            return null;
        });
    }

    private static void saveRevisions(Connection connection, Iterable<Revision> revisions, long now)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into revision(id, app_name, image, digest, memory, env, deploy_seq, created_at)"
                        + " values(?, ?, ?, ?, ?, ?, ?, ?) on duplicate key update digest = values(digest)")) {
            for (Revision revision : revisions) {
                insert.setString(1, revision.id());
                insert.setString(2, revision.app());
                insert.setString(3, revision.image());
                insert.setString(4, revision.digest());
                insert.setInt(5, revision.memoryMb());
                insert.setString(6, Json.write(revision.env()));
                insert.setInt(7, revision.deploySeq());
                insert.setLong(8, now);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static void saveRollouts(Connection connection, Iterable<Rollout> rollouts, long now) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement(
                "insert into rollout(app_name, target, last_good, state, status, reason, started_at, deadline,"
                        + " crashes, next_start, paused, updated_at) values(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                        + " on duplicate key update target = values(target), last_good = values(last_good),"
                        + " state = values(state), status = values(status), reason = values(reason),"
                        + " started_at = values(started_at), deadline = values(deadline), crashes = values(crashes),"
                        + " next_start = values(next_start), paused = values(paused), updated_at = values(updated_at)")) {
            for (Rollout rollout : rollouts) {
                upsert.setString(1, rollout.app());
                upsert.setString(2, rollout.target());
                upsert.setString(3, rollout.lastGood());
                upsert.setString(4, rollout.state().text());
                upsert.setInt(5, rollout.status());
                upsert.setString(6, Texts.cut(rollout.reason(), Texts.MAX_REASON));
                upsert.setLong(7, rollout.startedAt());
                upsert.setLong(8, rollout.deadline());
                upsert.setInt(9, rollout.crashes());
                upsert.setLong(10, rollout.nextStart());
                upsert.setBoolean(11, rollout.paused());
                upsert.setLong(12, now);
                upsert.addBatch();
            }
            upsert.executeBatch();
        }
    }

    private static void saveStatuses(Connection connection, Map<String, Integer> statuses) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("update app set status = ? where name = ?")) {
            for (Map.Entry<String, Integer> entry : statuses.entrySet()) {
                update.setInt(1, entry.getValue());
                update.setString(2, entry.getKey());
                update.addBatch();
            }
            update.executeBatch();
        }
    }

    private static void dropApps(Connection connection, Batch batch) throws SQLException {
        try (PreparedStatement rollout = connection.prepareStatement("delete from rollout where app_name = ?");
                PreparedStatement revision = connection.prepareStatement("delete from revision where app_name = ?");
                PreparedStatement failure = connection.prepareStatement("delete from failure where app_name = ?")) {
            for (String app : batch.dropped()) {
                rollout.setString(1, app);
                rollout.addBatch();
                revision.setString(1, app);
                revision.addBatch();
                failure.setString(1, app);
                failure.addBatch();
            }
            rollout.executeBatch();
            revision.executeBatch();
            failure.executeBatch();
        }
    }

    private static void forgetNodes(Connection connection, Set<String> nodes) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("delete from node where ip = ?")) {
            for (String ip : nodes) {
                delete.setString(1, ip);
                delete.addBatch();
            }
            delete.executeBatch();
        }
    }

    /** Deletes what nobody will ask for any more: old events, and revisions of which an app has many newer ones. */
    public void trim() throws SQLException {
        database.write(connection -> {
            EventStore.trim(connection);
            try (PreparedStatement revisions = connection.prepareStatement(
                    "delete from revision where id in (select id from (select r.id from revision r where"
                            + " (select count(*) from revision n where n.app_name = r.app_name"
                            + " and n.created_at > r.created_at) >= ?"
                            + " and not exists (select 1 from rollout o where o.app_name = r.app_name"
                            + " and (o.target = r.id or o.last_good = r.id))) old)")) {
                revisions.setInt(1, KEPT_REVISIONS);
                revisions.executeUpdate();
            }
            return null;
        });
    }
}
