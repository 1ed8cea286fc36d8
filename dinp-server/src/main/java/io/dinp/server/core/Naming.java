package io.dinp.server.core;

import io.dinp.common.model.AppName;
import io.dinp.common.model.HostNames;
import io.dinp.common.model.RouteKeys;
import java.util.Locale;
import java.util.Set;

/**
 * Which host names and Redis keys apps and custom domains have on this platform.
 *
 * @param keys the prefixes of the two kinds of keys
 * @param domain the platform's domain, below which every app has a name
 * @param platformHosts host names of the platform itself (dashboard, builder…), never to be bound by a user
 */
public record Naming(RouteKeys keys, String domain, Set<String> platformHosts) {

    /** Lower-cases what it is given: host names have no case. */
    public Naming {
        domain = domain.toLowerCase(Locale.ROOT);
        platformHosts = Set.copyOf(
                platformHosts.stream().map(h -> h.toLowerCase(Locale.ROOT)).toList());
    }

    /** The host name of an app, "" for a name that no host can have. */
    public String hostOf(String app) {
        return AppName.isServed(app) ? AppName.of(app).hostLabel() + "." + domain : "";
    }

    /** The Redis key that lists the endpoints of an app, "" for a name that no host can have. */
    public String keyOf(String app) {
        return AppName.isServed(app) ? keys.app(AppName.of(app), domain) : "";
    }

    /** Why a custom domain is refused, or "" when it may be bound. */
    public String refusal(String customDomain) {
        String host = HostNames.normalize(customDomain);
        if (!host.matches("[a-z0-9_-]+(\\.[a-z0-9_-]+)+")) {
            return "is no host name";
        }
        if (HostNames.isUnder(host, domain)) {
            return "lies under the platform's own domain " + domain;
        }
        // Below one it could set cookies for it.
        boolean own = platformHosts.stream().anyMatch(platform -> HostNames.isUnder(host, platform));
        return own ? "is a host name of the platform itself or lies under one" : "";
    }
}
