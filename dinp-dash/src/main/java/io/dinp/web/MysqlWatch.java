package io.dinp.web;

import io.dinp.common.daemon.Health;
import io.dinp.common.daemon.Ticker;
import java.time.Duration;

/** Looks every two seconds whether MySQL answers, so that {@code /health} tells it before a user finds out. */
public final class MysqlWatch implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    private static final int LOOKS_A_HOUSEKEEPING = 30;

    private final Ticker ticker;
    private int looks;

    /** @param alsoThen housekeeping that is done once a minute while MySQL is there */
    public MysqlWatch(Store store, Health health, Runnable alsoThen) {
        this.ticker = new Ticker("mysql", INTERVAL, () -> look(store, health, alsoThen));
    }

    /** Begins to look. */
    public MysqlWatch start() {
        ticker.start();
        return this;
    }

    @Override
    public void close() {
        ticker.close();
    }

    private void look(Store store, Health health, Runnable alsoThen) {
        try {
            store.read(sql -> sql.first("select 1", row -> 1));
            if (looks++ % LOOKS_A_HOUSEKEEPING == 0) {
                alsoThen.run();
            }
            health.ok("mysql");
        } catch (DatabaseFault e) {
            health.problem("mysql", e.getMessage());
        }
    }
}
