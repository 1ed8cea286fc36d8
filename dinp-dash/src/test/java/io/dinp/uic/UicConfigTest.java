package io.dinp.uic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.config.Settings;
import io.dinp.common.testing.ConfigContract;
import io.dinp.common.testing.HouseRules;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The configuration of uic, and its shape. */
class UicConfigTest {
    private final ConfigContract contract = new ConfigContract("uic", UicConfig::of, "conf/uic/cfg.example.json");

    @Test
    void defaults() {
        UicConfig config = UicConfig.of(Settings.parse("uic", "{\"token\":\"t\"}", Map.of()));
        assertEquals(8081, config.port());
        assertFalse(config.canRegister());
        assertEquals(Duration.ofDays(7), config.session());
        assertEquals(List.of("http://127.0.0.1:8088", "http://127.0.0.1:7788"), config.callbacks());
    }

    @Test
    void everyKeyIsMapped() {
        String json = """
                {"http":{"addr":"127.0.0.1","port":1},"db":{"dsn":"u:p@tcp(h:1)/d","maxIdle":2},"canRegister":true,
                "token":"t","callbacks":["http://a.example"],"sessionHours":2,
                "ldap":{"Enabled":false,"Host":"h","Base":"b","Port":389,"Uid":"u","BindDn":"d","Password":"p"}}
                """;
        Settings settings = Settings.parse("uic", json, Map.of());
        UicConfig config = UicConfig.of(settings);
        settings.verify();
        assertEquals("127.0.0.1", config.addr());
        assertEquals(1, config.port());
        assertEquals("u", config.db().user());
        assertEquals(2, config.dbSize());
        assertTrue(config.canRegister());
        assertEquals("t", config.token().value());
        assertEquals(List.of("http://a.example"), config.callbacks());
        assertEquals(Duration.ofHours(2), config.session());
    }

    @Test
    void allErrorsAreReported() {
        contract.allErrorsAtOnce(
                "{\"http\":{\"port\":-1},\"callbacks\":[\"dash.example\"],\"ldap\":{\"Enabled\":true},\"typo\":1}",
                "http.port",
                "callbacks",
                "ldap.Enabled",
                "token",
                "typo");
    }

    @Test
    void theExampleIsComplete() throws IOException {
        contract.exampleIsComplete("token");
    }

    @Test
    void keepsTheHouseRules() {
        HouseRules.check("uic");
    }
}
