package io.dinp.server.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The routes in Redis, or those that should be there. Endpoints are texts, because a hand may have written anything.
 *
 * @param apps key of an app to its endpoints {@code ip:port}, sorted
 * @param cnames key of a custom domain to the key of its app
 * @param hosts known host name to the JSON of its settings
 */
public record RouteTable(
        SortedMap<String, List<String>> apps, SortedMap<String, String> cnames, SortedMap<String, String> hosts) {

    /** A table without any route. */
    public static RouteTable empty() {
        return new RouteTable(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    }

    /** A table with the same entries, to be changed. */
    RouteTable copy() {
        return new RouteTable(new TreeMap<>(apps), new TreeMap<>(cnames), new TreeMap<>(hosts));
    }

    /** True when both have the same entries; quicker than {@code equals}, since both are in order and need no searching. */
    @SuppressWarnings("ReferenceEquality") // mostly it is the same table
    boolean sameAs(RouteTable other) {
        return this == other || (same(apps, other.apps) && same(cnames, other.cnames) && same(hosts, other.hosts));
    }

    private static <V> boolean same(SortedMap<String, V> one, SortedMap<String, V> other) {
        if (one.size() != other.size()) {
            return false;
        }
        var others = other.entrySet().iterator();
        for (var entry : one.entrySet()) {
            if (!entry.equals(others.next())) {
                return false;
            }
        }
        return true;
    }

    /** Every endpoint that some key has. */
    public Set<String> endpoints() {
        Set<String> all = new HashSet<>();
        apps.values().forEach(all::addAll);
        return all;
    }

    /** The endpoints of one app's key, none when it has no key. */
    public List<String> endpointsOf(String key) {
        return apps.getOrDefault(key, List.of());
    }

    /** Endpoints in the form every writer uses: sorted, each once. */
    static List<String> normal(Collection<String> endpoints) {
        if (endpoints.size() < 2) {
            return List.copyOf(endpoints);
        }
        List<String> sorted = new ArrayList<>(endpoints);
        sorted.sort(null);
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i).equals(sorted.get(i - 1))) {
                return sorted.stream().distinct().toList();
            }
        }
        return List.copyOf(sorted);
    }
}
