package io.dinp.e2e.load;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a load saw. Latencies count from the moment at which a request was due, not from the one at which it was sent: a client
 * that falls behind must not flatter the platform.
 */
public record LoadReport(
        int sent, int failed, List<String> failures, Map<String, Integer> versions, List<Duration> latencies) {

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
                "%d requests, %d failed, median %d ms, p99 %d ms, max %d ms, versions %s%s",
                sent,
                failed,
                percentile(0.5).toMillis(),
                percentile(0.99).toMillis(),
                percentile(1).toMillis(),
                new TreeMap<>(versions),
                failures.isEmpty() ? "" : ", first failures " + failures);
    }
}
