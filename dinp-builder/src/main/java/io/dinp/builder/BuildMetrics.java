package io.dinp.builder;

import io.dinp.common.metrics.Metrics;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;

/** What the builder counts for {@code /metrics}. */
final class BuildMetrics {
    private static final Counter FINISHED =
            Metrics.counter("dinp_builder_builds_total", "Builds that ended.", "result");
    private static final Gauge RUNNING = Metrics.gauge("dinp_builder_builds_running", "Builds at work.");

    private BuildMetrics() {}

    /** Makes all of them appear with 0 before the first build. */
    static void announce() {
        FINISHED.initLabelValues("successful");
        FINISHED.initLabelValues("failed");
        RUNNING.inc(0);
    }

    static void started() {
        RUNNING.inc();
    }

    static void finished(boolean successful) {
        RUNNING.dec();
        FINISHED.labelValues(successful ? "successful" : "failed").inc();
    }
}
