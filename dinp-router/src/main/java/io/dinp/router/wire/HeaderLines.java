package io.dinp.router.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The header lines of one head as positions in its bytes; reused from message to message. */
final class HeaderLines {
    static final int MAX_LINES = 128;
    private static final int FIELDS = 4;
    static final int CLOSE = 1;
    static final int KEEP_ALIVE = 2;
    static final int UPGRADE = 4;
    static final int NAMES_FIELDS = 8;
    private static final byte[] CLOSE_TOKEN = "close".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] KEEP_ALIVE_TOKEN = "keep-alive".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] UPGRADE_TOKEN = "upgrade".getBytes(StandardCharsets.US_ASCII);

    private final int maxLines;
    private byte[] bytes = {};
    private int[] positions = new int[16 * FIELDS];
    private KnownHeader[] known = new KnownHeader[16];
    private int count;
    private int end;

    HeaderLines(int maxLines) {
        this.maxLines = maxLines;
    }

    /**
     * Reads all lines from {@code from} to the empty line, which must end at {@code to}.
     *
     * @throws BadMessage on anything RFC 9112 section 5 forbids (folded lines, blanks before the colon, bare CR or LF, control characters)
     */
    void parse(byte[] head, int from, int to) {
        bytes = head;
        count = 0;
        int at = from;
        while (head[at] != Syntax.CR) {
            at = parseLine(head, at);
        }
        end = at;
        if (at + 2 != to || head[at + 1] != Syntax.LF) {
            throw BadMessage.badRequest("malformed line end");
        }
    }

    private int parseLine(byte[] head, int start) {
        int colon = start;
        while (Syntax.isToken(head[colon])) {
            colon++;
        }
        if (head[colon] != ':' || colon == start) {
            throw BadMessage.badRequest("malformed header name");
        }
        int value = colon + 1;
        while (Syntax.isBlank(head[value])) {
            value++;
        }
        int valueEnd = value;
        while (Syntax.isFieldValue(head[valueEnd])) {
            valueEnd++;
        }
        if (head[valueEnd] != Syntax.CR || head[valueEnd + 1] != Syntax.LF) {
            throw BadMessage.badRequest("malformed header value");
        }
        int next = valueEnd + 2;
        while (valueEnd > value && Syntax.isBlank(head[valueEnd - 1])) {
            valueEnd--;
        }
        add(start, colon, value, valueEnd);
        return next;
    }

    private void add(int start, int colon, int value, int valueEnd) {
        if (count == maxLines) {
            throw new BadMessage(431, "too many header lines");
        }
        if (count == known.length) {
            known = Arrays.copyOf(known, count * 2);
            positions = Arrays.copyOf(positions, count * 2 * FIELDS);
        }
        int p = count * FIELDS;
        positions[p] = start;
        positions[p + 1] = colon;
        positions[p + 2] = value;
        positions[p + 3] = valueEnd;
        known[count++] = KnownHeader.of(bytes, start, colon);
    }

    int count() {
        return count;
    }

    KnownHeader known(int line) {
        return known[line];
    }

    int start(int line) {
        return positions[line * FIELDS];
    }

    /** Where the next line, or the empty line, starts. */
    int next(int line) {
        return line + 1 < count ? start(line + 1) : end;
    }

    int nameEnd(int line) {
        return positions[line * FIELDS + 1];
    }

    int valueStart(int line) {
        return positions[line * FIELDS + 2];
    }

    int valueEnd(int line) {
        return positions[line * FIELDS + 3];
    }

    byte[] bytes() {
        return bytes;
    }

    String value(int line) {
        return new String(bytes, valueStart(line), valueEnd(line) - valueStart(line), StandardCharsets.ISO_8859_1);
    }

    boolean valueIs(int line, byte[] lower) {
        return Syntax.equalsIgnoreCase(bytes, valueStart(line), valueEnd(line), lower);
    }

    /** The first line of that header, or -1. */
    int find(KnownHeader header) {
        for (int line = 0; line < count; line++) {
            if (known[line] == header) {
                return line;
            }
        }
        return -1;
    }

    /** What the Connection line says, as a set of the bits above. */
    int connectionOptions(int line) {
        int options = 0;
        int stop = valueEnd(line);
        for (int from = valueStart(line), comma; from < stop; from = comma + 1) {
            comma = comma(from, stop);
            options |= connectionOption(from, comma);
        }
        return options;
    }

    private int connectionOption(int from, int to) {
        if (sameToken(from, to, CLOSE_TOKEN, 0, CLOSE_TOKEN.length)) {
            return CLOSE;
        }
        if (sameToken(from, to, KEEP_ALIVE_TOKEN, 0, KEEP_ALIVE_TOKEN.length)) {
            return KEEP_ALIVE;
        }
        return sameToken(from, to, UPGRADE_TOKEN, 0, UPGRADE_TOKEN.length) ? UPGRADE : NAMES_FIELDS;
    }

    private int comma(int from, int stop) {
        int comma = from;
        while (comma < stop && bytes[comma] != ',') {
            comma++;
        }
        return comma;
    }

    private boolean names(int line, byte[] name, int nameFrom, int nameTo) {
        int stop = valueEnd(line);
        for (int from = valueStart(line), comma; from < stop; from = comma + 1) {
            comma = comma(from, stop);
            if (sameToken(from, comma, name, nameFrom, nameTo)) {
                return true;
            }
        }
        return false;
    }

    private boolean sameToken(int from, int to, byte[] name, int nameFrom, int nameTo) {
        int start = from;
        int stop = to;
        while (start < stop && Syntax.isBlank(bytes[start])) {
            start++;
        }
        while (stop > start && Syntax.isBlank(bytes[stop - 1])) {
            stop--;
        }
        if (stop - start != nameTo - nameFrom || stop == start) {
            return false;
        }
        for (int i = 0; i < stop - start; i++) {
            if (lower(bytes[start + i]) != lower(name[nameFrom + i])) {
                return false;
            }
        }
        return true;
    }

    private static int lower(byte b) {
        return b >= 'A' && b <= 'Z' ? b + 32 : b;
    }

    /** Whether a Connection line names this line's field. */
    private boolean isNamedByConnection(int line) {
        for (int other = 0; other < count; other++) {
            if (known[other] == KnownHeader.CONNECTION && names(other, bytes, start(line), nameEnd(line))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether the line ends at this hop.
     *
     * @param options what all Connection lines together say
     */
    boolean endsHere(int line, int options) {
        KnownHeader header = known[line];
        if (header != null && header.isHopByHop()) {
            return true;
        }
        return (options & NAMES_FIELDS) != 0 && (header == null || !header.isProtected()) && isNamedByConnection(line);
    }
}
