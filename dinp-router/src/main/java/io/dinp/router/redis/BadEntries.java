package io.dinp.router.redis;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what was not believed in Redis, and names each thing in the log once. */
public final class BadEntries {
    private static final Logger log = LoggerFactory.getLogger(BadEntries.class);
    private static final int REMEMBERED = 1000;

    private final Set<String> named = new LinkedHashSet<>();
    private final LongAdder skipped = new LongAdder();

    void add(String key, String reason) {
        skipped.increment();
        if (named.size() >= REMEMBERED) {
            named.remove(named.iterator().next());
        }
        if (named.add(key + " " + reason)) {
            log.warn("route entry skipped key={} reason={}", key, reason);
        }
    }

    /** How often an entry was skipped since the start, each reading counted. */
    public long skipped() {
        return skipped.sum();
    }
}
