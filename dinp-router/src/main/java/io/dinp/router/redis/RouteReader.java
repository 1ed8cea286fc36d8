package io.dinp.router.redis;

import io.dinp.common.model.RouteKeys;
import io.dinp.router.core.EntryRules;
import io.dinp.router.core.ReadPlan;
import io.dinp.router.core.RouteTable;
import io.dinp.router.core.TableState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/**
 * Reads the next table from Redis: the changed keys when {@code /meta/changes} reaches back, else all of them.
 *
 * <p>Epoch and version are read before the keys, and once more behind them: a Redis that lost its data in between has shown a part of
 * the routes only, one that was put back has shown earlier ones than the version says, and neither is believed.
 */
public final class RouteReader {
    static final int BATCH = 1000;
    /** Changes come one by one as a rule. */
    private static final int FEW = 20;

    private final RedisLink link;
    private final RouteKeys keys;
    private final EntryRules rules;
    private final BadEntries badEntries;
    private Audit audit;

    public RouteReader(RedisLink link, RouteKeys keys, EntryRules rules, BadEntries badEntries) {
        this.link = link;
        this.keys = keys;
        this.rules = rules;
        this.badEntries = badEntries;
    }

    /**
     * What one reading has come to.
     *
     * @param plan what was read
     * @param state the next state; the known one when nothing was read
     */
    public record Reading(ReadPlan plan, TableState state) {}

    /**
     * Looks for changes since {@code known}.
     *
     * @throws redis.clients.jedis.exceptions.JedisException when Redis is away or frozen
     */
    public Reading read(TableState known, boolean fullDue) {
        return link.call(redis -> read(redis, known, fullDue));
    }

    private Reading read(Jedis redis, TableState known, boolean fullDue) {
        Mark mark = mark(redis);
        ReadPlan plan = ReadPlan.of(known, mark.epoch(), mark.version(), fullDue);
        if (plan == ReadPlan.HOLD) {
            tellWhenPutBack(redis, known, mark);
        }
        Optional<RouteTable> table = switch (plan) {
            case NOTHING, HOLD -> Optional.empty();
            case EVERYTHING -> Optional.of(everything(redis, known.table()));
            case CHANGES -> Optional.of(changes(redis, known));
        };
        if (table.isEmpty()) {
            return new Reading(plan, known);
        }
        TableState next = new TableState(mark.epoch().orElse(""), mark.version(), table.get());
        Mark after = mark(redis);
        boolean believed = ReadPlan.isBelieved(next, after.epoch(), after.version());
        return believed ? new Reading(plan, next) : new Reading(ReadPlan.HOLD, known);
    }

    /** Only who has seen a later table can know it: others that start now, and the server, see it by the version that is gone. */
    private static void tellWhenPutBack(Jedis redis, TableState known, Mark mark) {
        boolean putBack = mark.version() > 0 && mark.epoch().equals(Optional.of(known.epoch()));
        if (putBack) {
            redis.eval(RouteKeys.WITHDRAW, List.of(), List.of(known.epoch(), Long.toString(mark.version())));
        }
    }

    /** What Redis says of itself. */
    private record Mark(Optional<String> epoch, long version) {}

    private static Mark mark(Jedis redis) {
        List<String> meta = redis.mget(RouteKeys.META_EPOCH, RouteKeys.META_VERSION);
        return new Mark(Optional.ofNullable(meta.get(0)).filter(text -> !text.isEmpty()), number(meta.get(1)));
    }

    // ---- everything, part by part

    /** Begins to hold the table against all keys. */
    public void beginAudit() {
        audit = new Audit(keys);
    }

    public boolean isAuditing() {
        return audit != null;
    }

    /** Gives it up: what it has seen so far may be of another Redis than what comes. */
    public void endAudit() {
        audit = null;
    }

    /**
     * Holds the next part of the keys against the table.
     *
     * @return the table that agrees with them; the known one when Redis has lost its data or was put back meanwhile
     */
    public TableState audit(TableState known) {
        return link.call(redis -> {
            EntryBatch batch =
                    new EntryBatch(redis, keys, rules, badEntries, known.table().edit());
            audit.step(redis, batch, known.table());
            Mark after = mark(redis);
            boolean lost = !ReadPlan.isBelieved(known, after.epoch(), after.version());
            if (lost || audit.isOver()) {
                endAudit();
            }
            return lost
                    ? known
                    : new TableState(
                            known.epoch(), known.version(), batch.editor().build());
        });
    }

    private static long number(String text) {
        return text != null && text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
    }

    // ---- everything

    private RouteTable everything(Jedis redis, RouteTable known) {
        EntryBatch batch = new EntryBatch(redis, keys, rules, badEntries, known.edit());
        Set<String> found = routeKeys(redis);
        List<String> part = new ArrayList<>(BATCH);
        for (String key : found) {
            part.add(key);
            if (part.size() == BATCH) {
                batch.read(part);
                part.clear();
            }
        }
        batch.read(part);
        batch.readApps();
        return batch.retainRead().build();
    }

    private Set<String> routeKeys(Jedis redis) {
        Set<String> found = new HashSet<>();
        ScanParams params = new ScanParams().count(BATCH);
        String cursor = ScanParams.SCAN_POINTER_START;
        do {
            ScanResult<String> page = redis.scan(cursor, params);
            page.getResult().stream()
                    .filter(key -> keys.isApp(key) || keys.isCname(key))
                    .forEach(found::add);
            cursor = page.getCursor();
        } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
        return found;
    }

    // ---- changes

    private RouteTable changes(Jedis redis, TableState known) {
        Optional<Set<String>> changed = changedKeys(redis, known.version());
        if (changed.isEmpty()) {
            return everything(redis, known.table());
        }
        EntryBatch batch =
                new EntryBatch(redis, keys, rules, badEntries, known.table().edit());
        batch.readChanged(changed.get().stream()
                .filter(key -> keys.isApp(key) || keys.isCname(key))
                .toList());
        if (changed.get().contains(RouteKeys.META_APPS)) {
            batch.readApps();
        }
        return batch.editor().build();
    }

    /** The keys changed since that version, or empty when the list does not reach back so far. Its newest entry comes first. */
    private static Optional<Set<String>> changedKeys(Jedis redis, long since) {
        Set<String> changed = new HashSet<>();
        int length = FEW;
        for (int from = 0; ; from += length, length = BATCH) {
            List<String> page = redis.lrange(RouteKeys.META_CHANGES, from, from + length - 1);
            for (String entry : page) {
                int blank = entry.indexOf(' ');
                long version = blank < 0 ? 0 : number(entry.substring(0, blank));
                if (version <= since) {
                    return version == 0 ? Optional.empty() : Optional.of(changed);
                }
                changed.add(entry.substring(blank + 1));
            }
            if (page.size() < length) {
                return since == 0 ? Optional.of(changed) : Optional.empty();
            }
        }
    }
}
