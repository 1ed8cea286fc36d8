package io.dinp.dash;

import io.dinp.common.config.Dsn;
import io.dinp.common.config.Secret;
import io.dinp.common.config.Settings;
import io.dinp.common.model.HostNames;
import io.dinp.web.DbSettings;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The dashboard's configuration; the keys are described in {@code conf/dash/cfg.example.json}.
 *
 * @param dbSize most connections to MySQL at once
 * @param uicInternal where this process reaches uic
 * @param uicExternal where browsers reach uic
 * @param external where browsers reach the dashboard
 * @param builder where browsers reach the builder
 * @param server the server's HTTP API
 * @param appsPort the router's port in links to apps
 * @param platformHosts lower-case host names that are the platform's own
 */
public record DashConfig(
        String addr,
        int port,
        Dsn db,
        int dbSize,
        URI uicInternal,
        URI uicExternal,
        URI external,
        URI builder,
        URI server,
        Secret serverToken,
        Secret token,
        String paasDomain,
        int appsPort,
        int maxInstances,
        Set<String> platformHosts) {
    private static final int MOST_PORT = 65_535;
    private static final int MOST_INSTANCES = 1000;

    /** Reads the settings; what is wrong is noted in them. */
    public static DashConfig of(Settings settings) {
        settings.ignored("memcacheAddrs", "sessions need no memcached any more");
        URI uicExternal = uri(settings, "uicExternal", "http://127.0.0.1:8081");
        URI external = uri(settings, "external", "http://127.0.0.1:8088");
        URI builder = uri(settings, "builder", "http://127.0.0.1:7788");
        List<String> further = settings.list("platformHosts", List.of());
        return new DashConfig(
                settings.text("http.addr", "0.0.0.0"),
                settings.integer("http.port", 8088, 0, MOST_PORT),
                DbSettings.dsn(settings),
                DbSettings.connections(settings),
                uri(settings, "uicInternal", "http://127.0.0.1:8081"),
                uicExternal,
                external,
                builder,
                uri(settings, "server", "http://127.0.0.1:1980"),
                settings.secret("serverToken", ""),
                token(settings),
                HostNames.normalize(settings.text("paasDomain", "apps.io")),
                settings.integer("appsPort", 80, 1, MOST_PORT),
                settings.integer("maxInstances", 50, 1, MOST_INSTANCES),
                hosts(further, uicExternal, external, builder));
    }

    private static Secret token(Settings settings) {
        Secret token = settings.secret("token", "");
        if (token.isEmpty()) {
            settings.reject("token", "", "give it the token of uic");
        }
        return token;
    }

    private static URI uri(Settings settings, String key, String fallback) {
        String text = settings.text(key, fallback);
        try {
            URI uri = URI.create(text);
            if (uri.getHost() != null && String.valueOf(uri.getScheme()).startsWith("http")) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            settings.reject(key, text, "use an address such as " + fallback);
            return URI.create(fallback);
        }
        settings.reject(key, text, "use an address such as " + fallback);
        return URI.create(fallback);
    }

    private static Set<String> hosts(List<String> further, URI... own) {
        Set<String> hosts = new LinkedHashSet<>();
        Stream.concat(further.stream(), Stream.of(own).map(URI::getHost))
                .map(HostNames::normalize)
                .forEach(hosts::add);
        return Set.copyOf(hosts);
    }
}
