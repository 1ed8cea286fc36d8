package io.dinp.router.netty;

import io.dinp.router.wire.RequestHead;
import io.netty.channel.ConnectTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How often and where a request may still be tried.
 *
 * <p>An endpoint that refuses the connection has seen nothing, so the next one is tried, three in all. When a connection breaks after the
 * request was sent, only a request that is idempotent and has no body is sent again: nobody knows what became of the first. Requests
 * that cannot be repeated are therefore not sent on connections that have been idle for long, which the endpoint may be closing.
 */
final class Attempts {
    private static final int MAX_ENDPOINTS = 3;

    private final boolean repeatable;
    private List<PooledBackend> tried = List.of();
    private boolean freshOnly;
    private Throwable lastFailure;

    Attempts(RequestHead head) {
        this.repeatable = head.isIdempotent() && !head.hasBody() && !head.isUpgrade();
    }

    /** The next endpoint to try, empty when there have been enough or none is left. */
    Optional<PooledBackend> next(Target target, long now) {
        return tried.size() >= MAX_ENDPOINTS || target.picker() == null
                ? Optional.empty()
                : target.picker().pick(now, tried);
    }

    /** An open connection to the endpoint that may carry the request, null when it has to be dialled. */
    UpstreamConnection pooled(PooledBackend backend, long now, ProxyOptions options) {
        return freshOnly
                ? null
                : backend.take(now, (repeatable ? options.upstreamIdle() : options.unsafeReuse()).toNanos());
    }

    /** No endpoint has failed the request yet. */
    boolean isFirst() {
        return tried.isEmpty();
    }

    /** Whether the request may be sent again although an endpoint may have seen it. */
    boolean mayRepeat() {
        return repeatable;
    }

    /** Whether the connection broke only because it had been idle for too long: then the endpoint itself gets another chance. */
    boolean wasStale(UpstreamConnection connection) {
        return connection.wasPooled() && !freshOnly;
    }

    /** From now on only connections that are dialled for this request. */
    void dialOnly() {
        freshOnly = true;
    }

    /**
     * This endpoint is not asked again.
     *
     * @param failure of the connect, null when the connection broke later
     */
    void giveUp(PooledBackend backend, Throwable failure) {
        lastFailure = failure;
        if (tried.isEmpty()) {
            tried = new ArrayList<>(MAX_ENDPOINTS);
        }
        tried.add(backend);
    }

    /** Why the last one was given up, for the access log: the client is told {@link Refusal#ENDPOINT_FAILURE} for each. */
    String reason() {
        return lastFailure instanceof ConnectTimeoutException ? "connect_timeout" : Refusal.ENDPOINT_FAILURE.code();
    }
}
