package io.dinp.router.netty;

import io.dinp.router.core.AddressRanges;
import io.dinp.router.core.ForwardedHeaders;
import io.dinp.router.wire.KnownHeader;
import io.dinp.router.wire.RequestHead;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Who is at the other end of a client connection, and the header lines that tell endpoints so. */
final class ClientAddress {
    private final String text;
    private final InetAddress limited;
    private final ForwardedHeaders headers;
    private String linesHost;
    private byte[] lines;

    ClientAddress(SocketAddress remote, AddressRanges trustedProxies) {
        if (remote instanceof InetSocketAddress address) {
            String host = address.getAddress().getHostAddress();
            text = host + ":" + address.getPort();
            limited = trustedProxies.contains(address.getAddress().getAddress()) ? null : address.getAddress();
            headers = new ForwardedHeaders(
                    host, trustedProxies.contains(address.getAddress().getAddress()));
        } else {
            text = "-";
            limited = null;
            headers = new ForwardedHeaders("unknown", false);
        }
    }

    /** The lines for a request; made once for all requests of a stranger for the same host. */
    byte[] forwardedLines(RequestHead head, String host) {
        if (headers.trusted()) {
            return latin1(headers.lines(received(head), host));
        }
        if (!host.equals(linesHost)) {
            linesHost = host;
            lines = latin1(headers.lines(ForwardedHeaders.Received.NOTHING, host));
        }
        return lines;
    }

    /** Whose connections are counted together, or null when they are not limited. */
    InetAddress limited() {
        return limited;
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static ForwardedHeaders.Received received(RequestHead head) {
        return new ForwardedHeaders.Received(
                Optional.ofNullable(head.value(KnownHeader.X_FORWARDED_FOR)),
                Optional.ofNullable(head.value(KnownHeader.X_FORWARDED_PROTO)),
                Optional.ofNullable(head.value(KnownHeader.X_FORWARDED_HOST)),
                Optional.ofNullable(head.value(KnownHeader.X_REAL_IP)));
    }

    /** {@code ip:port}, for the log. */
    @Override
    public String toString() {
        return text;
    }
}
