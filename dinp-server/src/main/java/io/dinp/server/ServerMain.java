package io.dinp.server;

import io.dinp.common.daemon.Daemon;
import io.dinp.common.db.Database;
import io.dinp.common.db.Migrations;
import java.util.List;
import java.util.Map;

/** The control plane's program. */
public final class ServerMain {

    private ServerMain() {}

    /** Runs the server; {@code migrate} brings the schema up to date and ends. */
    public static void main(String[] args) {
        Daemon.main(
                "server",
                args,
                ServerConfig::of,
                (config, life) -> new Wiring(config, life).start(),
                Map.of("migrate", ServerMain::migrate));
    }

    private static int migrate(ServerConfig config, List<String> rest) throws Exception {
        try (Database database = Database.open(config.db().orElseThrow(), "migrate", 1)) {
            Migrations.migrate(database);
            return 0;
        }
    }
}
