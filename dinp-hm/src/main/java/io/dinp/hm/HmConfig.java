package io.dinp.hm;

import io.dinp.common.config.Dsn;
import io.dinp.common.config.Secret;
import io.dinp.common.config.Settings;
import io.dinp.hm.core.Policy;
import java.net.URI;
import java.time.Duration;

/**
 * The health monitor's settings; keys, units and defaults are told in {@code conf/cfg.example.json}.
 *
 * @param serverHttpApi the server's {@code /real}
 * @param token the server's, sent as bearer token; also guards our own {@code /metrics}
 * @param healthSign text that a healthy answer contains; empty: the status alone counts
 */
public record HmConfig(
        String httpAddr,
        int httpPort,
        URI serverHttpApi,
        Secret token,
        Dsn database,
        int maxIdle,
        Duration responseTimeout,
        String healthSign,
        int parallelProbes,
        Policy policy) {

    /** Reads and checks all settings; what is wrong is collected in {@code settings}. */
    public static HmConfig from(Settings settings) {
        settings.ignored("debug", "the log level is set in logback.xml");
        settings.ignored("dockerPort", "the monitor asks the server and never talks to Docker");
        return new HmConfig(
                settings.text("http.addr", "0.0.0.0"),
                settings.integer("http.port", 1990, 1, 65535),
                api(settings),
                settings.secret("token", ""),
                database(settings),
                settings.integer("db.maxIdle", 2, 1, 100),
                settings.seconds("response_timeout", 3, 1, 60),
                settings.text("health_sign", "ok"),
                settings.integer("parallel_probes", 32, 1, 256),
                new Policy(
                        settings.seconds("check_interval", 5, 1, 3600),
                        settings.seconds("grace", 30, 0, 3600),
                        settings.integer("failures", 3, 1, 100),
                        settings.seconds("last_one_patience", 30, 0, 3600)));
    }

    private static Dsn database(Settings settings) {
        try {
            return Dsn.mysql(settings.secret("db.dsn", "").value());
        } catch (IllegalArgumentException e) {
            settings.reject("db.dsn", "", e.getMessage());
            return new Dsn("", "", Secret.NONE);
        }
    }

    private static URI api(Settings settings) {
        String key = "server_http_api";
        String value = settings.required(key);
        if (!value.isEmpty() && !value.matches("https?://[^\\s/?#]+/real")) {
            settings.reject(key, value, "give the server's address such as http://10.0.0.1:1980/real");
            return URI.create("");
        }
        return URI.create(value);
    }
}
