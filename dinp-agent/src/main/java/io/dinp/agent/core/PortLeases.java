package io.dinp.agent.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which host ports are leased, which rest and which may be leased, so that no request reaches another app through a reused
 * port: a freed port rests until the server says that every router has applied its removal. Not thread-safe.
 */
public final class PortLeases {
    /**
     * What has to survive a restart of the agent; leased ports are in the entries of the journal.
     *
     * @param resting freed, but still known to some router
     * @param freed free again, the least recently freed first
     */
    public record Saved(List<Integer> resting, List<Integer> freed) {
        /** Of a node that has never leased a port. */
        public static final Saved NONE = new Saved(List.of(), List.of());

        /** Takes copies; absent lists count as empty. */
        public Saved {
            resting = resting == null ? List.of() : List.copyOf(resting);
            freed = freed == null ? List.of() : List.copyOf(freed);
        }
    }

    private final PortRange range;
    private final TreeSet<Integer> neverUsed = new TreeSet<>();
    private final LinkedHashSet<Integer> freed;
    private final LinkedHashSet<Integer> resting;
    private final Set<Integer> leased = new TreeSet<>();

    /** Starts from what was saved; claim the ports of the journal's instances next. */
    public PortLeases(PortRange range, Saved saved) {
        this.range = range;
        resting = new LinkedHashSet<>(saved.resting());
        freed = new LinkedHashSet<>(saved.freed());
        freed.removeIf(port -> !range.contains(port) || resting.contains(port));
        for (int port = range.first(); port <= range.last(); port++) {
            if (!resting.contains(port) && !freed.contains(port)) {
                neverUsed.add(port);
            }
        }
    }

    /** The state of a node whose saved leases are unreadable: any port may still be in some router's table. */
    public static Saved allResting(PortRange range) {
        List<Integer> all = new ArrayList<>();
        for (int port = range.first(); port <= range.last(); port++) {
            all.add(port);
        }
        return new Saved(all, List.of());
    }

    /** Takes the port that has been out of use for the longest time; empty when none is free. */
    public OptionalInt lease() {
        Integer port = neverUsed.pollFirst();
        if (port == null && !freed.isEmpty()) {
            port = freed.iterator().next();
            freed.remove(port);
        }
        if (port == null) {
            return OptionalInt.empty();
        }
        leased.add(port);
        return OptionalInt.of(port);
    }

    /** Takes back a lease under which nothing was published: no router can know the port, so it need not rest. */
    public void cancel(int port) {
        if (leased.remove(port) && range.contains(port)) {
            freed.add(port);
        }
    }

    /** Marks a port as leased that an instance holds already, also one outside the range. */
    public void claim(int port) {
        neverUsed.remove(port);
        freed.remove(port);
        resting.remove(port);
        leased.add(port);
    }

    /** Ends a lease; the port rests until it is released. */
    public void rest(int port) {
        if (leased.remove(port)) {
            resting.add(port);
        }
    }

    /**
     * Frees those of the given ports that rest; the others are left alone.
     *
     * @return whether any was resting
     */
    public boolean release(Collection<Integer> ports) {
        boolean any = false;
        for (Integer port : ports) {
            if (resting.remove(port)) {
                any = true;
                if (range.contains(port)) {
                    freed.add(port);
                }
            }
        }
        return any;
    }

    /** The ports that wait for the server's word, in the order in which they were freed. */
    public List<Integer> resting() {
        return List.copyOf(resting);
    }

    /** What to write to disk. */
    public Saved saved() {
        return new Saved(resting(), List.copyOf(freed));
    }

    /** Why there is no port, for the reason of a refused start. */
    public String shortage() {
        return "no free host port in " + range + ": " + leased.size() + " leased, " + resting.size() + " resting";
    }
}
