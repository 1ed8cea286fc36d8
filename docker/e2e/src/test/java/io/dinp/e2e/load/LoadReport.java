package io.dinp.e2e.load;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a load saw. Latencies count from the moment at which a request was due, not from the one at which it was sent: a client
 * that falls behind must not flatter the platform.
 *
 * @param wrong how many of the failed ones were answers of another app
 * @param again how often a request went to another router because its own broke the connection
 * @param lastFailure when the last failed request was due, counted from the begin of the load; zero when none failed
 * @param failures the first few
 */
public record LoadReport(
        int sent,
        int failed,
        int wrong,
        int again,
        Duration lastFailure,
        List<String> failures,
        Map<String, Integer> versions,
        List<Duration> latencies) {

    /** Sorts the latencies once. */
    public LoadReport {
        failures = List.copyOf(failures);
        versions = Map.copyOf(versions);
        latencies = latencies.stream().sorted().toList();
    }

    /** The latency that this part of the answered requests did not exceed; zero when none was answered. */
    public Duration percentile(double part) {
        if (latencies.isEmpty()) {
            return Duration.ZERO;
        }
        int rank = (int) Math.ceil(part * latencies.size());
        return latencies.get(Math.min(Math.max(rank, 1), latencies.size()) - 1);
    }

    /** One line for the test's figures. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d requests, %d failed%s, median %d ms, p99 %d ms, max %d ms, versions %s%s",
                sent,
                failed,
                again == 0 ? "" : ", " + again + " of them by another router",
                percentile(0.5).toMillis(),
                percentile(0.99).toMillis(),
                percentile(1).toMillis(),
                new TreeMap<>(versions),
                failures.isEmpty() ? "" : ", first failures " + failures);
    }
}
