package io.dinp.router.redis;

import io.dinp.common.model.RouteKeys;
import io.dinp.router.core.RouteTable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/**
 * Holds the whole table against Redis in parts, in case somebody wrote by hand: between two parts there is time for changes, which would
 * otherwise wait for a second behind 100 000 keys.
 */
final class Audit {
    private final RouteKeys keys;
    private final Set<String> routeHosts = new HashSet<>();
    private final Set<String> domains = new HashSet<>();
    private String cursor = ScanParams.SCAN_POINTER_START;
    private boolean scanned;
    private boolean over;

    Audit(RouteKeys keys) {
        this.keys = keys;
    }

    boolean isOver() {
        return over;
    }

    /** Reads the next part into the batch. */
    void step(Jedis redis, EntryBatch batch, RouteTable known) {
        if (scanned) {
            readUnseen(batch, known);
            batch.readApps();
            over = true;
            return;
        }
        ScanResult<String> page = redis.scan(cursor, new ScanParams().count(RouteReader.BATCH));
        batch.read(page.getResult().stream()
                .filter(key -> keys.isApp(key) || keys.isCname(key))
                .toList());
        routeHosts.addAll(batch.routeHosts());
        domains.addAll(batch.domains());
        cursor = page.getCursor();
        scanned = cursor.equals(ScanParams.SCAN_POINTER_START);
    }

    /** What was not met is gone, or has come since; which of the two, its key says. */
    private void readUnseen(EntryBatch batch, RouteTable known) {
        List<String> unseen = new ArrayList<>();
        known.routes().forEach((host, route) -> {
            if (!routeHosts.contains(host)) {
                unseen.add(keys.rsPrefix() + host);
            }
        });
        known.cnames().forEach((domain, host) -> {
            if (!domains.contains(domain)) {
                unseen.add(keys.cnamePrefix() + domain);
            }
        });
        for (int from = 0; from < unseen.size(); from += RouteReader.BATCH) {
            batch.read(unseen.subList(from, Math.min(unseen.size(), from + RouteReader.BATCH)));
        }
    }
}
