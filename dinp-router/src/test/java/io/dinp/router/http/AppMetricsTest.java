package io.dinp.router.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.router.core.AppNumbers;
import io.dinp.router.core.AppRoster;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AppMetricsTest {
    private static AppNumbers numbers(long... micros) {
        AppNumbers numbers = new AppNumbers();
        for (long took : micros) {
            numbers.enter();
            numbers.leave(200, took, 3, 10);
        }
        return numbers;
    }

    @Test
    void saysOfEachAppWhatPassed() {
        AppNumbers demo = numbers(5_000, 5_001, 20_000_000);
        demo.enter();
        demo.leave(503, -1, 0, 0);
        demo.enter();
        demo.retry();
        List<String> lines =
                AppMetrics.text(Map.of("demo.apps.io", demo)).lines().toList();
        for (String line : List.of(
                "dinp_router_app_requests_total{app=\"demo\",class=\"2xx\"} 3",
                "dinp_router_app_requests_total{app=\"demo\",class=\"5xx\"} 1",
                "dinp_router_app_request_seconds_bucket{app=\"demo\",le=\"0.005\"} 1",
                "dinp_router_app_request_seconds_bucket{app=\"demo\",le=\"0.01\"} 2",
                "dinp_router_app_request_seconds_bucket{app=\"demo\",le=\"10.0\"} 2",
                "dinp_router_app_request_seconds_bucket{app=\"demo\",le=\"+Inf\"} 3",
                "dinp_router_app_request_seconds_sum{app=\"demo\"} 20.010001",
                "dinp_router_app_request_seconds_count{app=\"demo\"} 3",
                "dinp_router_app_requests_in_flight{app=\"demo\"} 1",
                "dinp_router_app_retries_total{app=\"demo\"} 1",
                "dinp_router_app_request_bytes_total{app=\"demo\"} 9",
                "dinp_router_app_response_bytes_total{app=\"demo\"} 30")) {
            assertTrue(lines.contains(line), line + " is not in " + lines);
        }
    }

    @Test
    void isWellFormedForPrometheus() {
        String text = AppMetrics.text(Map.of("a.apps.io", numbers(1), AppRoster.OTHER, numbers(1)));
        text.lines()
                .forEach(line -> assertTrue(
                        line.matches(
                                "# (HELP|TYPE) [a-z_]+ .+|[a-z_]+\\{app=\"[a-z0-9_-]+\"(,[a-z]+=\"[^\"]+\")?\\} [0-9.]+"),
                        line));
        assertTrue(text.contains("{app=\"other\"} 1"), text);
    }

    @Test
    void countsHostsOfOneAppTogether() {
        String text = AppMetrics.text(Map.of("a.apps.io", numbers(1, 1), "a.example.org", numbers(1)));
        assertTrue(text.contains("dinp_router_app_request_seconds_count{app=\"a\"} 3"), text);
    }

    @Test
    void keepsTheNumberOfAppsWithinBounds() {
        AppRoster roster = new AppRoster(2);
        assertEquals("a", roster.admit("a"));
        assertEquals("b", roster.admit("b"));
        assertEquals(AppRoster.OTHER, roster.admit("c"));
        assertEquals("a", roster.admit("a"));
        roster.remove("a");
        assertEquals("c", roster.admit("c"));
        assertFalse(roster.admit("a").equals("a"));
    }
}
