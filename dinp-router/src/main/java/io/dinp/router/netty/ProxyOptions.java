package io.dinp.router.netty;

import io.dinp.router.core.AddressRanges;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * How the data plane behaves.
 *
 * @param routerId what traced responses name as their router
 * @param endpointTimeout how long an endpoint may leave a request without progress before the first byte of its response: 504
 * @param connectTimeout how long a connect may take before the next endpoint is tried
 * @param headTimeout how long a client may take from the first byte of a head to its last: 408
 * @param clientIdle how long a client connection may wait for its next request
 * @param streamIdle how long a started response or an upgraded connection may be silent
 * @param unsafeReuse how long a connection to an endpoint may have been idle to carry a request that cannot be sent twice
 * @param upstreamIdle how long an unused connection to an endpoint is kept
 * @param maxIdle how many of those are kept for each endpoint and event loop
 * @param traceKey value of {@code X-Vcap-Trace} that gets trace headers; empty: none does
 * @param trustedProxies whose {@code X-Forwarded-*} is believed
 * @param limits what clients may take
 * @param meteredApps how many apps have metrics of their own
 */
public record ProxyOptions(
        String routerId,
        Duration endpointTimeout,
        Duration connectTimeout,
        Duration headTimeout,
        Duration clientIdle,
        Duration streamIdle,
        Duration unsafeReuse,
        Duration upstreamIdle,
        int maxIdle,
        String traceKey,
        AddressRanges trustedProxies,
        ClientLimits limits,
        int meteredApps) {

    /** The defaults for a router of that name. */
    public static ProxyOptions of(String routerId) {
        return new ProxyOptions(
                routerId,
                Duration.ofSeconds(60),
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                Duration.ofSeconds(75),
                Duration.ofHours(1),
                Duration.ofMillis(500),
                Duration.ofSeconds(60),
                1024,
                "",
                AddressRanges.parse(List.of()),
                ClientLimits.DEFAULT,
                200);
    }

    public ProxyOptions withEndpointTimeout(Duration timeout) {
        return with(draft -> draft.endpointTimeout = timeout);
    }

    /** With other limits for what clients may take their time for. */
    public ProxyOptions withClientLimits(Duration head, Duration idle) {
        return with(draft -> {
            draft.headTimeout = head;
            draft.clientIdle = idle;
        });
    }

    public ProxyOptions withStreamIdle(Duration idle) {
        return with(draft -> draft.streamIdle = idle);
    }

    public ProxyOptions withUnsafeReuse(Duration idle) {
        return with(draft -> draft.unsafeReuse = idle);
    }

    public ProxyOptions withTraceKey(String key) {
        return with(draft -> draft.traceKey = key);
    }

    public ProxyOptions withTrustedProxies(AddressRanges ranges) {
        return with(draft -> draft.trustedProxies = ranges);
    }

    public ProxyOptions withLimits(ClientLimits clients, int apps) {
        return with(draft -> {
            draft.limits = clients;
            draft.meteredApps = apps;
        });
    }

    public ProxyOptions withMaxIdle(int connections) {
        return with(draft -> draft.maxIdle = connections);
    }

    private ProxyOptions with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.options();
    }

    /** The options that somebody may choose, while they are being chosen. */
    private static final class Draft {
        private final ProxyOptions before;
        private Duration endpointTimeout;
        private Duration headTimeout;
        private Duration clientIdle;
        private Duration streamIdle;
        private Duration unsafeReuse;
        private int maxIdle;
        private String traceKey;
        private AddressRanges trustedProxies;
        private ClientLimits limits;
        private int meteredApps;

        Draft(ProxyOptions before) {
            this.before = before;
            endpointTimeout = before.endpointTimeout;
            headTimeout = before.headTimeout;
            clientIdle = before.clientIdle;
            streamIdle = before.streamIdle;
            unsafeReuse = before.unsafeReuse;
            maxIdle = before.maxIdle;
            traceKey = before.traceKey;
            trustedProxies = before.trustedProxies;
            limits = before.limits;
            meteredApps = before.meteredApps;
        }

        ProxyOptions options() {
            return new ProxyOptions(
                    before.routerId,
                    endpointTimeout,
                    before.connectTimeout,
                    headTimeout,
                    clientIdle,
                    streamIdle,
                    unsafeReuse,
                    before.upstreamIdle,
                    maxIdle,
                    traceKey,
                    trustedProxies,
                    limits,
                    meteredApps);
        }
    }
}
