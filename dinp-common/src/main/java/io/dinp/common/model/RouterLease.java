package io.dinp.common.model;

import java.util.Map;

/**
 * What a router says of itself in {@code /meta/router/<id>}: the table it serves by and what is still under way.
 *
 * @param epoch epoch that was read before the keys
 * @param version version that was read before the keys
 * @param inflight requests under way by endpoint, {@code ip:port}; endpoints with none are left out
 * @param at epoch milliseconds of writing
 */
public record RouterLease(String epoch, long version, Map<String, Integer> inflight, long at, String build) {

    public RouterLease {
        epoch = epoch == null ? "" : epoch;
        inflight = inflight == null ? Map.of() : Map.copyOf(inflight);
        build = build == null ? "" : build;
    }

    /** The same of a router whose table counts for nothing. */
    public RouterLease withoutTable() {
        return new RouterLease("", 0, inflight, at, build);
    }

    /** Whether this router serves by a table at least as new as the given one. */
    public boolean hasApplied(String wantedEpoch, long wantedVersion) {
        return epoch.equals(wantedEpoch) && version >= wantedVersion;
    }
}
