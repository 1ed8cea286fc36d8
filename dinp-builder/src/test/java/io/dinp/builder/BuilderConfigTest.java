package io.dinp.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.builder.docker.ImageBuilder.Registry;
import io.dinp.common.config.Secret;
import io.dinp.common.config.Settings;
import io.dinp.common.testing.ConfigContract;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BuilderConfigTest {
    private static final String REQUIRED =
            "\"registry\":\"r:5000\",\"uicinternal\":\"http://i:1/\",\"uicexternal\":\"http://e:2\"";

    private final ConfigContract contract = new ConfigContract("builder", BuilderConfig::from, "conf/cfg.example.json");

    @Test
    void defaults() {
        BuilderConfig config = read("{" + REQUIRED + "}");
        assertEquals("0.0.0.0", config.httpaddr());
        assertEquals(7788, config.httpport());
        assertEquals("", config.external());
        assertTrue(config.database().jdbcUrl().startsWith("jdbc:mysql://127.0.0.1:3306/dinp?"));
        assertEquals("root", config.database().user());
        assertEquals(Path.of("_tmp").toAbsolutePath(), config.tmpdir());
        assertEquals(Path.of("_log").toAbsolutePath(), config.logdir());
        assertEquals(Duration.ofMinutes(15), config.buildTimeout());
        assertEquals(1024, config.buildMemoryMb());
        assertEquals(2, config.parallelBuilds());
        assertEquals(10, config.queuedBuilds());
        assertEquals(5, config.keptImages());
        assertFalse(config.allowPrivateTarballs());
        assertEquals("unix:///var/run/docker.sock", config.docker());
        assertEquals(Set.of("binary", "gunicorn"), config.templates().keySet());
        assertEquals(URI.create("http://i:1"), config.uicInternal());
        assertTrue(config.token().isEmpty());
    }

    @Test
    void everyKeyIsRead() {
        BuilderConfig config = read(
                "{" + REQUIRED
                        + ",\"httpaddr\":\"127.0.0.1\",\"httpport\":1,\"external\":\"https://b.example/\",\"dbuser\":\"u\",\"dbpass\":\"p@)\","
                        + "\"dbhost\":\"h\",\"dbport\":2,\"dbname\":\"n\",\"dbmaxidle\":3,\"tmpdir\":\"/t\",\"logdir\":\"/l\",\"buildtimeout\":4,"
                        + "\"buildmemory\":64,\"parallelbuilds\":5,\"queuedbuilds\":6,\"keepimages\":7,\"allowPrivateTarballs\":true,\"docker\":\"unix:///d\","
                        + "\"registryUser\":\"ru\",\"registryPassword\":\"rp\",\"tplmapping\":{\"mine\":\"builtin:binary\"},\"token\":\"t\"}");
        assertEquals(
                "127.0.0.1 1 https://b.example", config.httpaddr() + " " + config.httpport() + " " + config.external());
        assertTrue(config.database().jdbcUrl().startsWith("jdbc:mysql://h:2/n?"));
        assertEquals(
                "u p@)",
                config.database().user() + " " + config.database().password().value());
        assertEquals(3, config.dbmaxidle());
        assertEquals(Path.of("/t"), config.tmpdir());
        assertEquals(Path.of("/l"), config.logdir());
        assertEquals(Duration.ofMinutes(4), config.buildTimeout());
        assertEquals(64, config.buildMemoryMb());
        assertEquals(5, config.parallelBuilds());
        assertEquals(6, config.queuedBuilds());
        assertEquals(7, config.keptImages());
        assertTrue(config.allowPrivateTarballs());
        assertEquals("unix:///d", config.docker());
        assertEquals(new Registry("r:5000", "ru", new Secret("rp")), config.registry());
        assertEquals(Set.of("mine"), config.templates().keySet());
        assertEquals(URI.create("http://e:2"), config.uicExternal());
        assertEquals("t", config.token().value());
    }

    @Test
    void allErrorsAreToldAtOnce() {
        contract.allErrorsAtOnce(
                "{\"httpport\":0,\"uicinternal\":\"uic\",\"tplmapping\":{\"a\":\"/nowhere\",\"b\":\"builtin:nothing\"},\"colour\":1}",
                "httpport '0'",
                "uicinternal 'uic'",
                "uicexternal",
                "registry",
                "tplmapping.a '/nowhere'",
                "tplmapping.b 'builtin:nothing'",
                "colour");
    }

    @Test
    void theExampleIsComplete() throws IOException {
        contract.exampleIsComplete("registry", "uicinternal", "uicexternal");
    }

    private static BuilderConfig read(String json) {
        Settings settings = Settings.parse("builder", json, Map.of());
        BuilderConfig config = BuilderConfig.from(settings);
        settings.verify();
        return config;
    }
}
