package io.dinp.agent.core;

/**
 * The host ports that this node may lease, both ends included.
 *
 * @param first lowest port, at least 1024
 * @param last highest port, at most 65535
 */
public record PortRange(int first, int last) {

    /** Checks the order and the bounds. */
    public PortRange {
        if (first < 1024 || last > 65535 || first > last) {
            throw new IllegalArgumentException("ports " + first + "-" + last + ": a range within 1024-65535 is needed");
        }
    }

    /**
     * Reads {@code 20000-29999}.
     *
     * @throws IllegalArgumentException naming the text when it is no such range
     */
    public static PortRange parse(String text) {
        String[] ends = text.trim().split("\\s*-\\s*");
        try {
            if (ends.length == 2) {
                return new PortRange(Integer.parseInt(ends[0]), Integer.parseInt(ends[1]));
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("ports \"" + text + "\" is not a range such as 20000-29999", e);
        }
        throw new IllegalArgumentException("ports \"" + text + "\" is not a range such as 20000-29999");
    }

    /** Whether the port lies within. */
    public boolean contains(int port) {
        return port >= first && port <= last;
    }

    @Override
    public String toString() {
        return first + "-" + last;
    }
}
