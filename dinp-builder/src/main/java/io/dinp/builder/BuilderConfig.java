package io.dinp.builder;

import io.dinp.builder.core.Dockerfiles;
import io.dinp.builder.docker.ImageBuilder.Registry;
import io.dinp.builder.files.Templates;
import io.dinp.common.config.Dsn;
import io.dinp.common.config.Secret;
import io.dinp.common.config.Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The builder's settings; keys, units and defaults are told in {@code conf/cfg.example.json}.
 *
 * @param external where browsers reach the builder, empty to take it from each request
 * @param keptImages newest images of ours that stay on the builder's own engine
 * @param templates texts of the Dockerfile templates by base
 */
public record BuilderConfig(
        String httpaddr,
        int httpport,
        String external,
        Dsn database,
        int dbmaxidle,
        Path tmpdir,
        Path logdir,
        Duration buildTimeout,
        int buildMemoryMb,
        int parallelBuilds,
        int queuedBuilds,
        int keptImages,
        boolean allowPrivateTarballs,
        String docker,
        Registry registry,
        Map<String, String> templates,
        URI uicInternal,
        URI uicExternal,
        Secret token) {

    private static final Map<String, String> BUILTIN =
            new TreeMap<>(Map.of("binary", Templates.BUILTIN + "binary", "gunicorn", Templates.BUILTIN + "gunicorn"));

    /** Reads and checks all settings; what is wrong is collected in {@code settings}. */
    public static BuilderConfig from(Settings settings) {
        for (String key : new String[] {"appname", "runmode", "buildscript"}) {
            settings.ignored(key, "the builder is no Beego program and builds without a script");
        }
        return new BuilderConfig(
                settings.text("httpaddr", "0.0.0.0"),
                settings.integer("httpport", 7788, 1, 65535),
                address(settings, "external", settings.text("external", "")),
                database(settings),
                settings.integer("dbmaxidle", 2, 1, 100),
                directory(settings, "tmpdir", "./_tmp"),
                directory(settings, "logdir", "./_log"),
                settings.minutes("buildtimeout", 15, 1, 24 * 60),
                settings.integer("buildmemory", 1024, 16, 1 << 20),
                settings.integer("parallelbuilds", 2, 1, 64),
                settings.integer("queuedbuilds", 10, 0, 1000),
                settings.integer("keepimages", 5, 0, 10_000),
                settings.flag("allowPrivateTarballs", false),
                settings.text("docker", "unix:///var/run/docker.sock"),
                new Registry(
                        settings.required("registry"),
                        settings.text("registryUser", ""),
                        settings.secret("registryPassword", "")),
                templates(settings),
                uri(settings, "uicinternal"),
                uri(settings, "uicexternal"),
                settings.secret("token", ""));
    }

    private static Dsn database(Settings settings) {
        String user = settings.text("dbuser", "root");
        Secret password = settings.secret("dbpass", "");
        String host = settings.text("dbhost", "127.0.0.1");
        int port = settings.integer("dbport", 3306, 1, 65535);
        String name = settings.text("dbname", "dinp");
        try {
            return Dsn.mysql(user + ":" + password.value() + "@tcp(" + host + ":" + port + ")/" + name);
        } catch (IllegalArgumentException e) {
            settings.reject("dbuser, dbhost, dbname", user + ", " + host + ", " + name, "give plain names");
            return new Dsn("", "", Secret.NONE);
        }
    }

    private static Path directory(Settings settings, String key, String fallback) {
        return Path.of(settings.text(key, fallback)).toAbsolutePath().normalize();
    }

    private static Map<String, String> templates(Settings settings) {
        Map<String, String> texts = new LinkedHashMap<>();
        settings.map("tplmapping", BUILTIN).forEach((base, location) -> {
            try {
                String text = Templates.read(location);
                Dockerfiles.render(text, "registry", "app.tar");
                texts.put(base, text);
            } catch (IOException | IllegalArgumentException e) {
                settings.reject("tplmapping." + base, location, "name a readable template: " + e.getMessage());
            }
        });
        return texts;
    }

    private static URI uri(Settings settings, String key) {
        return URI.create(address(settings, key, settings.required(key)));
    }

    private static String address(Settings settings, String key, String value) {
        if (value.isEmpty() || value.matches("https?://[^\\s/?#]+/*")) {
            return value.replaceAll("/+$", "");
        }
        settings.reject(key, value, "give an address such as http://10.0.0.1:8081");
        return "";
    }
}
