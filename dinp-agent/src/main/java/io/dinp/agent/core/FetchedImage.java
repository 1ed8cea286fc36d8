package io.dinp.agent.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * An image that this agent has fetched for instances, and so may remove again.
 *
 * @param id the engine's id
 * @param names references under which the agent has pulled it: whatever else it is called is somebody else's doing
 * @param uses for which apps and revisions, the latest first
 */
public record FetchedImage(String id, List<String> names, List<Use> uses) {
    private static final int MOST_NAMES = 16;
    private static final int MOST_USES = 64;

    /**
     * What it was wanted for last.
     *
     * @param app name of the app
     * @param revision id of its revision
     * @param at epoch milliseconds
     */
    public record Use(String app, String revision, long at) {
        boolean sameAs(Use other) {
            return app.equals(other.app) && revision.equals(other.revision);
        }
    }

    /** Takes copies; absent lists count as empty. */
    public FetchedImage {
        names = names == null ? List.of() : List.copyOf(names);
        uses = uses == null ? List.of() : List.copyOf(uses);
    }

    /** One that has just come. */
    public static FetchedImage of(String id, Collection<String> names, Use use) {
        return new FetchedImage(id, List.copyOf(names), List.of(use));
    }

    /** Whether it was fetched under the reference. */
    public boolean isCalled(String name) {
        return names.contains(name);
    }

    /** When it was last wanted, epoch milliseconds. */
    public long lastUsed() {
        return uses.stream().mapToLong(Use::at).max().orElse(0);
    }

    /** The same after one more use. */
    public FetchedImage used(Use use) {
        List<Use> all = new ArrayList<>(List.of(use));
        uses.stream().filter(old -> !old.sameAs(use)).forEach(all::add);
        all.sort(Comparator.comparingLong(Use::at).reversed());
        return new FetchedImage(id, names, all.subList(0, Math.min(all.size(), MOST_USES)));
    }

    /** The same with further references under which it was pulled. */
    public FetchedImage called(Collection<String> more) {
        TreeSet<String> all = new TreeSet<>(names);
        all.addAll(more);
        return all.size() > MOST_NAMES ? this : new FetchedImage(id, List.copyOf(all), uses);
    }
}
