package io.dinp.router.wire;

import java.nio.charset.StandardCharsets;

/** Writes the head that a client gets. */
public final class ResponseWriter {
    private static final byte[] VERSION = ascii("HTTP/1.1");
    private static final byte[] CLOSE = ascii("Connection: close\r\n");
    private static final byte[] KEEP_ALIVE = ascii("Connection: keep-alive\r\n");
    private static final byte[] UPGRADE = ascii("Connection: Upgrade\r\n");

    private ResponseWriter() {}

    /** What the Connection line says to the client. */
    public enum Persistence {
        /** Nothing: the default of HTTP/1.1. */
        IMPLIED(new byte[0]),
        KEPT(KEEP_ALIVE),
        CLOSED(CLOSE),
        SWITCHED(UPGRADE);

        @SuppressWarnings("ImmutableEnumChecker") // never written
        private final byte[] line;

        Persistence(byte[] line) {
            this.line = line;
        }

        /** The line itself, with its end. */
        public byte[] line() {
            return line;
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * @param decoded whether the body is passed on without its chunked coding
     * @param additions complete lines to add
     */
    public static void write(
            ResponseHead head, Persistence persistence, boolean decoded, byte[] additions, ByteSink out) {
        out.put(VERSION).put(head.bytes(), VERSION.length, head.statusEnd()).crlf();
        copyLines(head, persistence, decoded, out);
        out.put(persistence.line()).put(additions).crlf();
    }

    private static void copyLines(ResponseHead head, Persistence persistence, boolean decoded, ByteSink out) {
        HeaderLines lines = head.lines();
        boolean bodyless = head.status() < 200 || head.status() == 204;
        boolean uncoded = decoded || bodyless;
        boolean lengthSeen = head.isChunked() || bodyless;
        int from = -1;
        for (int line = 0; line < lines.count(); line++) {
            KnownHeader known = lines.known(line);
            boolean kept = (known == KnownHeader.UPGRADE && persistence == Persistence.SWITCHED)
                    || (!(uncoded && known == KnownHeader.TRANSFER_ENCODING)
                            && !(lengthSeen && known == KnownHeader.CONTENT_LENGTH)
                            && !lines.endsHere(line, head.connectionOptions()));
            lengthSeen |= known == KnownHeader.CONTENT_LENGTH;
            if (kept && from < 0) {
                from = lines.start(line);
            } else if (!kept && from >= 0) {
                out.put(head.bytes(), from, lines.start(line));
                from = -1;
            }
        }
        if (from >= 0) {
            out.put(head.bytes(), from, lines.next(lines.count() - 1));
        }
    }
}
