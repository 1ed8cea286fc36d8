package io.dinp.hm;

import io.dinp.common.daemon.Daemon;
import io.dinp.common.daemon.Lifecycle;
import io.dinp.common.daemon.Ticker;
import io.dinp.common.db.Database;
import io.dinp.common.http.ApiServer;
import io.dinp.hm.http.HealthProber;
import io.dinp.hm.http.ServerClient;
import io.dinp.hm.mysql.HealthPaths;
import java.io.IOException;
import java.time.Clock;

/** The health monitor: asks every instance with a health path and has the sick ones replaced. Wiring only. */
public final class HmMain {
    private HmMain() {}

    public static void main(String[] args) {
        Daemon.main("hm", args, HmConfig::from, HmMain::start);
    }

    static void start(HmConfig config, Lifecycle life) throws IOException {
        Database database = life.own("mysql", Database.open(config.database(), "hm", config.maxIdle()));
        life.own("status", ApiServer.bind("hm", config.httpAddr(), config.httpPort(), life.health(), config.token()))
                .start();
        HealthProber prober = life.own(
                "prober", new HealthProber(config.responseTimeout(), config.healthSign(), config.parallelProbes()));
        HmLoop loop = new HmLoop(
                new HealthPaths(database),
                new ServerClient(config.serverHttpApi(), config.token()),
                prober,
                config.policy(),
                life.health(),
                Clock.systemUTC());
        life.own("loop", new Ticker("hm", config.policy().interval(), loop::tick))
                .start();
    }
}
