package io.dinp.e2e.bed;

/**
 * How many machines a bed has. Most faults show on two nodes and one router; each further one costs seconds and memory, so a bed
 * gets it when the first class asks for it.
 *
 * @param nodes with an engine and an agent each, from 2 to 3
 * @param routers from 1 to 3; the first is on the machine itself, each further one in a network namespace of its own
 */
public record Shape(int nodes, int routers) {
    /** What every bed has. */
    public static final Shape SMALL = new Shape(2, 1);

    /** The highest number of either kind. */
    static final int MOST = 3;

    /** Refuses what has no addresses. */
    public Shape {
        if (nodes < 2 || nodes > MOST || routers < 1 || routers > MOST) {
            throw new IllegalArgumentException(nodes + " nodes and " + routers + " routers: at most " + MOST);
        }
    }

    /** Whether a bed of this shape has all that the other one has. */
    public boolean covers(Shape other) {
        return nodes >= other.nodes && routers >= other.routers;
    }
}
