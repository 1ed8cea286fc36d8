package io.dinp.router.core;

import io.dinp.common.model.HostPort;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All routes at one moment. Immutable, so that every event loop may read it without a lock and a request sees one state only. */
public final class RouteTable {
    public static final RouteTable EMPTY = new RouteTable(Map.of(), Map.of(), Set.of());

    private final Map<String, Route> routes;
    private final Map<String, String> cnames;
    private final Set<String> apps;
    private final Set<HostPort> endpoints = new HashSet<>();

    private RouteTable(Map<String, Route> routes, Map<String, String> cnames, Set<String> apps) {
        this.routes = routes;
        this.cnames = cnames;
        this.apps = apps;
        routes.values().forEach(route -> endpoints.addAll(route.endpoints()));
    }

    /**
     * The route of a normalized host: by its own key first, then as a custom domain.
     *
     * @return empty when nobody knows the host; a route without endpoints when its app has no instance
     */
    public Optional<Route> lookup(String host) {
        Route own = routes.get(host);
        // The server lists bound domains among the apps' hosts, too: being known must not hide where a domain leads.
        return own != null ? Optional.of(own) : ofApp(cnames.getOrDefault(host, host));
    }

    private Optional<Route> ofApp(String host) {
        Route route = routes.get(host);
        if (route != null) {
            return Optional.of(route);
        }
        return apps.contains(host) ? Optional.of(Route.of(host, List.of())) : Optional.empty();
    }

    public Map<String, Route> routes() {
        return routes;
    }

    /** Custom domain → host of its app. */
    public Map<String, String> cnames() {
        return cnames;
    }

    /** Whether some route leads to that address. */
    public boolean leadsTo(HostPort endpoint) {
        return endpoints.contains(endpoint);
    }

    /** Starts a new table from this one. */
    public Editor edit() {
        return new Editor(new HashMap<>(routes), new HashMap<>(cnames), new HashSet<>(apps));
    }

    /** Collects changes for the next table. */
    public static final class Editor {
        private final Map<String, Route> routes;
        private final Map<String, String> cnames;
        private final Set<String> apps;

        private Editor(Map<String, Route> routes, Map<String, String> cnames, Set<String> apps) {
            this.routes = routes;
            this.cnames = cnames;
            this.apps = apps;
        }

        /** Sets the endpoints of a host; none removes the route. An unchanged route stays the same object. */
        public Editor endpoints(String host, List<HostPort> endpoints) {
            Route old = routes.get(host);
            if (endpoints.isEmpty()) {
                routes.remove(host);
            } else if (old == null || !old.endpoints().equals(endpoints)) {
                routes.put(host, Route.of(host, endpoints));
            }
            return this;
        }

        public Editor cname(String domain, Optional<String> target) {
            target.ifPresentOrElse(host -> cnames.put(domain, host), () -> cnames.remove(domain));
            return this;
        }

        /** Says whether an app of that host exists, with or without instances. */
        public Editor app(String host, boolean known) {
            if (known) {
                apps.add(host);
            } else {
                apps.remove(host);
            }
            return this;
        }

        /** Replaces the set of known apps. */
        public Editor apps(Set<String> hosts) {
            apps.clear();
            apps.addAll(hosts);
            return this;
        }

        /** Drops every route and custom domain whose host is not among these: what a full read does. */
        public Editor retain(Set<String> routeHosts, Set<String> domains) {
            routes.keySet().retainAll(routeHosts);
            cnames.keySet().retainAll(domains);
            return this;
        }

        public RouteTable build() {
            return new RouteTable(Map.copyOf(routes), Map.copyOf(cnames), Set.copyOf(apps));
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RouteTable table
                && routes.equals(table.routes)
                && cnames.equals(table.cnames)
                && apps.equals(table.apps);
    }

    @Override
    public int hashCode() {
        return routes.hashCode() * 31 + cnames.hashCode();
    }

    @Override
    public String toString() {
        return routes.size() + " routes, " + cnames.size() + " custom domains";
    }
}
