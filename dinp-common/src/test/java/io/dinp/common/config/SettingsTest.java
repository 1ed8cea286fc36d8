package io.dinp.common.config;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

    @Test
    void theEnvironmentGoesOverTheFileOverTheDefault() {
        Settings settings = Settings.parse(
                "server",
                "{ // a comment\n \"interval\": 7, /* another */ \"redis\": {\"dsn\": \"file:1\",}, }",
                Map.of("DINP_SERVER_REDIS_DSN", "env:1"));
        assertEquals("env:1", settings.text("redis.dsn", "default:1"));
        assertEquals(7, settings.integer("interval", 5, 1, 60));
        assertEquals("apps.io", settings.text("domain", "apps.io"));
        assertDoesNotThrow(settings::verify);
    }

    @ParameterizedTest
    @CsvSource({
        "redis.dsn,DINP_SERVER_REDIS_DSN",
        "redis.rsPrefix,DINP_SERVER_REDIS_RS_PREFIX",
        "localIp,DINP_SERVER_LOCAL_IP",
        "reload_uri_interval,DINP_SERVER_RELOAD_URI_INTERVAL",
        "ldap.BindDn,DINP_SERVER_LDAP_BIND_DN"
    })
    void everyKeyHasItsVariable(String key, String variable) {
        assertEquals(variable, Settings.parse("server", "{}", Map.of()).variable(key));
    }

    @Test
    void everyTypeIsRead() {
        Settings settings =
                Settings.parse("agent", """
                {"text": "t", "flag": true, "s": 3, "ms": 4, "min": 5, "list": ["a", "b"], "one": "a, b",
                 "map": {"k": "v"}, "objects": [{"registry": "r", "password": "geheim"}]}""", Map.of("DINP_AGENT_FROM_ENV", "x=1,y=2", "DINP_AGENT_LISTED", "a,b"));
        assertEquals("t", settings.required("text"));
        assertTrue(settings.flag("flag", false));
        assertEquals(Duration.ofSeconds(3), settings.seconds("s", 1, 1, 9));
        assertEquals(Duration.ofMillis(4), settings.millis("ms", 1, 1, 9));
        assertEquals(Duration.ofMinutes(5), settings.minutes("min", 1, 1, 9));
        assertEquals(List.of("a", "b"), settings.list("list", List.of()));
        assertEquals(List.of("a", "b"), settings.list("one", List.of()));
        assertEquals(List.of("a", "b"), settings.list("listed", List.of()));
        assertEquals(List.of("c"), settings.list("none", List.of("c")));
        assertEquals(Map.of("k", "v"), settings.map("map", Map.of()));
        assertEquals(Map.of("x", "1", "y", "2"), settings.map("fromEnv", Map.of()));
        assertEquals(List.of(Map.of("registry", "r", "password", "geheim")), settings.objects("objects"));
        assertDoesNotThrow(settings::verify);
        assertFalse(settings.printable().contains("geheim"));
    }

    @Test
    void allErrorsAreToldAtOnce() {
        Settings settings = Settings.parse("server", """
                {"interval": "soon", "port": 70000, "debug": "maybe", "list": {"a": 1}, "text": [1], "map": 3,
                 "redis": {"dns": "typo"}, "unknwon": 1, "other": {"x": 1}}""", Map.of());
        settings.integer("interval", 5, 1, 60);
        settings.integer("port", 1980, 1, 65535);
        settings.flag("debug", false);
        settings.list("list", List.of());
        settings.text("text", "");
        settings.map("map", Map.of());
        settings.text("redis.dsn", "127.0.0.1:6379");
        settings.required("domain");
        settings.reject("scribe.ip", "x", "use an address");
        List<String> errors =
                assertThrows(ConfigException.class, settings::verify).errors();
        List<String> named = List.of(
                "interval 'soon'",
                "port '70000'",
                "debug 'maybe'",
                "list",
                "text",
                "map",
                "redis.dns",
                "unknwon",
                "other",
                "domain",
                "scribe.ip 'x': use an address");
        for (String text : named) {
            assertTrue(errors.stream().anyMatch(error -> error.startsWith(text)), text + " in " + errors);
        }
        assertEquals(named.size(), errors.size(), errors.toString());
        assertTrue(errors.stream().anyMatch(e -> e.contains("DINP_SERVER_DOMAIN")), "the remedy names the variable");
    }

    @Test
    void aWrongVariableIsTold() {
        Settings settings =
                Settings.parse("server", "{}", Map.of("DINP_SERVER_INTERVAL", "x", "DINP_SERVER_INTERVALL", "5"));
        settings.integer("interval", 5, 1, 60);
        List<String> errors =
                assertThrows(ConfigException.class, settings::verify).errors();
        assertEquals(2, errors.size(), errors.toString());
        assertTrue(errors.toString().contains("DINP_SERVER_INTERVALL"), errors.toString());
    }

    @Test
    void whatLostItsMeaningIsAcceptedWithAWarning() {
        Settings settings = Settings.parse("server", "{\"dockerPort\": 2375}", Map.of());
        settings.ignored("dockerPort", "the agent alone talks to Docker");
        settings.ignored("go_max_procs", "there is no Go");
        assertDoesNotThrow(settings::verify);
        assertEquals(1, settings.warnings().size());
        assertTrue(settings.warnings().get(0).contains("dockerPort"));
    }

    @Test
    void theSettingsInForceArePrintedWithoutSecrets() {
        Settings settings = Settings.parse("server", "{\"redis\": {\"password\": \"geheim\"}}", Map.of());
        settings.secret("redis.password", "");
        settings.secret("token", "");
        settings.text("redis.dsn", "db:1");
        settings.required("url");
        String printed = settings.printable();
        assertFalse(printed.contains("geheim"), printed);
        assertTrue(printed.contains("\"password\" : \"****\"") && printed.contains("\"dsn\" : \"db:1\""), printed);
    }

    @Test
    void aFileThatIsMissingOrNoJsonIsToldWithItsPlace(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("cfg.json");
        ConfigException missing = assertThrows(ConfigException.class, () -> Settings.load("server", file, Map.of()));
        assertTrue(missing.getMessage().contains(file.toString()), missing.getMessage());
        Files.writeString(file, "{\n \"a\": }");
        ConfigException broken = assertThrows(ConfigException.class, () -> Settings.load("server", file, Map.of()));
        assertTrue(broken.getMessage().contains("line 2"), broken.getMessage());
        Files.writeString(file, "[]");
        assertThrows(ConfigException.class, () -> Settings.load("server", file, Map.of()));
    }
}
