package io.dinp.router.http;

import io.dinp.common.metrics.Metrics;
import io.dinp.common.model.HostPort;
import io.dinp.router.core.Route;
import io.dinp.router.core.TableState;
import io.dinp.router.netty.RouterServer;
import io.dinp.router.netty.Traffic;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** What the router says about itself. */
public final class RouterStatus {
    private static final Counter EVENTS =
            Metrics.counter("dinp_router_events_total", "What happened on the traffic port, by kind.", "kind");
    private static final Gauge CONNECTIONS =
            Metrics.gauge("dinp_router_client_connections", "Open connections of clients.");
    private static final Gauge IN_FLIGHT =
            Metrics.gauge("dinp_router_requests_in_flight", "Requests that hold an endpoint.");
    private static final Gauge ROUTES = Metrics.gauge("dinp_router_routes", "Hosts with endpoints.");
    private static final Gauge STALE =
            Metrics.gauge("dinp_router_table_stale", "1 while the table cannot be held against Redis.");

    private final long startNanos = System.nanoTime();
    private final RouterServer server;
    private final Traffic traffic;
    private final Supplier<TableState> applied;
    private final BooleanSupplier stale;
    private final LongSupplier badEntries;
    private final LongSupplier droppedLines;
    private final Map<String, Long> measured = new HashMap<>();
    /**
     * @param applied the table in use
     * @param stale whether that cannot be held against Redis now
     * @param badEntries how many entries of Redis were skipped
     * @param droppedLines how many lines the access log has lost
     */
    public RouterStatus(
            RouterServer server,
            Traffic traffic,
            Supplier<TableState> applied,
            BooleanSupplier stale,
            LongSupplier badEntries,
            LongSupplier droppedLines) {
        this.server = server;
        this.traffic = traffic;
        this.applied = applied;
        this.stale = stale;
        this.badEntries = badEntries;
        this.droppedLines = droppedLines;
    }

    /** Why a load balancer should send nothing here, if so. */
    Optional<String> unreadiness() {
        if (server.isDraining()) {
            return Optional.of("draining");
        }
        return server.isListening() ? Optional.empty() : Optional.of("no routes yet");
    }

    /** Counters and state. */
    Map<String, Object> varz() {
        Map<String, Object> varz = new LinkedHashMap<>(traffic.numbers());
        TableState state = applied.get();
        varz.put("uptime_seconds", (System.nanoTime() - startNanos) / 1_000_000_000L);
        varz.put("draining", server.isDraining());
        varz.put("epoch", state.epoch());
        varz.put("version", state.version());
        varz.put("stale", stale.getAsBoolean());
        varz.put("urls", state.table().routes().size());
        varz.put("custom_domains", state.table().cnames().size());
        varz.put("bad_route_entries", badEntries.getAsLong());
        varz.put("access_log_dropped", droppedLines.getAsLong());
        varz.put("in_flight", byAddress(server.inFlight()));
        return varz;
    }

    private static Map<String, Integer> byAddress(Map<HostPort, Integer> counts) {
        Map<String, Integer> named = new TreeMap<>();
        counts.forEach((endpoint, count) -> named.put(endpoint.toString(), count));
        return named;
    }

    /** Each host with its endpoints, custom domains with those of their app. */
    Map<String, List<String>> routes() {
        TableState state = applied.get();
        Map<String, List<String>> hosts = new TreeMap<>();
        state.table()
                .cnames()
                .forEach((domain, host) ->
                        state.table().lookup(domain).ifPresent(route -> hosts.put(domain, addresses(route))));
        state.table().routes().forEach((host, route) -> hosts.put(host, addresses(route)));
        return hosts;
    }

    private static List<String> addresses(Route route) {
        return route.endpoints().stream().map(HostPort::toString).toList();
    }

    /** What passed for each app, in Prometheus's text format. */
    String appMetrics() {
        return AppMetrics.text(server.appNumbers());
    }

    /** Brings the process's metrics up to date. */
    synchronized void measure() {
        Map<String, Long> numbers = traffic.numbers();
        numbers.put("bad_route_entries", badEntries.getAsLong());
        numbers.put("access_log_dropped", droppedLines.getAsLong());
        CONNECTIONS.set(numbers.remove("client_connections"));
        numbers.forEach((kind, now) -> {
            Long before = measured.put(kind, now);
            EVENTS.labelValues(kind).inc(now - (before == null ? 0 : before));
        });
        IN_FLIGHT.set(
                server.inFlight().values().stream().mapToInt(Integer::intValue).sum());
        STALE.set(stale.getAsBoolean() ? 1 : 0);
        ROUTES.set(applied.get().table().routes().size());
    }
}
