package io.dinp.router.netty;

import io.dinp.common.model.HostPort;
import io.dinp.router.core.Backend;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;

/** An endpoint as one event loop sees it, with the connections to it that wait for a request, the latest used first. */
final class PooledBackend extends Backend {
    private final ArrayDeque<UpstreamConnection> idle = new ArrayDeque<>();
    private final InetSocketAddress socketAddress;
    private final byte[] name;
    private final int maxIdle;

    PooledBackend(HostPort address, int mostInFlight, int maxIdle) {
        super(address, mostInFlight);
        this.maxIdle = maxIdle;
        this.socketAddress = new InetSocketAddress(address.host(), address.port());
        this.name = address.toString().getBytes(StandardCharsets.US_ASCII);
    }

    InetSocketAddress socketAddress() {
        return socketAddress;
    }

    /** {@code ip:port} in ASCII. */
    byte[] nameBytes() {
        return name;
    }

    /** The connection that was used last, when it has been idle for at most that long; else null. */
    UpstreamConnection take(long nowNanos, long maxIdleNanos) {
        UpstreamConnection latest;
        while ((latest = idle.peekLast()) != null && nowNanos - latest.idleSince() <= maxIdleNanos) {
            idle.pollLast();
            if (latest.isUsable()) {
                return latest;
            }
            latest.close();
        }
        return null;
    }

    void offer(UpstreamConnection connection) {
        if (isRetired() || !connection.isUsable()) {
            connection.close();
            return;
        }
        if (idle.size() >= maxIdle) {
            idle.pollFirst().close();
        }
        idle.addLast(connection);
    }

    /** What waits for a request may be as dead as the endpoint, and would take a whole time-out to show it. */
    @Override
    public void failed(long nowNanos) {
        super.failed(nowNanos);
        closeIdle();
    }

    void forget(UpstreamConnection connection) {
        idle.remove(connection);
    }

    /** Closes what has been idle since before that moment. */
    void closeIdleSince(long nanos) {
        while (!idle.isEmpty() && idle.peekFirst().idleSince() - nanos <= 0) {
            idle.pollFirst().close();
        }
    }

    void closeIdle() {
        List.copyOf(idle).forEach(UpstreamConnection::close);
        idle.clear();
    }

    /** Whether nothing hangs on this object any more. */
    boolean isForgettable() {
        return isRetired() && inFlight() == 0 && idle.isEmpty();
    }
}
