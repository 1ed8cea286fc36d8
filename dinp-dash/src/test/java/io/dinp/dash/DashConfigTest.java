package io.dinp.dash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.dinp.common.config.Settings;
import io.dinp.common.testing.ConfigContract;
import io.dinp.common.testing.HouseRules;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The configuration of the dashboard, and its shape. */
class DashConfigTest {
    private final ConfigContract contract = new ConfigContract("dash", DashConfig::of, "conf/dash/cfg.example.json");

    @Test
    void defaults() {
        DashConfig config = DashConfig.of(Settings.parse("dash", "{\"token\":\"t\"}", Map.of()));
        assertEquals("0.0.0.0", config.addr());
        assertEquals(8088, config.port());
        assertEquals(URI.create("http://127.0.0.1:1980"), config.server());
        assertEquals("apps.io", config.paasDomain());
        assertEquals(50, config.maxInstances());
        assertEquals(Set.of("127.0.0.1"), config.platformHosts());
    }

    @Test
    void everyKeyIsMapped() {
        String json = """
                {"http":{"addr":"127.0.0.1","port":1},"db":{"dsn":"u:p@tcp(h:1)/d","maxIdle":2},"uicInternal":"http://a:1",
                "uicExternal":"http://b.example:2","external":"http://c.example:3","builder":"http://d.example:4",
                "server":"http://e:5","serverToken":"st","token":"t","paasDomain":"Apps.Example.","appsPort":8888,
                "maxInstances":9,"platformHosts":["X.example"],"memcacheAddrs":["m:1"]}
                """;
        Settings settings = Settings.parse("dash", json, Map.of());
        DashConfig config = DashConfig.of(settings);
        settings.verify();
        assertEquals(1, config.port());
        assertEquals("u", config.db().user());
        assertEquals(2, config.dbSize());
        assertEquals("http://a:1", config.uicInternal().toString());
        assertEquals("http://b.example:2", config.uicExternal().toString());
        assertEquals("st", config.serverToken().value());
        assertEquals("apps.example", config.paasDomain());
        assertEquals(8888, config.appsPort());
        assertEquals(9, config.maxInstances());
        assertEquals(Set.of("x.example", "b.example", "c.example", "d.example"), config.platformHosts());
        assertFalse(settings.printable().contains("u:p@"), "the password is not printed");
    }

    @Test
    void allErrorsAreReported() {
        contract.allErrorsAtOnce(
                "{\"http\":{\"port\":70000},\"db\":{\"dsn\":\"x\"},\"server\":\"nowhere\",\"builder\":\":\",\"typo\":1}",
                "http.port",
                "db.dsn",
                "server",
                "builder",
                "token",
                "typo");
    }

    @Test
    void theExampleIsComplete() throws IOException {
        contract.exampleIsComplete("token");
    }

    @Test
    void keepsTheHouseRules() {
        HouseRules.check("dash");
    }
}
