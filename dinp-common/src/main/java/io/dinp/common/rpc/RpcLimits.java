package io.dinp.common.rpc;

import java.time.Duration;

/**
 * What clients may cost.
 *
 * @param connections most connections at once; a further one is closed
 * @param connectionsOfOne most connections of one address, so that one client cannot keep out the others
 * @param messageBytes longest message
 * @param idle how long a connection may be silent between messages
 * @param message how long one message may take to arrive
 */
public record RpcLimits(int connections, int connectionsOfOne, int messageBytes, Duration idle, Duration message) {
    /** Enough for a thousand nodes with a hundred instances each. */
    public static RpcLimits standard() {
        return new RpcLimits(1024, 32, 4 << 20, Duration.ofSeconds(60), Duration.ofSeconds(5));
    }
}
