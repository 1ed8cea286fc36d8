package io.dinp.server.core;

import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The difference between two route tables, written to Redis as one.
 *
 * @param lists keys of apps with their new endpoints
 * @param texts keys of custom domains with the key they stand for
 * @param deleted keys that go
 * @param hosts host names whose settings are new
 * @param deletedHosts host names that are not known any more
 */
public record RouteChange(
        SortedMap<String, List<String>> lists,
        SortedMap<String, String> texts,
        SortedSet<String> deleted,
        SortedMap<String, String> hosts,
        SortedSet<String> deletedHosts) {

    /** A change of nothing. */
    public static RouteChange none() {
        return new RouteChange(new TreeMap<>(), new TreeMap<>(), new TreeSet<>(), new TreeMap<>(), new TreeSet<>());
    }

    /** True when there is nothing to write. */
    public boolean isEmpty() {
        return lists.isEmpty() && texts.isEmpty() && deleted.isEmpty() && hosts.isEmpty() && deletedHosts.isEmpty();
    }

    /** One line for the log. */
    public String summary() {
        return "set=" + (lists.size() + texts.size()) + " deleted=" + deleted.size() + " hosts="
                + (hosts.size() + deletedHosts.size());
    }
}
