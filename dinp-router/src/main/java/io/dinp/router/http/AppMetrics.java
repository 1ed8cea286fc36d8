package io.dinp.router.http;

import io.dinp.router.core.AppNumbers;
import io.dinp.router.core.AppRoster;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/** The numbers of each app in Prometheus's text format. */
final class AppMetrics {
    private static final String PREFIX = "dinp_router_app_";

    private final Map<String, AppNumbers> apps = new TreeMap<>();
    private final StringBuilder out = new StringBuilder();

    private AppMetrics(Map<String, AppNumbers> byHost) {
        byHost.forEach((host, numbers) ->
                apps.computeIfAbsent(label(host), app -> new AppNumbers()).add(numbers));
    }

    /** Two hosts of one first label are one app. */
    private static String label(String host) {
        int dot = host.indexOf('.');
        return host.equals(AppRoster.OTHER) ? "other" : dot < 0 ? host : host.substring(0, dot);
    }

    static String text(Map<String, AppNumbers> byHost) {
        AppMetrics metrics = new AppMetrics(byHost);
        metrics.requests();
        metrics.latencies();
        metrics.each("requests_in_flight", "gauge", "Requests under way.", AppNumbers::inFlight);
        metrics.each("retries_total", "counter", "Endpoints tried after another one failed.", AppNumbers::retries);
        metrics.each("request_bytes_total", "counter", "Bytes of requests' bodies.", AppNumbers::bytesIn);
        metrics.each("response_bytes_total", "counter", "Bytes of responses' bodies.", AppNumbers::bytesOut);
        return metrics.out.toString();
    }

    private void requests() {
        head("requests_total", "counter", "Requests by class of status.");
        apps.forEach((app, numbers) -> {
            for (int hundred = 1; hundred <= 5; hundred++) {
                if (numbers.requests(hundred) > 0) {
                    line("requests_total", app, ",class=\"" + hundred + "xx\"", numbers.requests(hundred));
                }
            }
        });
    }

    private void latencies() {
        head("request_seconds", "histogram", "From a request's head to the end of its response.");
        apps.forEach(this::latencies);
    }

    private void latencies(String app, AppNumbers numbers) {
        long[] bounds = AppNumbers.bounds();
        long sum = 0;
        for (int i = 0; i < bounds.length; i++) {
            sum += numbers.latencies(i);
            line("request_seconds_bucket", app, ",le=\"" + bounds[i] / 1e6 + "\"", sum);
        }
        sum += numbers.latencies(bounds.length);
        line("request_seconds_bucket", app, ",le=\"+Inf\"", sum);
        out.append(String.format(
                Locale.ROOT, "%srequest_seconds_sum{app=\"%s\"} %.6f\n", PREFIX, app, numbers.micros() / 1e6));
        line("request_seconds_count", app, "", sum);
    }

    private void each(String name, String type, String help, ToLongFunction<AppNumbers> number) {
        head(name, type, help);
        apps.forEach((app, numbers) -> line(name, app, "", number.applyAsLong(numbers)));
    }

    private void head(String name, String type, String help) {
        out.append("# HELP ")
                .append(PREFIX)
                .append(name)
                .append(' ')
                .append(help)
                .append('\n');
        out.append("# TYPE ")
                .append(PREFIX)
                .append(name)
                .append(' ')
                .append(type)
                .append('\n');
    }

    private void line(String name, String app, String labels, long value) {
        out.append(PREFIX).append(name).append("{app=\"").append(app).append('"');
        out.append(labels).append("} ").append(value).append('\n');
    }
}
