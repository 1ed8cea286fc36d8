package io.dinp.server;

import io.dinp.common.daemon.Health;
import io.dinp.common.daemon.Pace;
import io.dinp.server.core.DesiredState;
import io.dinp.server.core.Event;
import io.dinp.server.core.KeptExit;
import io.dinp.server.core.KeptFailure;
import io.dinp.server.core.Naming;
import io.dinp.server.core.NodeStanding;
import io.dinp.server.core.Plan;
import io.dinp.server.core.ReadGuard;
import io.dinp.server.mysql.Batch;
import io.dinp.server.mysql.Store;
import io.dinp.server.state.ClusterState;
import io.dinp.server.state.RouterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Talks to MySQL on a thread of its own, so that a MySQL that hangs stops nobody: first it stores what plans decided since
 * the last round, in one transaction, then it looks for a change of what is wanted. While MySQL is away, the last complete
 * read stays believed.
 */
final class StoreLoop implements ExitBook.Keeper, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(StoreLoop.class);
    private static final Duration PACE = Duration.ofMillis(250);
    private static final long LOOK_MS = 1000;
    /** Up to so many apps a look is so cheap that each round has one; with more there is one a second. */
    private static final int FEW_APPS = 1000;

    private static final long FULL_READ_MS = 30_000;
    private static final long NODES_MS = 15_000;
    private static final long TRIM_MS = 300_000;

    private final Store store;
    private final ClusterState cluster;
    private final RouterRegistry routers;
    private final Naming naming;
    private final Health health;
    private final LongSupplier clock;
    private final Runnable changed;
    private final Pace ticker;

    private final AtomicBoolean asked = new AtomicBoolean();
    private final Object lock = new Object();
    private Batch waiting = new Batch();
    private long submitted;
    private long stored;
    private Map<String, NodeStanding> standings = Map.of();

    private volatile Believed believed;
    private String fingerprint = "";
    private Set<String> known;
    private Set<String> doubted;
    private long doubtedAt;
    private long readAt;
    private long lookAt;
    private long nodesAt;
    private Set<String> savedSeen = Set.of();
    private long trimmedAt;

    /**
     * The last complete read.
     *
     * @param included number of the last submitted plan that it shows the effect of
     */
    record Believed(DesiredState state, long included) {}

    /**
     * Made, not started.
     *
     * @param known apps of which the stored progress knows: a first read that lacks most of them is doubted too
     * @param changed told when there is another desired state, or everything submitted has been stored
     */
    StoreLoop(
            Store store,
            ClusterState cluster,
            RouterRegistry routers,
            Naming naming,
            Set<String> known,
            Health health,
            LongSupplier clock,
            Runnable changed,
            Pace.Maker pace) {
        this.store = store;
        this.cluster = cluster;
        this.routers = routers;
        this.naming = naming;
        this.known = known;
        this.health = health;
        this.clock = clock;
        this.changed = changed;
        this.ticker = pace.make("store", PACE, this::tick);
    }

    void start() {
        ticker.start();
        ticker.signal();
    }

    /** Looks at the desired state now. */
    void signal() {
        asked.set(true);
        ticker.signal();
    }

    /** The desired state to act on; empty until it has been read once. */
    Optional<Believed> believed() {
        return Optional.ofNullable(believed);
    }

    /** Takes what a plan wants stored with the next round; returns its number. */
    long submit(Plan plan) {
        boolean news = !plan.rollouts().isEmpty()
                || !plan.statuses().isEmpty()
                || !plan.dropped().isEmpty()
                || !plan.revisions().isEmpty()
                || !plan.failures().isEmpty()
                || !plan.events().isEmpty();
        synchronized (lock) {
            standings = plan.progress().standings();
            if (news) {
                waiting.add(plan);
                submitted++;
            }
            return submitted;
        }
    }

    /** Has a node dropped that the cluster's state has forgotten, with the event that tells it. */
    void forgetNode(String ip, Event event) {
        synchronized (lock) {
            waiting.forgetNode(ip);
            waiting.add(event);
            submitted++;
        }
        ticker.signal();
    }

    @Override
    public boolean keep(KeptExit exit) {
        synchronized (lock) {
            boolean room = waiting.add(exit);
            submitted += room ? 1 : 0;
            return room;
        }
    }

    @Override
    public void keep(KeptFailure failure, Event event) {
        synchronized (lock) {
            waiting.add(failure);
            waiting.add(event);
            submitted++;
        }
    }

    /** Records an event that no plan made. */
    void record(Event event) {
        synchronized (lock) {
            waiting.add(event);
            submitted++;
        }
    }

    /** True when MySQL has everything that was submitted. */
    boolean isFlushed() {
        synchronized (lock) {
            return stored == submitted;
        }
    }

    private void tick() {
        try {
            long included = flush();
            if (isLookDue()) {
                look(included);
            }
            housekeeping();
            health.ok("mysql");
        } catch (SQLException e) {
            health.problem("mysql", "does not answer: " + e.getMessage());
        }
    }

    private long flush() throws SQLException {
        Batch batch;
        long number;
        synchronized (lock) {
            batch = waiting;
            number = submitted;
            if (number == stored) {
                return number;
            }
            waiting = new Batch();
        }
        try {
            store.save(batch, clock.getAsLong());
        } catch (SQLException | RuntimeException e) {
            synchronized (lock) {
                batch.addAll(waiting);
                waiting = batch;
            }
            throw e;
        }
        synchronized (lock) {
            stored = number;
        }
        changed.run();
        return number;
    }

    private boolean isLookDue() {
        return asked.getAndSet(false) || clock.getAsLong() >= lookAt;
    }

    private void look(long included) throws SQLException {
        long now = clock.getAsLong();
        lookAt = now + (known.size() > FEW_APPS ? LOOK_MS : 0);
        String print = store.fingerprint();
        boolean due = now - readAt >= FULL_READ_MS || now < readAt;
        if (print.equals(fingerprint) && !due && doubted == null) {
            believeMore(included);
            return;
        }
        if (doubted != null && now - doubtedAt < LOOK_MS) {
            // The read that confirms comes an interval later, however often somebody signals.
            return;
        }
        Store.Rows rows = store.read();
        readAt = now;
        fingerprint = print;
        DesiredState state = DesiredState.of(rows.apps(), rows.domains(), rows.nodes(), naming);
        if (!ReadGuard.believes(known, state.apps().keySet(), doubted)) {
            doubted = Set.copyOf(state.apps().keySet());
            doubtedAt = now;
            log.warn("only {} of {} apps are left: waiting for a second read to confirm", doubted.size(), known.size());
            return;
        }
        doubted = null;
        known = Set.copyOf(state.apps().keySet());
        Believed before = believed;
        boolean same = before != null && before.state().equals(state);
        // One that says the same is not exchanged: whoever compares finds out at once.
        believed = new Believed(same ? before.state() : state, included);
        if (!same) {
            log.info(
                    "desired state read apps={} domains={}",
                    state.apps().size(),
                    state.domains().size());
            changed.run();
        }
    }

    /** The read that is believed shows what has been stored since, when nothing else has changed: no status was. */
    private void believeMore(long included) {
        Believed before = believed;
        if (before != null && before.included() < included) {
            believed = new Believed(before.state(), included);
        }
    }

    private void housekeeping() throws SQLException {
        long now = clock.getAsLong();
        Set<String> seen = new HashSet<>(cluster.heard().keySet());
        seen.addAll(routers.all().keySet());
        if (now - nodesAt >= NODES_MS || !savedSeen.containsAll(seen)) {
            Map<String, String> states = new HashMap<>();
            synchronized (lock) {
                standings.forEach(
                        (ip, standing) -> states.put(ip, standing.name().toLowerCase(Locale.ROOT)));
            }
            store.saveSeen(cluster.toStore(states), routers.all());
            nodesAt = now;
            savedSeen = seen;
        }
        if (now - trimmedAt >= TRIM_MS) {
            store.trim(now);
            trimmedAt = now;
        }
    }

    @Override
    public void close() {
        ticker.close();
    }
}
