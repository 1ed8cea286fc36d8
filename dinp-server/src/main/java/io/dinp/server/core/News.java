package io.dinp.server.core;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The apps that a plan has to work out: those that were not calm in the plan before, and those of which something is new since.
 *
 * @param all every app there is
 * @param apps which, when it is not all of them
 * @param domains the custom domains of every app
 */
record News(boolean all, Set<String> apps, Map<String, List<String>> domains) {

    /** Every app of a situation before which nothing is known. */
    static News everything(DesiredState desired) {
        return new News(true, Set.of(), RoutePlanner.domainsByApp(desired));
    }

    /** True when an app has to be worked out. */
    boolean isOf(String app) {
        return all || apps.contains(app);
    }

    /** The apps that have to be worked out, of some that are given in order; in the same order. */
    Collection<String> among(Set<String> some) {
        return all ? some : apps.stream().filter(some::contains).sorted().toList();
    }

    /** The apps of which nothing is left but what is known of them. */
    Set<String> ended(Set<String> left) {
        Set<String> ended = new HashSet<>(apps);
        ended.removeAll(left);
        return ended;
    }
}
