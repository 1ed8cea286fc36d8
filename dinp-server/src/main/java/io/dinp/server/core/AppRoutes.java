package io.dinp.server.core;

import java.util.List;

/**
 * What one app has of the table of routes. No entry of it can be another app's: keys and host names belong to one app each.
 *
 * @param key of the app's route, "" when it has none
 * @param endpoints {@code ip:port}, sorted; none when nothing of the app serves, and then there is no key
 * @param host its own host name, "" when it has none
 * @param domains custom domains that lead to it
 * @param settings the JSON that routers find for each of its host names
 */
record AppRoutes(String key, List<String> endpoints, String host, List<String> domains, String settings) {

    void addTo(RouteTable table, Naming naming) {
        if (!endpoints.isEmpty()) {
            table.apps().put(key, endpoints);
        }
        if (!host.isEmpty()) {
            table.hosts().put(host, settings);
        }
        for (String domain : domains) {
            table.cnames().put(naming.keys().cname(domain), key);
            table.hosts().put(domain, settings);
        }
    }

    void removeFrom(RouteTable table, Naming naming) {
        if (!endpoints.isEmpty()) {
            table.apps().remove(key);
        }
        table.hosts().remove(host);
        for (String domain : domains) {
            table.cnames().remove(naming.keys().cname(domain));
            table.hosts().remove(domain);
        }
    }
}
