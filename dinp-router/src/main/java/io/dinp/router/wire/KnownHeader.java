package io.dinp.router.wire;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The fields a router has to understand; all others are passed on unread. */
public enum KnownHeader {
    ACCEPT,
    CONNECTION(true),
    CONTENT_LENGTH,
    EXPECT,
    HOST,
    KEEP_ALIVE(true),
    PROXY_CONNECTION(true),
    PROXY_AUTHORIZATION(true),
    REFERER,
    TE(true),
    TRACEPARENT,
    TRANSFER_ENCODING,
    UPGRADE(true),
    USER_AGENT,
    X_CF_APPLICATIONID,
    X_CF_INSTANCEID,
    X_FORWARDED_FOR,
    X_FORWARDED_HOST,
    X_FORWARDED_PROTO,
    X_REAL_IP,
    X_REQUEST_ID,
    X_REQUEST_START,
    X_VCAP_REQUEST_ID,
    X_VCAP_TRACE;

    private static final int LONGEST = 19;
    private static final KnownHeader[][] BY_LENGTH = new KnownHeader[LONGEST + 1][];

    static {
        for (int length = 0; length <= LONGEST; length++) {
            int wanted = length;
            BY_LENGTH[length] = java.util.Arrays.stream(values())
                    .filter(header -> header.lower.length == wanted)
                    .toArray(KnownHeader[]::new);
        }
    }

    @SuppressWarnings("ImmutableEnumChecker") // never written
    private final byte[] lower =
            name().toLowerCase(Locale.ROOT).replace('_', '-').getBytes(StandardCharsets.US_ASCII);

    private final boolean hopByHop;

    KnownHeader() {
        this(false);
    }

    KnownHeader(boolean hopByHop) {
        this.hopByHop = hopByHop;
    }

    /** Whether the field ends at each hop (RFC 9110, 7.6.1). */
    boolean isHopByHop() {
        return hopByHop;
    }

    /** Fields that a Connection header cannot make us drop, because framing and routing hang on them. */
    boolean isProtected() {
        return this == HOST || this == CONTENT_LENGTH || this == TRANSFER_ENCODING;
    }

    /** The header of that name in any case, or null. */
    static KnownHeader of(byte[] bytes, int from, int to) {
        int length = to - from;
        if (length > LONGEST) {
            return null;
        }
        for (KnownHeader header : BY_LENGTH[length]) {
            if (Syntax.equalsIgnoreCase(bytes, from, to, header.lower)) {
                return header;
            }
        }
        return null;
    }
}
