package io.dinp.web;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.dinp.common.config.Secret;
import io.dinp.common.metrics.Metrics;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/**
 * What dash and uic both count for {@code /metrics}: the requests they answer and their connections to MySQL. The only
 * label of a request is the first digit of its status, so nothing that a client sends adds a line.
 */
public final class WebMetrics {
    private static final String BEARER = "Bearer ";
    private static final List<String> CLASSES = List.of("1xx", "2xx", "3xx", "4xx", "5xx");
    private static final Counter REQUESTS = Metrics.counter(
            "dinp_web_requests_total", "Answered requests by class of status, without /health and /metrics.", "class");
    private static final Counter SECONDS = Metrics.counter(
            "dinp_web_request_seconds_total", "Time spent on these requests, by class of status.", "class");
    private static final Gauge CONNECTIONS =
            Metrics.gauge("dinp_mysql_connections", "Open connections to MySQL.", "state");
    private static final Gauge LIMIT = Metrics.gauge("dinp_mysql_connections_limit", "Most connections at once.");
    private static final Gauge WAITING =
            Metrics.gauge("dinp_mysql_waiting", "Requests that wait for a connection to MySQL.");

    static {
        CLASSES.forEach(REQUESTS::initLabelValues);
        CLASSES.forEach(SECONDS::initLabelValues);
    }

    private final DataSource pool;
    private final Secret token;

    /**
     * The metrics of one daemon.
     *
     * @param pool connections to MySQL, a HikariCP pool
     * @param token what Prometheus must bring
     */
    public WebMetrics(DataSource pool, Secret token) {
        this.pool = pool;
        this.token = token;
    }

    /** Whether a request with this header {@code Authorization}, which may be null, may read them. */
    boolean mayRead(String authorization) {
        return authorization != null
                && authorization.startsWith(BEARER)
                && token.matches(authorization.substring(BEARER.length()));
    }

    /** Counts a request that was answered with {@code status} after {@code nanos}. */
    void answered(int status, long nanos) {
        String kind = CLASSES.get(Math.min(Math.max(status / 100, 1), CLASSES.size()) - 1);
        REQUESTS.labelValues(kind).inc();
        SECONDS.labelValues(kind).inc((double) nanos / TimeUnit.SECONDS.toNanos(1));
    }

    /** All metrics of the process as Prometheus reads them. */
    String text() {
        if (pool instanceof HikariDataSource hikari && hikari.getHikariPoolMXBean() != null) {
            HikariPoolMXBean now = hikari.getHikariPoolMXBean();
            CONNECTIONS.labelValues("active").set(now.getActiveConnections());
            CONNECTIONS.labelValues("idle").set(now.getIdleConnections());
            WAITING.set(now.getThreadsAwaitingConnection());
            LIMIT.set(hikari.getMaximumPoolSize());
        }
        return Metrics.text();
    }
}
