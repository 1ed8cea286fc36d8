package io.dinp.router.core;

/**
 * A table and what Redis said of itself before the table was read, so that it is never newer than what is in the table.
 *
 * @param epoch empty when Redis has none (a Redis filled by the original's server, or by hand)
 */
public record TableState(String epoch, long version, RouteTable table) {
    public static final TableState NOTHING = new TableState("", 0, RouteTable.EMPTY);

    /** Whether Redis said the same of itself, so that nothing was written between the two. */
    public boolean isAsOf(TableState other) {
        return epoch.equals(other.epoch) && version == other.version;
    }

    /** Whether it is certainly the later of the two. What different epochs say of each other is not known. */
    public boolean isLaterThan(TableState other) {
        return !epoch.isEmpty() && epoch.equals(other.epoch) && version > other.version;
    }
}
