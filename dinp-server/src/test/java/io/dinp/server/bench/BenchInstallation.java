package io.dinp.server.bench;

import io.dinp.common.config.Dsn;
import io.dinp.common.db.Database;
import io.dinp.common.model.InstanceSpec;
import io.dinp.common.model.Revision;
import io.dinp.server.mysql.NodeStore;
import io.dinp.server.state.StoredNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** An installation of a size: rows in MySQL, and nodes on which all of it runs already. */
final class BenchInstallation {

    private static final int INSTANCES = 3;
    private static final int MEMORY_MB = 128;
    private static final SortedMap<String, String> ENV = new TreeMap<>(Map.of("MODE", "production", "REGION", "north"));
    private static final String DIGEST = "sha256:" + "0".repeat(64);

    private final int nodes;
    private final int apps;

    BenchInstallation(int nodes, int apps) {
        this.nodes = nodes;
        this.apps = apps;
    }

    private static String ip(int node) {
        return "10." + (64 + node / 50_000) + "." + node / 250 % 200 + "." + (node % 250 + 1);
    }

    private static String name(int app) {
        return "app" + app;
    }

    private static String image(int app) {
        return "registry.example:5000/team/" + name(app) + ":1.0";
    }

    /** Writes the rows into a database that has the schema. */
    void fill(Dsn dsn) throws SQLException {
        try (Database database = Database.open(dsn, "fill", 1)) {
            database.write(this::rows);
            List<StoredNode> known = IntStream.range(0, nodes)
                    .mapToObj(node ->
                            new StoredNode(ip(node), "node-" + ip(node), BenchAgents.PORT, "ready", 1, Map.of()))
                    .toList();
            new NodeStore(database).save(known, Map.of());
        }
    }

    private Void rows(Connection connection) throws SQLException {
        try (PreparedStatement app = connection.prepareStatement(
                        "insert into app(name, creator, image, memory, instance) values(?, 1, ?, ?, ?)");
                PreparedStatement env = connection.prepareStatement(
                        "insert into env(app_name, k, v, app_id) select name, ?, ?, id from app where name = ?")) {
            for (int i = 0; i < apps; i++) {
                app.setString(1, name(i));
                app.setString(2, image(i));
                app.setInt(3, MEMORY_MB);
                app.setInt(4, INSTANCES);
                app.executeUpdate();
                for (Map.Entry<String, String> entry : ENV.entrySet()) {
                    env.setString(1, entry.getKey());
                    env.setString(2, entry.getValue());
                    env.setString(3, name(i));
                    env.executeUpdate();
                }
            }
        }
        return null;
    }

    /** The nodes, with every instance running somewhere. */
    List<BenchNode> running() {
        List<BenchNode> all = new ArrayList<>();
        IntStream.range(0, nodes).forEach(node -> all.add(new BenchNode(ip(node))));
        for (int app = 0; app < apps; app++) {
            Revision revision = Revision.of(name(app), image(app), MEMORY_MB, ENV, 0);
            for (int i = 0; i < INSTANCES; i++) {
                String id = name(app) + "-" + i;
                InstanceSpec spec = new InstanceSpec(
                        id, name(app), revision.id(), image(app), DIGEST, MEMORY_MB, ENV, "", "", "", 0, 60);
                all.get((app * INSTANCES + i) % nodes).run(spec, DIGEST);
            }
        }
        return all;
    }

    /** How many deploys are through; a busy machine may be too slow for a connection now and then. */
    static int deployed(Database database) {
        try {
            return database.read(connection -> {
                try (Statement statement = connection.createStatement();
                        ResultSet row = statement.executeQuery("select count(*) from rollout where state = 'done'")) {
                    row.next();
                    return row.getInt(1);
                }
            });
        } catch (SQLTransientConnectionException e) {
            return 0;
        } catch (SQLException e) {
            throw new IllegalStateException("the rollouts cannot be counted", e);
        }
    }
}
