package io.dinp.server.core;

/**
 * What operators wish of a node; it says nothing about what the node is.
 *
 * @param cordoned nothing new is placed there, what runs stays
 * @param draining nothing new is placed there, and what runs moves to other nodes
 * @param drainBy epoch ms from which what could not be moved is stopped, 0 for never by force
 */
public record NodeWish(boolean cordoned, boolean draining, long drainBy) {

    /** Of a node about which nobody has said anything. */
    public static final NodeWish NONE = new NodeWish(false, false, 0);

    /** Below this a time cannot be meant in ms: it is 1973 there, and now when read as seconds. */
    private static final long LEAST_MS = 100_000_000_000L;

    /** True when instances may be placed there. */
    boolean open() {
        return !cordoned && !draining;
    }

    /** Epoch ms from which what is left has to go, moved or not; 0 for never. */
    public long deadline() {
        return draining && drainBy >= LEAST_MS ? drainBy : 0;
    }

    boolean overdue(long now) {
        return deadline() != 0 && now >= deadline();
    }

    /** What is wrong with the columns, "" when nothing is. */
    String fault() {
        boolean wrong = draining && drainBy != 0 && drainBy < LEAST_MS;
        return wrong ? "drain_by is " + drainBy + ": give epoch milliseconds, or 0 for never by force" : "";
    }
}
