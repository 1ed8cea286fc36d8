package io.dinp.hm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.config.Settings;
import io.dinp.common.testing.ConfigContract;
import io.dinp.hm.core.Policy;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HmConfigTest {
    private static final String REQUIRED =
            "\"server_http_api\":\"http://s:1980/real\",\"db\":{\"dsn\":\"u:p@tcp(h:1)/n\",\"maxIdle\":7}";

    private final ConfigContract contract = new ConfigContract("hm", HmConfig::from, "conf/cfg.example.json");

    @Test
    void defaults() {
        HmConfig config = read("{\"server_http_api\":\"http://s:1980/real\",\"db\":{\"dsn\":\"u:p@tcp(h:1)/n\"}}");
        assertEquals("0.0.0.0:1990", config.httpAddr() + ":" + config.httpPort());
        assertTrue(config.token().isEmpty());
        assertEquals(2, config.maxIdle());
        assertEquals(Duration.ofSeconds(3), config.responseTimeout());
        assertEquals("ok", config.healthSign());
        assertEquals(32, config.parallelProbes());
        assertEquals(
                new Policy(Duration.ofSeconds(5), Duration.ofSeconds(30), 3, Duration.ofSeconds(30)), config.policy());
    }

    @Test
    void everyKeyIsRead() {
        HmConfig config = read("{" + REQUIRED + ",\"http\":{\"addr\":\"127.0.0.1\",\"port\":2},\"token\":\"t\","
                + "\"check_interval\":1,\"response_timeout\":2,\"health_sign\":\"\",\"parallel_probes\":4,\"grace\":5,"
                + "\"failures\":6,\"last_one_patience\":7,\"debug\":true,\"dockerPort\":2375}");
        assertEquals("127.0.0.1:2", config.httpAddr() + ":" + config.httpPort());
        assertEquals(URI.create("http://s:1980/real"), config.serverHttpApi());
        assertEquals("t", config.token().value());
        assertTrue(config.database().jdbcUrl().startsWith("jdbc:mysql://h:1/n?"));
        assertEquals(7, config.maxIdle());
        assertEquals(Duration.ofSeconds(2), config.responseTimeout());
        assertEquals("", config.healthSign());
        assertEquals(4, config.parallelProbes());
        assertEquals(
                new Policy(Duration.ofSeconds(1), Duration.ofSeconds(5), 6, Duration.ofSeconds(7)), config.policy());
    }

    @Test
    void allErrorsAreToldAtOnce() {
        contract.allErrorsAtOnce(
                "{\"server_http_api\":\"s:1980\",\"check_interval\":0,\"db\":{\"dsn\":\"nonsense\"},\"colour\":1}",
                "server_http_api 's:1980'",
                "check_interval '0'",
                "db.dsn",
                "colour");
    }

    @Test
    void theExampleIsComplete() throws IOException {
        contract.exampleIsComplete("server_http_api", "db.dsn");
    }

    private static HmConfig read(String json) {
        Settings settings = Settings.parse("hm", json, Map.of());
        HmConfig config = HmConfig.from(settings);
        settings.verify();
        return config;
    }
}
