package io.dinp.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.agent.core.ImageChoice;
import io.dinp.agent.core.PortRange;
import io.dinp.agent.docker.ContainerLimits;
import io.dinp.agent.docker.LocalImages.Account;
import io.dinp.common.config.Secret;
import io.dinp.common.config.Settings;
import io.dinp.common.model.HostPort;
import io.dinp.common.testing.ConfigContract;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AgentConfigTest {
    private final ConfigContract contract = new ConfigContract("agent", AgentConfig::of, "conf/cfg.example.json");

    @Test
    void defaults() {
        AgentConfig config = AgentConfig.of(Settings.parse("agent", "{}", Map.of()));
        assertEquals("", config.localIp());
        assertEquals(List.of(new HostPort("127.0.0.1", 1970)), config.servers());
        assertEquals(Duration.ofSeconds(5), config.interval());
        assertEquals(Duration.ofSeconds(1), config.timeout());
        assertEquals(URI.create("unix:///var/run/docker.sock"), config.docker());
        assertEquals("dinp", config.cluster());
        assertEquals(Path.of("/var/lib/dinp/agent"), config.stateDir());
        assertEquals(new PortRange(20000, 29999), config.ports());
        assertEquals(0, config.memoryMb());
        assertEquals(256, config.reserveMb());
        assertEquals(new ContainerLimits(1024, 512), config.limits());
        assertEquals(3, config.pulls());
        assertEquals(new ImageChoice.Rules(5, 600_000, 80, 80), config.images());
        assertEquals(1971, config.httpPort());
    }

    @Test
    void everyKeyIsMapped() {
        String json = """
                { "debug": true, "localIp": "10.0.0.7", "servers": ["10.0.0.1:1970", "10.0.0.2:1971"], "interval": 7,
                  "timeout": 500, "docker": "unix:///run/other.sock", "token": "t", "cluster": "c", "stateDir": "/s",
                  "ports": "30000-30009", "memory": 4096, "reserve": 100, "cpuShares": 512, "pidsLimit": 99,
                  "pulls": 2, "images": { "keep": 1, "rest": 3, "diskPercent": 70, "inodePercent": 60 },
                  "registries": [{ "registry": "r:5000", "user": "u", "password": "p" }], "labels": { "rack": "b" },
                  "http": { "addr": "10.0.0.7", "port": 2971 }, "dockerPort": 2375, "go_max_procs": 4 }
                """;
        Settings settings = Settings.parse("agent", json, Map.of());
        AgentConfig expected = new AgentConfig(
                "10.0.0.7",
                List.of(new HostPort("10.0.0.1", 1970), new HostPort("10.0.0.2", 1971)),
                Duration.ofSeconds(7),
                Duration.ofMillis(500),
                URI.create("unix:///run/other.sock"),
                new Secret("t"),
                "c",
                Path.of("/s"),
                new PortRange(30000, 30009),
                4096,
                100,
                new ContainerLimits(512, 99),
                2,
                new ImageChoice.Rules(1, 180_000, 70, 60),
                Map.of("r:5000", new Account("u", new Secret("p"))),
                Map.of("rack", "b"),
                "10.0.0.7",
                2971);
        assertEquals(expected, AgentConfig.of(settings));
        settings.verify();
        assertEquals(3, settings.warnings().size());
        assertFalse(settings.printable().contains("\"p\""), settings.printable());
        assertTrue(settings.printable().contains("****"));
    }

    @Test
    void everythingWrongIsToldAtOnce() {
        contract.allErrorsAtOnce(
                """
                { "servers": ["nowhere"], "interval": 0, "timeout": "soon", "docker": "http://x", "cluster": "a b",
                  "ports": "9", "memory": -1, "pidsLimit": 1, "pulls": 0,
                  "images": { "keep": -1, "rest": 0, "diskPercent": 0, "inodePercent": 101 }, "registries": [{ "registry": "r:5000" }], "color": "blue" }
                """,
                "servers",
                "interval",
                "timeout",
                "docker",
                "token",
                "cluster",
                "ports",
                "memory",
                "pidsLimit",
                "pulls",
                "images.keep",
                "images.rest",
                "images.diskPercent",
                "images.inodePercent",
                "registries",
                "color");
    }

    @Test
    void theExampleIsComplete() throws Exception {
        String example = Files.readString(Path.of("conf/cfg.example.json"));
        assertTrue(example.contains("\"token\": \"change-me\""));
        contract.exampleIsComplete("token");
    }
}
