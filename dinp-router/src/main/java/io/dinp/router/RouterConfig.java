package io.dinp.router;

import io.dinp.common.config.Dsn;
import io.dinp.common.config.Secret;
import io.dinp.common.config.Settings;
import io.dinp.common.model.RouteKeys;
import io.dinp.router.core.AddressRanges;
import io.dinp.router.core.EntryRules;
import io.dinp.router.log.EntryFormat;
import io.dinp.router.netty.ClientLimits;
import io.dinp.router.netty.Transport;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;

/**
 * The router's settings; keys, units and defaults are told in {@code conf/cfg.example.json}.
 *
 * @param headTimeout for a head from its first byte on
 * @param clientIdle for a client's next request
 * @param streamIdle for the next byte of a body that has begun, or of an upgraded connection
 * @param id empty: a random one, kept in {@code stateDir}
 * @param accessLog empty path: none
 */
public record RouterConfig(
        String addr,
        int port,
        String statusAddr,
        int statusPort,
        String statusUser,
        Secret statusPass,
        URI redis,
        RouteKeys keys,
        Duration reloadInterval,
        EntryRules rules,
        Duration endpointTimeout,
        Duration headTimeout,
        Duration clientIdle,
        Duration streamIdle,
        Duration drainWait,
        Duration drainTimeout,
        Duration tunnelDrainTimeout,
        AddressRanges trustedProxies,
        ClientLimits limits,
        int meteredApps,
        String traceKey,
        Path accessLog,
        EntryFormat accessLogFormat,
        Transport transport,
        int threads,
        String id,
        Path stateDir) {

    /** Reads and checks all settings; what is wrong is collected in {@code settings}. */
    public static RouterConfig from(Settings settings) {
        settings.ignored("debug", "the log level is set in logback.xml");
        settings.ignored("go_max_procs", "see threads");
        Duration endpointTimeout = settings.seconds("endpoint_timeout", 60, 1, 86_400);
        return new RouterConfig(
                settings.text("addr", "0.0.0.0"),
                settings.integer("port", 8888, 1, 65535),
                settings.text("status.addr", "0.0.0.0"),
                settings.integer("status.port", 8082, 1, 65535),
                settings.text("status.user", ""),
                statusPass(settings),
                redis(settings),
                keys(settings),
                settings.seconds("reload_uri_interval", 5, 1, 3600),
                rules(settings),
                endpointTimeout,
                settings.seconds("client_head_timeout", 30, 1, 3600),
                settings.seconds("client_idle_timeout", 75, 1, 86_400),
                settings.seconds("stream_idle_timeout", 3600, 1, 604_800),
                settings.seconds("drain_wait", 2, 0, 3600),
                settings.seconds("drain_timeout", (int) endpointTimeout.toSeconds(), 0, 86_400),
                settings.seconds("tunnel_drain_timeout", 300, 0, 86_400),
                trustedProxies(settings),
                limits(settings),
                settings.integer("metered_apps", 200, 0, 10_000),
                settings.text("trace_key", ""),
                Path.of(settings.text("access_log", "")),
                accessLogFormat(settings),
                transport(settings),
                threads(settings),
                id(settings),
                Path.of(settings.text("state_dir", "var")));
    }

    private static Secret statusPass(Settings settings) {
        Secret pass = settings.secret("status.pass", "");
        if (pass.isEmpty() && !settings.text("status.user", "").isEmpty()) {
            settings.reject("status.pass", "", "a status.user needs a password");
        }
        return pass;
    }

    private static URI redis(Settings settings) {
        String server = settings.text("redis_server", "127.0.0.1:6379");
        Secret password = settings.secret("redis_password", "");
        try {
            return Dsn.redis(server, password);
        } catch (IllegalArgumentException e) {
            settings.reject("redis_server", server, e.getMessage());
            return URI.create("redis://127.0.0.1:6379");
        }
    }

    private static RouteKeys keys(Settings settings) {
        String rs = settings.text("rs_prefix", "/rs/");
        String cname = settings.text("cname_prefix", "/cname/");
        try {
            return new RouteKeys(rs, cname);
        } catch (IllegalArgumentException e) {
            settings.reject("rs_prefix, cname_prefix", rs + ", " + cname, e.getMessage());
            return new RouteKeys("/rs/", "/cname/");
        }
    }

    private static EntryRules rules(Settings settings) {
        return new EntryRules(settings.text("domain", ""), new HashSet<>(settings.list("own_hosts", List.of())));
    }

    private static AddressRanges trustedProxies(Settings settings) {
        List<String> ranges = settings.list("trusted_proxies", List.of());
        try {
            return AddressRanges.parse(ranges);
        } catch (IllegalArgumentException e) {
            settings.reject("trusted_proxies", ranges.toString(), e.getMessage());
            return AddressRanges.parse(List.of());
        }
    }

    private static ClientLimits limits(Settings settings) {
        ClientLimits normal = ClientLimits.DEFAULT;
        return new ClientLimits(
                settings.integer("limits.connections", normal.connections(), 1, 1_000_000),
                settings.integer("limits.connections_per_client", normal.connectionsEach(), 1, 1_000_000),
                settings.integer("limits.head_bytes", normal.headBytes(), 1024, 1024 * 1024),
                settings.integer("limits.head_lines", normal.headLines(), 8, 10_000),
                settings.integer("limits.body_mb", 0, 0, 1_000_000) * 1024L * 1024,
                settings.integer("limits.endpoint_requests", normal.endpointRequests(), 1, 1_000_000));
    }

    private static EntryFormat accessLogFormat(Settings settings) {
        String format = settings.text("access_log_format", "text");
        if (!format.equals("text") && !format.equals("json")) {
            settings.reject("access_log_format", format, "use text or json");
        }
        return format.equals("json") ? EntryFormat.JSON : EntryFormat.TEXT;
    }

    private static Transport transport(Settings settings) {
        String name = settings.text("transport", "auto");
        try {
            return Transport.named(name);
        } catch (IllegalArgumentException e) {
            settings.reject("transport", name, e.getMessage());
            return Transport.best();
        }
    }

    private static int threads(Settings settings) {
        int threads = settings.integer("threads", 0, 0, 256);
        return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    }

    private static String id(Settings settings) {
        String id = settings.text("id", "");
        if (!id.matches("[A-Za-z0-9_.-]{0,64}")) {
            settings.reject("id", id, "use up to 64 letters, digits, dots, underscores and hyphens");
        }
        return id;
    }

    /** How long anything may go on once the router is told to stop. */
    public Duration longestDrain() {
        return drainTimeout.compareTo(tunnelDrainTimeout) > 0 ? drainTimeout : tunnelDrainTimeout;
    }

    /** Whether requests are to be logged. */
    public boolean logsAccess() {
        return !accessLog.toString().isEmpty();
    }
}
