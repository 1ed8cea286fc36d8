package io.dinp.server.core;

import io.dinp.common.model.RouterLease;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What is known about Redis and the routers at one moment: the table that is there, when each endpoint came and went,
 * and what each router has applied.
 *
 * @param loaded the table has been read at least once since the server started
 * @param reachable the last command was answered
 * @param epoch text that changes when Redis has lost its data; "" when there is none yet
 * @param version of the table
 * @param endpoints every endpoint of the table
 * @param baseline stands for every change whose own stamp is not known: the version found at the last full read
 * @param added endpoint to the change that brought it
 * @param removed endpoint to the change that took it out of its last key
 * @param coming endpoints that a write brings whose outcome is not known yet
 * @param leases last lease of each router by id, live ones only
 * @param lastLeases last lease of each router by id, however long ago
 */
public record RouteView(
        boolean loaded,
        boolean reachable,
        String epoch,
        long version,
        RouteTable table,
        Set<String> endpoints,
        Stamp baseline,
        Map<String, Stamp> added,
        Map<String, Stamp> removed,
        Set<String> coming,
        Map<String, RouterLease> leases,
        Map<String, RouterLease> lastLeases) {

    /** The view before Redis has answered for the first time. */
    public static RouteView unknown() {
        return new RouteView(
                false,
                false,
                "",
                0,
                RouteTable.empty(),
                Set.of(),
                new Stamp(0, 0),
                Map.of(),
                Map.of(),
                Set.of(),
                Map.of(),
                Map.of());
    }

    /** The view after a full read: nothing is known about when its endpoints came. */
    public RouteView read(String newEpoch, long newVersion, RouteTable newTable, long now) {
        return read(newEpoch, newVersion, newVersion, newTable, now);
    }

    /**
     * The view after a full read of a version that others with the same content have followed.
     *
     * @param readVersion the version that was read
     */
    public RouteView read(String newEpoch, long newVersion, long readVersion, RouteTable newTable, long now) {
        return new RouteView(
                true,
                true,
                newEpoch,
                newVersion,
                newTable,
                newTable.endpoints(),
                new Stamp(readVersion, now),
                Map.of(),
                Map.of(),
                Set.of(),
                leases,
                lastLeases);
    }

    /** The view while a table is being written: what it brings may be there already. */
    public RouteView writing(RouteTable newTable) {
        Set<String> brought = new HashSet<>(newTable.endpoints());
        brought.removeAll(endpoints);
        return new RouteView(
                loaded,
                reachable,
                epoch,
                version,
                table,
                endpoints,
                baseline,
                added,
                removed,
                brought,
                leases,
                lastLeases);
    }

    /** The view after a table has been written as one version. */
    public RouteView written(String newEpoch, long newVersion, RouteTable newTable, long now) {
        Stamp stamp = new Stamp(newVersion, now);
        Set<String> after = newTable.endpoints();
        Map<String, Stamp> newAdded = new HashMap<>(added);
        newAdded.keySet().retainAll(after);
        Map<String, Stamp> newRemoved = new HashMap<>(removed);
        newRemoved.keySet().removeAll(after);
        Set<String> came = new HashSet<>(after);
        came.removeAll(endpoints);
        came.forEach(endpoint -> newAdded.put(endpoint, stamp));
        Set<String> went = new HashSet<>(endpoints);
        went.removeAll(after);
        went.forEach(endpoint -> newRemoved.put(endpoint, stamp));
        return new RouteView(
                true,
                true,
                newEpoch,
                newVersion,
                newTable,
                after,
                baseline,
                newAdded,
                newRemoved,
                Set.of(),
                leases,
                lastLeases);
    }

    /** The view while Redis does not answer. */
    public RouteView away() {
        return new RouteView(
                loaded, false, epoch, version, table, endpoints, baseline, added, removed, coming, leases, lastLeases);
    }

    /** The view with the routers' leases as they were just read. */
    public RouteView withLeases(Map<String, RouterLease> live) {
        Map<String, RouterLease> all = new HashMap<>(lastLeases);
        all.putAll(live);
        return new RouteView(
                loaded,
                true,
                epoch,
                version,
                table,
                endpoints,
                baseline,
                added,
                removed,
                coming,
                Map.copyOf(live),
                all);
    }

    /**
     * The same of a Redis that was put back to what it was before: what routers have applied is counted in the history before that, and
     * says nothing of this one's versions.
     */
    public RouteView withLeasesOfBefore(Map<String, RouterLease> live) {
        RouteView next = withLeases(live);
        return next.with(withoutTables(next.leases), withoutTables(next.lastLeases));
    }

    private static Map<String, RouterLease> withoutTables(Map<String, RouterLease> leases) {
        Map<String, RouterLease> without = new HashMap<>();
        leases.forEach((id, lease) -> without.put(id, lease.withoutTable()));
        return Map.copyOf(without);
    }

    /** True when a router serves by a later table than this: then Redis has been put back to what it was before. */
    public boolean isBehind(RouterLease lease) {
        return isBehind(lease, epoch, version);
    }

    /** The same for a Redis with that epoch and version. */
    public static boolean isBehind(RouterLease lease, String epoch, long version) {
        return !epoch.isEmpty() && epoch.equals(lease.epoch()) && lease.version() > version;
    }

    /** The view as it would be with other leases. */
    RouteView with(Map<String, RouterLease> live, Map<String, RouterLease> last) {
        return new RouteView(
                loaded, reachable, epoch, version, table, endpoints, baseline, added, removed, coming, live, last);
    }

    /** True when some key of the table has an endpoint. */
    boolean holds(String endpoint) {
        return endpoints.contains(endpoint);
    }

    /**
     * The view as if there were no other routes.
     *
     * @param some the routes that there are
     * @param gone endpoints of which it matters when they left the table
     */
    RouteView only(RouteTable some, Set<String> gone) {
        Set<String> there = some.endpoints();
        Map<String, Stamp> someAdded = new HashMap<>();
        there.forEach(endpoint -> someAdded.put(endpoint, addedAt(endpoint)));
        Map<String, Stamp> someRemoved = new HashMap<>(removed);
        someRemoved.keySet().retainAll(gone);
        return new RouteView(
                loaded,
                reachable,
                epoch,
                version,
                some,
                there,
                baseline,
                someAdded,
                someRemoved,
                coming,
                leases,
                lastLeases);
    }

    /** True when some key of the table has an endpoint, or a write under way may just have given it one. */
    boolean mayHold(String endpoint) {
        return holds(endpoint) || coming.contains(endpoint);
    }

    /** True when an endpoint has left the table within a time, or may have done so before anybody looked. */
    boolean mayHaveLost(String endpoint, long now, long withinMs) {
        return removed.containsKey(endpoint) || now - baseline.at() < withinMs;
    }

    /** When an endpoint of the table came into it. */
    Stamp addedAt(String endpoint) {
        return added.getOrDefault(endpoint, baseline);
    }

    /** When an endpoint left the table; the full read before which it must have been, when nobody saw it leave. */
    Stamp removedAt(String endpoint) {
        return removed.getOrDefault(endpoint, baseline);
    }

    /** True when every live router has acknowledged a change, or there was time enough for any to do so. */
    boolean applied(Stamp change, long now, long limitMs) {
        if (now - change.at() >= limitMs) {
            return true;
        }
        for (RouterLease lease : leases.values()) {
            if (!hasApplied(lease, change)) {
                return false;
            }
        }
        return !leases.isEmpty();
    }

    /** True when no live router has a request under way to an endpoint; false when no router says anything. */
    boolean idle(String endpoint) {
        return !leases.isEmpty()
                && leases.values().stream()
                        .allMatch(lease ->
                                lease.inflight() == null || lease.inflight().getOrDefault(endpoint, 0) == 0);
    }

    /** True when the router of a lease has applied a change of this epoch; a later table than this one proves nothing. */
    boolean hasApplied(RouterLease lease, Stamp change) {
        return epoch.equals(lease.epoch()) && lease.version() >= change.version() && !isBehind(lease);
    }
}
