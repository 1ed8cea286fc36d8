package io.dinp.e2e.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LoadReportTest {
    @Test
    void percentilesAreLatenciesThatWereSeen() {
        List<Duration> hundred = IntStream.rangeClosed(1, 100)
                .mapToObj(i -> Duration.ofMillis(101 - i))
                .toList();
        LoadReport report = report(100, 0, List.of(), Map.of(), hundred);
        assertEquals(Duration.ofMillis(50), report.percentile(0.5));
        assertEquals(Duration.ofMillis(99), report.percentile(0.99));
        assertEquals(Duration.ofMillis(100), report.percentile(1));
        assertEquals(Duration.ofMillis(1), report.percentile(0));
    }

    @Test
    void nothingAnsweredIsNoLatency() {
        assertEquals(
                Duration.ZERO, report(3, 3, List.of("x"), Map.of(), List.of()).percentile(0.99));
    }

    @Test
    void theLineNamesCountsVersionsAndFailures() {
        LoadReport report = report(3, 1, List.of("status 502"), Map.of("v1", 2), List.of(Duration.ofMillis(7)));
        String line = report.toString();
        assertTrue(line.startsWith("3 requests, 1 failed, median 7 ms"), line);
        assertTrue(line.contains("versions {v1=2}") && line.contains("status 502"), line);
    }

    private static LoadReport report(
            int sent, int failed, List<String> failures, Map<String, Integer> versions, List<Duration> latencies) {
        return new LoadReport(sent, failed, 0, 0, Duration.ZERO, failures, versions, latencies);
    }
}
