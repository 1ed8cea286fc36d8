package io.dinp.server.mysql;

import io.dinp.common.model.Revision;
import io.dinp.server.core.AppRow;
import io.dinp.server.core.DomainRow;
import io.dinp.server.core.KeptFailure;
import io.dinp.server.core.NodeWish;
import io.dinp.server.core.Rollout;
import io.dinp.server.state.StoredNode;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What people want and what the control plane remembers: in MySQL, or simulated. A read is complete or it throws, a write
 * is done as a whole or not at all, though the caller may not learn that it was.
 */
public interface Store {

    /** All rows that bear on the desired state, from one transaction. */
    record Rows(List<AppRow> apps, List<DomainRow> domains, SortedMap<String, NodeWish> nodes) {

        /** Rows that wish nothing of any node. */
        public Rows(List<AppRow> apps, List<DomainRow> domains) {
            this(apps, domains, new TreeMap<>());
        }
    }

    /** A text that changes with every change of a row; cheap enough for each second. */
    String fingerprint() throws SQLException;

    /** Reads all that is wanted. */
    Rows read() throws SQLException;

    /** Stores a batch in one transaction: a rollout and the status that goes with it are never apart. */
    void save(Batch batch, long now) throws SQLException;

    /** Stores nodes and routers as they are now. */
    void saveSeen(List<StoredNode> nodes, Map<String, Long> routers) throws SQLException;

    /** Deletes what nobody will ask for any more. */
    void trim(long now) throws SQLException;

    /** All rollouts by app. */
    SortedMap<String, Rollout> rollouts() throws SQLException;

    /** All stored revisions by id. */
    Map<String, Revision> revisions() throws SQLException;

    /** The newest failure of each app. */
    SortedMap<String, KeptFailure> failures() throws SQLException;

    /** All known nodes. */
    List<StoredNode> nodes() throws SQLException;

    /** When each router was last seen, in epoch ms. */
    Map<String, Long> routers() throws SQLException;
}
