package io.dinp.router.netty;

import io.dinp.router.wire.KnownHeader;
import io.dinp.router.wire.RequestHead;
import java.nio.charset.StandardCharsets;

/** Tells whoever knows the trace key which router and which endpoint have answered. */
final class Trace {
    private static final byte[] NOTHING = {};

    private Trace() {}

    /** Header lines for the response, none when the request does not bring the key. */
    static byte[] lines(RequestHead head, ProxyOptions options, PooledBackend backend) {
        String key = options.traceKey();
        if (key.isEmpty() || !key.equals(head.value(KnownHeader.X_VCAP_TRACE))) {
            return NOTHING;
        }
        String endpoint = backend.address().toString();
        return ("X-Vcap-Router: " + options.routerId() + "\r\nX-Vcap-Backend: " + endpoint + "\r\nX-Cf-RouteEndpoint: "
                        + endpoint + "\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }
}
