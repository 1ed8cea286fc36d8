package io.dinp.uic;

import io.dinp.common.config.Dsn;
import io.dinp.common.config.Secret;
import io.dinp.common.config.Settings;
import io.dinp.web.DbSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;

/**
 * The configuration of uic; the keys are described in {@code conf/uic/cfg.example.json}.
 *
 * @param dbSize most connections to MySQL at once
 * @param canRegister whether strangers may make themselves an account
 * @param token what services must bring
 * @param callbacks origins of the services that sign their users on here
 * @param session how long a sign-on lasts
 */
public record UicConfig(
        String addr,
        int port,
        Dsn db,
        int dbSize,
        boolean canRegister,
        Secret token,
        List<String> callbacks,
        Duration session) {
    private static final int MOST_PORT = 65_535;
    private static final int WEEK_HOURS = 168;
    private static final int YEAR_HOURS = 8760;

    /** Reads the settings; what is wrong is noted in them. */
    public static UicConfig of(Settings settings) {
        ldap(settings);
        return new UicConfig(
                settings.text("http.addr", "0.0.0.0"),
                settings.integer("http.port", 8081, 0, MOST_PORT),
                DbSettings.dsn(settings),
                DbSettings.connections(settings),
                settings.flag("canRegister", false),
                token(settings),
                callbacks(settings),
                Duration.ofHours(settings.integer("sessionHours", WEEK_HOURS, 1, YEAR_HOURS)));
    }

    private static void ldap(Settings settings) {
        if (settings.flag("ldap.Enabled", false)) {
            settings.reject("ldap.Enabled", "true", "signing in by LDAP is not supported: set it to false");
        }
        for (String key : List.of("Host", "Base", "Port", "Uid", "BindDn", "Password")) {
            settings.ignored("ldap." + key, "signing in by LDAP is not supported");
        }
    }

    private static Secret token(Settings settings) {
        Secret token = settings.secret("token", "");
        if (token.isEmpty()) {
            settings.reject("token", "", "give it a long random text, and the same to dash and builder");
        }
        return token;
    }

    private static List<String> callbacks(Settings settings) {
        List<String> callbacks = settings.list("callbacks", List.of("http://127.0.0.1:8088", "http://127.0.0.1:7788"));
        for (String callback : callbacks) {
            if (!isOrigin(callback)) {
                settings.reject("callbacks", callback, "use origins such as http://dash.example.com:8088");
            }
        }
        return callbacks;
    }

    private static boolean isOrigin(String callback) {
        try {
            return callback.matches("https?://[^/@?#\\s]+/?") && new URI(callback).getHost() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
