package io.dinp.server;

import io.dinp.common.model.Revision;
import io.dinp.server.core.KeptFailure;
import io.dinp.server.core.Rollout;
import io.dinp.server.mysql.Store;
import io.dinp.server.state.StoredNode;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** What MySQL remembers of the time before this process. */
record Memory(
        SortedMap<String, Rollout> rollouts,
        Map<String, Revision> revisions,
        SortedMap<String, KeptFailure> failures,
        List<StoredNode> nodes,
        Map<String, Long> routers) {

    Memory(Store store) throws SQLException {
        this(store.rollouts(), store.revisions(), store.failures(), store.nodes(), store.routers());
    }
}
