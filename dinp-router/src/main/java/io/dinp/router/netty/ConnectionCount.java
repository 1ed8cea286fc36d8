package io.dinp.router.netty;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts client connections, in all and of each address. Shared by the event loops; asked once a connection, never for a request. */
final class ConnectionCount {
    private final ClientLimits limits;
    private final AtomicInteger all = new AtomicInteger();
    private final ConcurrentMap<InetAddress, Integer> byClient = new ConcurrentHashMap<>();

    ConnectionCount(ClientLimits limits) {
        this.limits = limits;
    }

    /**
     * Counts one more.
     *
     * @param client null for one whose connections are not limited
     * @return null when it may stay, else the answer for it; then it is not counted
     */
    Refusal add(InetAddress client) {
        if (all.incrementAndGet() > limits.connections()) {
            all.decrementAndGet();
            return Refusal.tooManyConnections(limits.connections());
        }
        if (client != null && byClient.merge(client, 1, Integer::sum) > limits.connectionsEach()) {
            remove(client);
            return Refusal.tooManyOfOneClient(limits.connectionsEach());
        }
        return null;
    }

    void remove(InetAddress client) {
        all.decrementAndGet();
        if (client != null) {
            byClient.computeIfPresent(client, (address, count) -> count == 1 ? null : count - 1);
        }
    }
}
