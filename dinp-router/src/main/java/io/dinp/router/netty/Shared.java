package io.dinp.router.netty;

import io.dinp.router.core.AccessLog;
import io.dinp.router.core.AppRoster;

/**
 * What all event loops have in common.
 *
 * @param mostInFlight how many requests one loop gives to one endpoint at once
 * @param drained called on an event loop when an endpoint that has left the table has nothing in flight any more
 */
record Shared(
        Transport transport,
        ProxyOptions options,
        Traffic traffic,
        AccessLog accessLog,
        AppRoster roster,
        ConnectionCount connections,
        int mostInFlight,
        Runnable drained) {}
