package io.dinp.router.core;

import java.util.Optional;

/**
 * What an app learns about its client. What the client says about itself counts only when it is a trusted proxy; anybody else could claim
 * any address.
 *
 * @param peer the address at the other end of the connection
 * @param trusted whether that is a proxy of ours
 */
public record ForwardedHeaders(String peer, boolean trusted) {
    /** What a request brought of these headers. */
    public record Received(
            Optional<String> forwardedFor, Optional<String> proto, Optional<String> host, Optional<String> realIp) {
        public static final Received NOTHING =
                new Received(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** The complete header lines for a request to {@code host}. */
    public String lines(Received received, String host) {
        Received believed = trusted ? received : Received.NOTHING;
        return line(
                        "X-Forwarded-For",
                        believed.forwardedFor().map(list -> list + ", " + peer).orElse(peer))
                + line("X-Forwarded-Proto", believed.proto().orElse("http"))
                + line("X-Forwarded-Host", believed.host().orElse(host))
                + line("X-Real-IP", believed.realIp().orElse(peer));
    }

    private static String line(String name, String value) {
        return name + ": " + value + "\r\n";
    }
}
