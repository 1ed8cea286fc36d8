package io.dinp.router;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.config.Settings;
import io.dinp.common.testing.ConfigContract;
import io.dinp.router.log.EntryFormat;
import io.dinp.router.netty.ClientLimits;
import io.dinp.router.netty.Transport;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RouterConfigTest {
    private static final ConfigContract CONTRACT =
            new ConfigContract("router", RouterConfig::from, "conf/cfg.example.json");

    private static RouterConfig config(String json) {
        Settings settings = Settings.parse("router", json, Map.of());
        RouterConfig config = RouterConfig.from(settings);
        settings.verify();
        return config;
    }

    @Test
    void hasTheOriginalsDefaults() {
        RouterConfig config = config("{}");
        assertEquals(8888, config.port());
        assertEquals(8082, config.statusPort());
        assertEquals(URI.create("redis://127.0.0.1:6379"), config.redis());
        assertEquals(Duration.ofSeconds(5), config.reloadInterval());
        assertEquals(Duration.ofSeconds(60), config.endpointTimeout());
        assertEquals(Duration.ofSeconds(30), config.headTimeout());
        assertEquals(Duration.ofSeconds(75), config.clientIdle());
        assertEquals(Duration.ofHours(1), config.streamIdle());
        assertEquals(Duration.ofSeconds(2), config.drainWait());
        assertEquals(Duration.ofSeconds(60), config.drainTimeout());
        assertEquals(Duration.ofMinutes(5), config.longestDrain());
        assertFalse(config.logsAccess());
        assertEquals(EntryFormat.TEXT, config.accessLogFormat());
        assertEquals(Transport.best(), config.transport());
        assertTrue(config.threads() > 0);
        assertEquals(ClientLimits.DEFAULT, config.limits());
        assertEquals(200, config.meteredApps());
        assertEquals("", config.id());
        assertEquals(Path.of("var"), config.stateDir());
    }

    @Test
    void mapsEveryKey() {
        RouterConfig config = config("""
                { "addr": "127.0.0.1", "port": 80, "status": {"addr": "127.0.0.2", "port": 81, "user": "u", "pass": "p"},
                  "redis_server": "10.0.0.1:6380", "redis_password": "x", "rs_prefix": "/r/", "cname_prefix": "/c/",
                  "reload_uri_interval": 2, "domain": "apps.io", "own_hosts": ["dash.example.org"], "endpoint_timeout": 7,
                  "client_head_timeout": 8, "client_idle_timeout": 9, "stream_idle_timeout": 10, "drain_wait": 3, "tunnel_drain_timeout": 4,
                  "trusted_proxies": ["10.0.0.0/8"], "trace_key": "t", "access_log": "a.log", "access_log_format": "json", "threads": 3, "transport": "nio", "id": "r1",
                  "state_dir": "s", "metered_apps": 5,
                  "limits": {"connections": 9, "connections_per_client": 8, "head_bytes": 2000, "head_lines": 10, "body_mb": 3, "endpoint_requests": 7}, "debug": true, "go_max_procs": 4 }
                """);
        assertEquals("127.0.0.1:80", config.addr() + ":" + config.port());
        assertEquals("127.0.0.2:81", config.statusAddr() + ":" + config.statusPort());
        assertEquals("u", config.statusUser());
        assertTrue(config.statusPass().matches("p"));
        assertEquals("10.0.0.1", config.redis().getHost());
        assertEquals(6380, config.redis().getPort());
        assertTrue(config.keys().isApp("/r/a") && config.keys().isCname("/c/b"));
        assertEquals(Duration.ofSeconds(2), config.reloadInterval());
        assertFalse(config.rules().isForeign("x.apps.io") || config.rules().isForeign("dash.example.org"));
        assertEquals(Duration.ofSeconds(7), config.endpointTimeout());
        assertEquals(Duration.ofSeconds(8), config.headTimeout());
        assertEquals(Duration.ofSeconds(9), config.clientIdle());
        assertEquals(Duration.ofSeconds(10), config.streamIdle());
        assertEquals(Duration.ofSeconds(3), config.drainWait());
        assertEquals(Duration.ofSeconds(7), config.drainTimeout(), "follows the endpoint's time-out");
        assertEquals(Duration.ofSeconds(4), config.tunnelDrainTimeout());
        assertEquals(Duration.ofSeconds(7), config.longestDrain());
        assertTrue(config.trustedProxies().contains(new byte[] {10, 1, 2, 3}));
        assertEquals(new ClientLimits(9, 8, 2000, 10, 3 * 1024 * 1024, 7), config.limits());
        assertEquals(5, config.meteredApps());
        assertEquals("t", config.traceKey());
        assertEquals(Path.of("a.log"), config.accessLog());
        assertEquals(EntryFormat.JSON, config.accessLogFormat());
        assertEquals(Transport.NIO, config.transport());
        assertEquals(3, config.threads());
        assertEquals("r1", config.id());
        assertEquals(Path.of("s"), config.stateDir());
    }

    @Test
    void tellsAllErrorsAtOnce() {
        CONTRACT.allErrorsAtOnce(
                """
                { "port": 0, "status": {"user": "u"}, "redis_server": "a b", "rs_prefix": "rs", "trusted_proxies": ["10.0.0.0/99"],
                  "id": "a b", "access_log_format": "xml", "transport": "kqueue", "colour": "red" }
                """,
                "port",
                "status.pass",
                "redis_server",
                "rs_prefix",
                "trusted_proxies",
                "id 'a b'",
                "access_log_format 'xml'",
                "transport 'kqueue'",
                "colour");
    }

    @Test
    void hasACompleteExample() throws IOException {
        CONTRACT.exampleIsComplete();
    }
}
