package io.dinp.router.core;

import java.util.Optional;

/** What to read, by what Redis says of itself. */
public enum ReadPlan {
    /** Nothing has changed. */
    NOTHING,
    /** Only the keys that changed since the known version. */
    CHANGES,
    /** Every key. */
    EVERYTHING,
    /**
     * Redis has lost its data, or was put back to what it was before, and the server has not written again: the table that is
     * known is the better one.
     */
    HOLD;

    /**
     * @param known what was applied last
     * @param epoch {@code /meta/epoch} now, if any
     * @param version {@code /meta/version} now, 0 when absent: then somebody has found out that Redis was put back
     * @param fullDue whether everything is to be read again anyway, in case somebody wrote by hand
     */
    public static ReadPlan of(TableState known, Optional<String> epoch, long version, boolean fullDue) {
        boolean epochSeen = !known.epoch().isEmpty();
        if (epoch.isEmpty()) {
            return epochSeen ? HOLD : EVERYTHING;
        }
        if (version == 0) {
            return HOLD;
        }
        if (!epoch.get().equals(known.epoch())) {
            return EVERYTHING;
        }
        if (version < known.version()) {
            return HOLD;
        }
        if (fullDue) {
            return EVERYTHING;
        }
        return version == known.version() ? NOTHING : CHANGES;
    }

    /**
     * Whether keys that were just read are what the version read before them says: not when Redis has lost its data since, or was put
     * back to an earlier version.
     *
     * @param read the table with epoch and version as they were before its keys were read
     * @param epoch {@code /meta/epoch} behind them, if any
     * @param version {@code /meta/version} behind them, 0 when absent
     */
    public static boolean isBelieved(TableState read, Optional<String> epoch, long version) {
        return read.epoch().equals(epoch.orElse("")) && version >= read.version();
    }
}
