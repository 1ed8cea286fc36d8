package io.dinp.server.mysql;

import io.dinp.common.db.Database;
import io.dinp.common.model.Revision;
import io.dinp.server.core.KeptFailure;
import io.dinp.server.core.Rollout;
import io.dinp.server.state.StoredNode;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** The tables together, as the control plane uses them. */
public final class MysqlStore implements Store {

    private final DesiredStore desired;
    private final ProgressStore progress;
    private final FailureStore failures;
    private final ExitStore exits;
    private final NodeStore nodes;

    /** Reads from and stores into a database whose schema is up to date. */
    public MysqlStore(Database database) {
        this.desired = new DesiredStore(database);
        this.progress = new ProgressStore(database);
        this.failures = new FailureStore(database);
        this.exits = new ExitStore(database);
        this.nodes = new NodeStore(database);
    }

    @Override
    public String fingerprint() throws SQLException {
        return desired.fingerprint();
    }

    @Override
    public Rows read() throws SQLException {
        return desired.read();
    }

    @Override
    public void save(Batch batch, long now) throws SQLException {
        progress.save(batch, now);
    }

    @Override
    public void saveSeen(List<StoredNode> seen, Map<String, Long> routers) throws SQLException {
        nodes.save(seen, routers);
    }

    @Override
    public void trim(long now) throws SQLException {
        progress.trim();
        failures.trim(now);
        exits.trim(now);
    }

    @Override
    public SortedMap<String, Rollout> rollouts() throws SQLException {
        return progress.rollouts();
    }

    @Override
    public Map<String, Revision> revisions() throws SQLException {
        return progress.revisions();
    }

    @Override
    public SortedMap<String, KeptFailure> failures() throws SQLException {
        return failures.newest();
    }

    @Override
    public List<StoredNode> nodes() throws SQLException {
        return nodes.nodes();
    }

    @Override
    public Map<String, Long> routers() throws SQLException {
        return nodes.routers();
    }
}
