package io.dinp.router.core;

/**
 * A table and what Redis said of itself before the table was read, so that it is never newer than what is in the table.
 *
 * @param epoch empty when Redis has none (a Redis filled by the original's server, or by hand)
 */
public record TableState(String epoch, long version, RouteTable table) {
    public static final TableState NOTHING = new TableState("", 0, RouteTable.EMPTY);
}
