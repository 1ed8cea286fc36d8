package io.dinp.server.mysql;

import com.fasterxml.jackson.core.type.TypeReference;
import io.dinp.common.db.Database;
import io.dinp.common.json.Json;
import io.dinp.server.core.NodeWish;
import io.dinp.server.state.StoredNode;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The nodes and routers that have been seen, so that a server that starts knows whom to wait for. */
public final class NodeStore {

    private static final TypeReference<Map<String, String>> LABELS = new TypeReference<>() {};

    private final Database database;

    /** Stores into a database whose schema is up to date. */
    public NodeStore(Database database) {
        this.database = database;
    }

    /** All known nodes. */
    public List<StoredNode> nodes() throws SQLException {
        return database.read(connection -> {
            List<StoredNode> all = new ArrayList<>();
            try (PreparedStatement statement = connection.prepareStatement(
                            "select ip, identity, agent_port, state, last_seen, labels from node");
                    ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    all.add(new StoredNode(
                            row.getString("ip"),
                            row.getString("identity"),
                            row.getInt("agent_port"),
                            row.getString("state"),
                            row.getLong("last_seen"),
                            labels(row.getString("labels"))));
                }
            }
            return all;
        });
    }

    private static Map<String, String> labels(String json) throws SQLException {
        if (json == null || json.isEmpty()) {
            return Map.of();
        }
        try {
            return Json.mapper().readValue(json, LABELS);
        } catch (IOException e) {
            throw new SQLException("labels of a node are no JSON object: " + json, e);
        }
    }

    /** When each router was last seen, in epoch ms. */
    public Map<String, Long> routers() throws SQLException {
        return database.read(connection -> {
            Map<String, Long> all = new HashMap<>();
            try (PreparedStatement statement = connection.prepareStatement("select id, last_seen from router");
                    ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    all.put(row.getString("id"), row.getLong("last_seen"));
                }
            }
            return all;
        });
    }

    /** Stores what an operator wishes of a node, which may have been heard too recently to be stored. */
    public void wish(StoredNode node, NodeWish wish) throws SQLException {
        database.write(connection -> {
            try (PreparedStatement upsert = connection.prepareStatement("insert into node(ip, identity, agent_port,"
                    + " state, last_seen, labels, cordoned, draining, drain_by) values(?, ?, ?, ?, ?, ?, ?, ?, ?)"
                    + " on duplicate key update cordoned = values(cordoned), draining = values(draining),"
                    + " drain_by = values(drain_by)")) {
                describe(upsert, node);
                upsert.setBoolean(7, wish.cordoned());
                upsert.setBoolean(8, wish.draining());
                upsert.setLong(9, wish.drainBy());
                return upsert.executeUpdate();
            }
        });
    }

    private static void describe(PreparedStatement insert, StoredNode node) throws SQLException {
        insert.setString(1, node.ip());
        insert.setString(2, node.identity());
        insert.setInt(3, node.agentPort());
        insert.setString(4, node.state());
        insert.setLong(5, node.lastSeen());
        insert.setString(6, Json.write(node.labels()));
    }

    /** Stores nodes and routers as they are now; what operators wish of a node is never touched. */
    public void save(List<StoredNode> nodes, Map<String, Long> routers) throws SQLException {
        database.write(connection -> {
            try (PreparedStatement node = connection.prepareStatement(
                            "insert into node(ip, identity, agent_port, state, last_seen, labels)"
                                    + " values(?, ?, ?, ?, ?, ?) on duplicate key update identity = values(identity),"
                                    + " agent_port = values(agent_port), state = values(state),"
                                    + " last_seen = values(last_seen), labels = values(labels)");
                    PreparedStatement router = connection.prepareStatement("insert into router(id, last_seen)"
                            + " values(?, ?) on duplicate key update last_seen = values(last_seen)")) {
                for (StoredNode stored : nodes) {
                    describe(node, stored);
                    node.addBatch();
                }
                node.executeBatch();
                for (Map.Entry<String, Long> entry : routers.entrySet()) {
                    router.setString(1, entry.getKey());
                    router.setLong(2, entry.getValue());
                    router.addBatch();
                }
                router.executeBatch();
            }
            return null;
        });
    }
}
