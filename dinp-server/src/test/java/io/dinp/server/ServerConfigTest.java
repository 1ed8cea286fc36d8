package io.dinp.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.config.Settings;
import io.dinp.common.testing.ConfigContract;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ServerConfigTest {

    private static final String REQUIRED = "\"token\":\"t\",\"db\":{\"dsn\":\"u:p@tcp(db:3306)/dinp\"}";
    private final ConfigContract contract = new ConfigContract("server", ServerConfig::of, "conf/cfg.example.json");

    private static ServerConfig read(String json) {
        Settings settings = Settings.parse("server", json, Map.of());
        ServerConfig config = ServerConfig.of(settings);
        settings.verify();
        return config;
    }

    @Test
    void theExampleIsComplete() throws IOException {
        contract.exampleIsComplete("token", "db.dsn");
    }

    @Test
    void theDefaultsAreTheContracts() {
        ServerConfig config = read("{" + REQUIRED + "}");

        assertEquals(1980, config.http().port());
        assertEquals(1970, config.rpc().port());
        assertEquals("apps.io", config.naming().domain());
        assertEquals("/rs/", config.naming().keys().rsPrefix());
        assertEquals(Duration.ofSeconds(5), config.policy().interval());
        assertEquals(3, config.policy().staleIntervals());
        assertEquals(1463, config.policy().scribePort());
        assertEquals("t", config.agentToken().value());
        assertFalse(config.openReads());
        assertFalse(config.rpcPlain());
    }

    @Test
    void everyKeyIsMapped() {
        ServerConfig config = read("{" + REQUIRED + ",\"agentToken\":\"a\",\"openReads\":true,\"cluster\":\"c\","
                + "\"interval\":2,\"staleIntervals\":4,\"domain\":\"Apps.Localhost\",\"platformHosts\":[\"Dash.io\"],"
                + "\"startupSeconds\":7,\"drainSeconds\":8,\"graceSeconds\":9,\"minUnrouted\":10,\"surge\":50,"
                + "\"rolloutSeconds\":11,\"maxActionsPerTick\":12,\"spreadLabel\":\"zone\",\"healthSign\":\"ok\","
                + "\"redis\":{\"dsn\":\"r:1\",\"password\":\"pw\",\"maxIdle\":3,\"rsPrefix\":\"/a/\",\"cnamePrefix\":\"/b/\"},"
                + "\"scribe\":{\"ip\":\"1.2.3.4\",\"port\":5},\"http\":{\"addr\":\"127.0.0.1\",\"port\":6},"
                + "\"rpc\":{\"addr\":\"127.0.0.2\",\"port\":7,\"plain\":true}}");

        assertEquals("a", config.agentToken().value());
        assertTrue(config.openReads());
        assertEquals("c", config.cluster());
        assertEquals("apps.localhost", config.naming().domain());
        assertEquals(Set.of("dash.io"), config.naming().platformHosts());
        assertEquals("/a/", config.naming().keys().rsPrefix());
        assertEquals("/b/", config.naming().keys().cnamePrefix());
        assertEquals("r", config.redis().orElseThrow().getHost());
        assertEquals(3, config.redisMaxIdle());
        assertEquals(Duration.ofSeconds(2), config.policy().interval());
        assertEquals(4, config.policy().staleIntervals());
        assertEquals(7, config.policy().startupSeconds());
        assertEquals(Duration.ofSeconds(8), config.policy().drain());
        assertEquals(Duration.ofSeconds(9), config.policy().grace());
        assertEquals(Duration.ofSeconds(10), config.policy().minUnrouted());
        assertEquals(50, config.policy().surgePercent());
        assertEquals(Duration.ofSeconds(11), config.policy().rolloutDeadline());
        assertEquals(12, config.policy().maxActions());
        assertEquals("zone", config.policy().spreadLabel());
        assertEquals("ok", config.policy().healthSign());
        assertEquals("1.2.3.4", config.policy().scribeIp());
        assertEquals(5, config.policy().scribePort());
        assertEquals(new ServerConfig.Listen("127.0.0.1", 6), config.http());
        assertEquals(new ServerConfig.Listen("127.0.0.2", 7), config.rpc());
        assertTrue(config.rpcPlain());
    }

    @Test
    void allErrorsAreNamedAtOnce() {
        contract.allErrorsAtOnce(
                "{\"interval\":0,\"unknownKey\":1,\"redis\":{\"rsPrefix\":\"rs\"},\"db\":{\"dsn\":\"nonsense\"}}",
                "interval",
                "unknownKey",
                "rsPrefix",
                "db.dsn",
                "token");
    }
}
