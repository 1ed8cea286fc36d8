package io.dinp.server;

import io.dinp.common.model.Revision;
import io.dinp.server.core.KeptFailure;
import io.dinp.server.core.Rollout;
import io.dinp.server.mysql.FailureStore;
import io.dinp.server.mysql.NodeStore;
import io.dinp.server.mysql.ProgressStore;
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

    Memory(ProgressStore progress, FailureStore failures, NodeStore nodes) throws SQLException {
        this(progress.rollouts(), progress.revisions(), failures.newest(), nodes.nodes(), nodes.routers());
    }
}
