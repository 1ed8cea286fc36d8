package io.dinp.router.core;

import io.dinp.common.model.HostPort;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** All routes at one moment. Immutable, so that every event loop may read it without a lock and a request sees one state only. */
public final class RouteTable {
    public static final RouteTable EMPTY =
            new RouteTable(ShardedMap.empty(), ShardedMap.empty(), ShardedMap.empty(), ShardedMap.empty());

    private final ShardedMap<String, Route> routes;
    private final ShardedMap<String, String> cnames;
    private final ShardedMap<String, Boolean> apps;
    /** Endpoint → how many routes lead there. */
    private final ShardedMap<HostPort, Integer> endpoints;

    private RouteTable(
            ShardedMap<String, Route> routes,
            ShardedMap<String, String> cnames,
            ShardedMap<String, Boolean> apps,
            ShardedMap<HostPort, Integer> endpoints) {
        this.routes = routes;
        this.cnames = cnames;
        this.apps = apps;
        this.endpoints = endpoints;
    }

    /**
     * The route of a normalized host: by its own key first, then as a custom domain.
     *
     * @return empty when nobody knows the host; a route without endpoints when its app has no instance
     */
    public Optional<Route> lookup(String host) {
        Route own = routes.get(host);
        if (own != null) {
            return Optional.of(own);
        }
        // The server lists bound domains among the apps' hosts, too: being known must not hide where a domain leads.
        String target = cnames.get(host);
        return ofApp(target == null ? host : target);
    }

    private Optional<Route> ofApp(String host) {
        Route route = routes.get(host);
        if (route != null) {
            return Optional.of(route);
        }
        return apps.containsKey(host) ? Optional.of(Route.of(host, List.of())) : Optional.empty();
    }

    public ShardedMap<String, Route> routes() {
        return routes;
    }

    /** Custom domain → host of its app. */
    public ShardedMap<String, String> cnames() {
        return cnames;
    }

    /** Hosts of the known apps, with and without instances. */
    public ShardedMap<String, Boolean> apps() {
        return apps;
    }

    public boolean isEmpty() {
        return routes.isEmpty() && cnames.isEmpty() && apps.isEmpty();
    }

    /** Whether some route leads to that address. */
    public boolean leadsTo(HostPort endpoint) {
        return endpoints.containsKey(endpoint);
    }

    /** What has changed since that table. */
    public TableDiff since(RouteTable older) {
        Set<HostPort> changed = endpoints.differences(older.endpoints);
        Set<String> hosts = routes.differences(older.routes);
        hosts.addAll(apps.differences(older.apps));
        return new TableDiff(
                hosts,
                cnames.differences(older.cnames),
                changed.stream().filter(endpoint -> !leadsTo(endpoint)).collect(Collectors.toSet()),
                changed.stream().filter(endpoint -> !older.leadsTo(endpoint)).collect(Collectors.toSet()));
    }

    /** Starts a new table from this one. */
    public Editor edit() {
        return new Editor(this);
    }

    /** Collects changes for the next table. */
    public static final class Editor {
        private final RouteTable base;
        private final ShardedMap.Editor<String, Route> routes;
        private final ShardedMap.Editor<String, String> cnames;
        private final ShardedMap.Editor<String, Boolean> apps;
        private final ShardedMap.Editor<HostPort, Integer> endpoints;

        private Editor(RouteTable base) {
            this.base = base;
            this.routes = base.routes.edit();
            this.cnames = base.cnames.edit();
            this.apps = base.apps.edit();
            this.endpoints = base.endpoints.edit();
        }

        /** Sets the endpoints of a host; none removes the route. An unchanged route stays the same object. */
        public Editor endpoints(String host, List<HostPort> wanted) {
            Route old = routes.get(host);
            List<HostPort> before = old == null ? List.of() : old.endpoints();
            if (!before.equals(wanted)) {
                before.forEach(endpoint -> count(endpoint, -1));
                wanted.forEach(endpoint -> count(endpoint, 1));
                routes.set(host, wanted.isEmpty() ? null : Route.of(host, wanted));
            }
            return this;
        }

        private void count(HostPort endpoint, int change) {
            Integer now = endpoints.get(endpoint);
            int next = (now == null ? 0 : now) + change;
            endpoints.set(endpoint, next == 0 ? null : next);
        }

        public Editor cname(String domain, Optional<String> target) {
            cnames.set(domain, target.orElse(null));
            return this;
        }

        /** Says whether an app of that host exists, with or without instances. */
        public Editor app(String host, boolean known) {
            apps.set(host, known ? Boolean.TRUE : null);
            return this;
        }

        /** Replaces the set of known apps. */
        public Editor apps(Set<String> hosts) {
            apps.keys(not(hosts)).forEach(host -> app(host, false));
            hosts.forEach(host -> app(host, true));
            return this;
        }

        /** Drops every route and custom domain whose host is not among these: what a full read does. */
        public Editor retain(Set<String> routeHosts, Set<String> domains) {
            routes.keys(not(routeHosts)).forEach(host -> endpoints(host, List.of()));
            cnames.keys(not(domains)).forEach(domain -> cname(domain, Optional.empty()));
            return this;
        }

        private static Predicate<String> not(Set<String> hosts) {
            return host -> !hosts.contains(host);
        }

        /** The very table that was edited when nothing has changed. */
        public RouteTable build() {
            RouteTable next = new RouteTable(routes.build(), cnames.build(), apps.build(), endpoints.build());
            boolean same = next.routes == base.routes && next.cnames == base.cnames && next.apps == base.apps;
            return same ? base : next;
        }
    }

    @Override
    public String toString() {
        return routes.size() + " routes, " + cnames.size() + " custom domains";
    }
}
