package io.dinp.web;

import io.dinp.common.config.Dsn;
import io.dinp.common.config.Secret;
import io.dinp.common.config.Settings;

/** Reads the settings below {@code db}, which dash and uic share. */
public final class DbSettings {
    private static final int DEFAULT_CONNECTIONS = 8;
    private static final int MOST_CONNECTIONS = 100;

    private DbSettings() {}

    /** The database's address; one that cannot be read is noted as an error, without its password. */
    public static Dsn dsn(Settings settings) {
        String text =
                settings.secret("db.dsn", "dinp:dinp@tcp(127.0.0.1:3306)/dinp").value();
        try {
            return Dsn.mysql(text);
        } catch (IllegalArgumentException e) {
            settings.reject("db.dsn", "****", e.getMessage());
            return new Dsn("", "", Secret.NONE);
        }
    }

    /** Most connections at once. */
    public static int connections(Settings settings) {
        return settings.integer("db.maxIdle", DEFAULT_CONNECTIONS, 1, MOST_CONNECTIONS);
    }
}
