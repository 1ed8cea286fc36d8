package io.dinp.router.netty;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What passed, in numbers; written by the event loops, read by the status port. */
public final class Traffic {
    private final LongAdder requests = new LongAdder();
    private final LongAdder[] responses = new LongAdder[6];
    private final LongAdder badRequests = new LongAdder();
    private final LongAdder badGateways = new LongAdder();
    private final LongAdder unknownRoutes = new LongAdder();
    private final LongAdder timeouts = new LongAdder();
    private final LongAdder retries = new LongAdder();
    private final LongAdder connects = new LongAdder();
    private final LongAdder connectFailures = new LongAdder();
    private final LongAdder clientsGone = new LongAdder();
    private final LongAdder connections = new LongAdder();
    private final LongAdder bytesOut = new LongAdder();

    public Traffic() {
        for (int i = 0; i < responses.length; i++) {
            responses[i] = new LongAdder();
        }
    }

    void request() {
        requests.increment();
    }

    void response(int status, long bytes) {
        responses[Math.min(5, status / 100)].increment();
        bytesOut.add(bytes);
        switch (status) {
            case 400, 413, 414, 417, 429, 431 -> badRequests.increment();
            case 502 -> badGateways.increment();
            case 504 -> timeouts.increment();
            default -> {
                // counted in its class only
            }
        }
    }

    void unknownRoute() {
        unknownRoutes.increment();
    }

    void retry() {
        retries.increment();
    }

    void connect(boolean succeeded) {
        (succeeded ? connects : connectFailures).increment();
    }

    void clientGone() {
        clientsGone.increment();
    }

    void connection(int change) {
        connections.add(change);
    }

    /** All numbers by name, in a fixed order. */
    public Map<String, Long> numbers() {
        Map<String, Long> numbers = new LinkedHashMap<>();
        numbers.put("requests", requests.sum());
        for (int i = 2; i < responses.length; i++) {
            numbers.put("responses_" + i + "xx", responses[i].sum());
        }
        numbers.put("bad_requests", badRequests.sum());
        numbers.put("bad_gateways", badGateways.sum());
        numbers.put("unknown_routes", unknownRoutes.sum());
        numbers.put("endpoint_timeouts", timeouts.sum());
        numbers.put("retries", retries.sum());
        numbers.put("endpoint_connects", connects.sum());
        numbers.put("endpoint_connect_failures", connectFailures.sum());
        numbers.put("clients_gone", clientsGone.sum());
        numbers.put("client_connections", connections.sum());
        numbers.put("bytes_out", bytesOut.sum());
        return numbers;
    }
}
