package io.dinp.common.rpc;

import java.time.Duration;

/**
 * What one client may cost.
 *
 * @param connections most connections at once; a further one is closed
 * @param messageBytes longest message
 * @param idle how long a connection may be silent
 */
public record RpcLimits(int connections, int messageBytes, Duration idle) {
    /** Enough for a thousand nodes with a hundred instances each. */
    public static RpcLimits standard() {
        return new RpcLimits(1024, 4 << 20, Duration.ofSeconds(60));
    }
}
