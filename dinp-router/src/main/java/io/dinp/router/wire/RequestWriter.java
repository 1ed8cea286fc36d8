package io.dinp.router.wire;

import java.nio.charset.StandardCharsets;

/** Writes the head that an endpoint gets: the client's lines less what ends here, plus what the router knows. */
public final class RequestWriter {
    private static final byte[] VERSION = ascii(" HTTP/1.1\r\n");
    private static final byte[] HOST = ascii("Host: ");
    private static final byte[] CONNECTION_UPGRADE = ascii("Connection: Upgrade\r\n");
    private static final byte[] UPGRADE = ascii("Upgrade: ");
    private static final byte[] REQUEST_START = ascii("X-Request-Start: ");
    private static final byte[] VCAP_REQUEST_ID = ascii("X-Vcap-Request-Id: ");
    private static final byte[] REQUEST_ID = ascii("X-Request-Id: ");
    private static final byte[] TRACE_PARENT = ascii("traceparent: 00-");
    private static final byte[] DASH = ascii("-");
    private static final byte[] UNSAMPLED = ascii("-00\r\n");
    private static final int HAS_START = 1;
    private static final int HAS_ID = 2;
    private static final int HAS_TRACE = 4;
    private static final byte[] APPLICATION = ascii("X-CF-ApplicationID: ");
    private static final byte[] INSTANCE = ascii("X-CF-InstanceID: ");

    private RequestWriter() {}

    /**
     * What the router adds.
     *
     * @param forwarded complete lines that name the client
     * @param startMillis arrival of the request, written unless the client's side has stamped it already
     * @param idHigh request id, upper half
     * @param idLow request id, lower half
     * @param application name of the app
     * @param instance {@code ip:port} of the endpoint
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Additions(
            byte[] forwarded, long startMillis, long idHigh, long idLow, byte[] application, byte[] instance) {}

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    public static void write(RequestHead head, Additions additions, ByteSink out) {
        byte[] bytes = head.bytes();
        out.put(bytes, 0, head.methodEnd() + 1);
        if (head.lacksPath()) {
            out.text("/");
        }
        out.put(bytes, head.targetStart(), head.targetEnd()).put(VERSION);
        int kept = copyLines(head, out);
        if (head.lines().find(KnownHeader.HOST) < 0) {
            out.put(HOST).text(head.host()).crlf();
        }
        if (head.isUpgrade()) {
            writeUpgrade(head, out);
        }
        add(additions, kept, out);
        out.crlf();
    }

    /** Copies what goes on, neighbours at once; says which of the marks were among it that are only made when nobody has. */
    private static int copyLines(RequestHead head, ByteSink out) {
        HeaderLines lines = head.lines();
        int marks = 0;
        int from = -1;
        for (int line = 0; line < lines.count(); line++) {
            boolean kept = !isReplaced(lines.known(line)) && !lines.endsHere(line, head.connectionOptions());
            if (kept && from < 0) {
                from = lines.start(line);
            } else if (!kept && from >= 0) {
                out.put(head.bytes(), from, lines.start(line));
                from = -1;
            }
            marks |= kept ? mark(lines.known(line)) : 0;
        }
        if (from >= 0) {
            out.put(head.bytes(), from, lines.next(lines.count() - 1));
        }
        return marks;
    }

    private static int mark(KnownHeader known) {
        if (known == null) {
            return 0;
        }
        return switch (known) {
            case X_REQUEST_START -> HAS_START;
            case X_REQUEST_ID -> HAS_ID;
            case TRACEPARENT -> HAS_TRACE;
            default -> 0;
        };
    }

    private static boolean isReplaced(KnownHeader known) {
        if (known == null) {
            return false;
        }
        return switch (known) {
            case X_FORWARDED_FOR,
                    X_FORWARDED_HOST,
                    X_FORWARDED_PROTO,
                    X_REAL_IP,
                    X_VCAP_REQUEST_ID,
                    X_CF_APPLICATIONID,
                    X_CF_INSTANCEID -> true;
            default -> false;
        };
    }

    private static void writeUpgrade(RequestHead head, ByteSink out) {
        HeaderLines lines = head.lines();
        int line = lines.find(KnownHeader.UPGRADE);
        out.put(CONNECTION_UPGRADE);
        out.put(UPGRADE)
                .put(head.bytes(), lines.valueStart(line), lines.valueEnd(line))
                .crlf();
    }

    private static void add(Additions additions, int kept, ByteSink out) {
        long high = additions.idHigh();
        long low = additions.idLow();
        out.put(additions.forwarded());
        if ((kept & HAS_START) == 0) {
            out.put(REQUEST_START).decimal(additions.startMillis()).crlf();
        }
        out.put(VCAP_REQUEST_ID).uuid(high, low).crlf();
        if ((kept & HAS_ID) == 0) {
            out.put(REQUEST_ID).uuid(high, low).crlf();
        }
        if ((kept & HAS_TRACE) == 0) {
            out.put(TRACE_PARENT).hex(high).hex(low).put(DASH).hex(Long.rotateLeft(high, 32) ^ low);
            out.put(UNSAMPLED);
        }
        out.line(APPLICATION, additions.application());
        out.line(INSTANCE, additions.instance());
    }
}
