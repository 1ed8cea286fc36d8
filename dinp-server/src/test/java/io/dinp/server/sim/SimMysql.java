package io.dinp.server.sim;

import io.dinp.common.model.Revision;
import io.dinp.server.core.AppRow;
import io.dinp.server.core.DomainRow;
import io.dinp.server.core.KeptFailure;
import io.dinp.server.core.NodeWish;
import io.dinp.server.core.Rollout;
import io.dinp.server.mysql.Batch;
import io.dinp.server.mysql.Store;
import io.dinp.server.state.StoredNode;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * The tables. A caller may find MySQL away, may wait for it, and may not learn that its transaction was done after all; a
 * transaction is done as a whole or not at all.
 */
final class SimMysql {

    private static final int MAX_REASON = 1024;

    final TreeMap<String, AppRow> apps = new TreeMap<>();
    final List<DomainRow> domains = new ArrayList<>();
    final TreeMap<String, Rollout> rollouts = new TreeMap<>();
    private final Map<String, Revision> revisions = new HashMap<>();
    private final TreeMap<String, KeptFailure> failures = new TreeMap<>();
    private final TreeMap<String, StoredNode> nodes = new TreeMap<>();
    private final TreeMap<String, NodeWish> wishes = new TreeMap<>();
    private final Map<String, Long> routers = new HashMap<>();
    private final Random random;
    private final Trace trace;
    private long changes;
    boolean away;
    boolean flaky;

    SimMysql(Random random, Trace trace) {
        this.random = random;
        this.trace = trace;
    }

    /** Changes a row as a dashboard or a MySQL client would; from null for an app that there is not, to null to delete it. */
    void row(String app, UnaryOperator<AppRow> change) {
        AppRow next = change.apply(apps.get(app));
        if (next == null) {
            apps.remove(app);
            domains.removeIf(domain -> domain.appName().equals(app));
        } else {
            apps.put(app, next);
        }
        changes++;
    }

    /** Replaces all rows at once, as an accident does. */
    void replaceRows(Map<String, AppRow> rows) {
        apps.clear();
        apps.putAll(rows);
        changes++;
    }

    /** Writes what an operator wishes of a node. */
    void wish(String ip, NodeWish wish) {
        if (wish.equals(NodeWish.NONE)) {
            wishes.remove(ip);
        } else {
            wishes.put(ip, wish);
        }
        changes++;
    }

    void bind(DomainRow domain) {
        domains.add(domain);
        changes++;
    }

    /** Addresses of the nodes that are remembered. */
    Set<String> nodeAddresses() {
        return new HashSet<>(nodes.keySet());
    }

    private void commit(Batch batch) {
        for (Revision revision : batch.revisions()) {
            Revision known = revisions.get(revision.id());
            revisions.put(revision.id(), known == null ? revision : known.withDigest(revision.digest()));
        }
        batch.rollouts().forEach(rollout -> rollouts.put(rollout.app(), asStored(rollout)));
        batch.statuses().forEach((app, status) -> {
            AppRow row = apps.get(app);
            if (row != null && row.status() != status) {
                row(app, r -> r.withStatus(status));
            }
        });
        for (String app : batch.dropped()) {
            rollouts.remove(app);
            revisions.values().removeIf(revision -> revision.app().equals(app));
            failures.remove(app);
        }
        batch.failures().forEach(failure -> failures.put(failure.failure().app(), failure));
        batch.forgottenNodes().forEach(nodes::remove);
    }

    private static Rollout asStored(Rollout rollout) {
        String reason = rollout.reason();
        return new Rollout(
                rollout.app(),
                rollout.target(),
                rollout.lastGood(),
                rollout.state(),
                rollout.status(),
                reason.length() > MAX_REASON ? reason.substring(0, MAX_REASON) : reason,
                rollout.startedAt(),
                rollout.deadline(),
                rollout.crashes(),
                rollout.nextStart(),
                rollout.paused(),
                0);
    }

    /** One line for a person. */
    static String brief(Rollout rollout) {
        return rollout.app() + " " + rollout.state() + " to " + cut(rollout.target()) + " good="
                + cut(rollout.lastGood()) + " status=" + rollout.status() + " crashes=" + rollout.crashes() + " "
                + rollout.reason();
    }

    private static String cut(String revision) {
        return revision.substring(0, Math.min(6, revision.length()));
    }

    /** The connection of one process of the server. */
    Store connect(Life life, Timeline time) {
        return new Connection(life, time);
    }

    /** What a call does, once it has come through. */
    private interface Work<T> {
        T get();
    }

    private final class Connection implements Store {
        private static final int TIMEOUT_MS = 1_000;
        private final Life life;
        private final Timeline time;

        Connection(Life life, Timeline time) {
            this.life = life;
            this.time = time;
        }

        private <T> T call(Work<T> work) throws SQLException {
            if (random.nextInt(20) == 0) {
                life.await(1 + random.nextInt(random.nextInt(10) == 0 ? 900 : 20));
            }
            if (away) {
                life.await(random.nextInt(3) == 0 ? TIMEOUT_MS : 1);
                throw new SQLException("MySQL is away");
            }
            if (flaky && random.nextInt(4) == 0) {
                throw new SQLException("connection lost before the statement");
            }
            return work.get();
        }

        @Override
        public String fingerprint() throws SQLException {
            return call(() -> Long.toString(changes));
        }

        @Override
        public Rows read() throws SQLException {
            return call(() -> new Rows(List.copyOf(apps.values()), List.copyOf(domains), new TreeMap<>(wishes)));
        }

        @Override
        public void save(Batch batch, long now) throws SQLException {
            boolean silent = call(() -> {
                commit(batch);
                return flaky && random.nextInt(4) == 0;
            });
            batch.rollouts().forEach(rollout -> trace.say(time.now(), "mysql: {}", brief(rollout)));
            // The process may die while the answer is on its way.
            life.await(random.nextInt(10) == 0 ? random.nextInt(50) : 0);
            if (silent) {
                throw new SQLException("connection lost after the commit");
            }
        }

        @Override
        public void saveSeen(List<StoredNode> seen, Map<String, Long> lastSeen) throws SQLException {
            call(() -> {
                seen.forEach(node -> nodes.put(node.ip(), node));
                routers.putAll(lastSeen);
                return null;
            });
        }

        @Override
        public void trim(long now) throws SQLException {
            call(() -> revisions.values().removeIf(revision -> {
                Rollout rollout = rollouts.get(revision.app());
                return rollout != null
                        && !revision.id().equals(rollout.target())
                        && !revision.id().equals(rollout.lastGood());
            }));
        }

        @Override
        public SortedMap<String, Rollout> rollouts() throws SQLException {
            return call(() -> new TreeMap<>(rollouts));
        }

        @Override
        public Map<String, Revision> revisions() throws SQLException {
            return call(() -> new HashMap<>(revisions));
        }

        @Override
        public SortedMap<String, KeptFailure> failures() throws SQLException {
            return call(() -> new TreeMap<>(failures));
        }

        @Override
        public List<StoredNode> nodes() throws SQLException {
            return call(() -> List.copyOf(nodes.values()));
        }

        @Override
        public Map<String, Long> routers() throws SQLException {
            return call(() -> new HashMap<>(routers));
        }
    }
}
