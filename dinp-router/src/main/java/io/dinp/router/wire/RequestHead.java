package io.dinp.router.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The head of one request, as strict as RFC 9112 allows, as positions in its bytes. Each client connection reuses one instance. */
public final class RequestHead {
    /** The longest request line that is read; a longer one gets 414. */
    public static final int MAX_LINE = 8 * 1024;

    private static final byte[] HTTP_1 = "HTTP/1.".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CHUNKED = "chunked".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CONTINUE = "100-continue".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] H2C = "h2c".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] MONITOR = "http-monitor/1.1".getBytes(StandardCharsets.US_ASCII);

    private final HeaderLines lines;
    private byte[] bytes = new byte[1024];
    private int methodEnd;
    private int targetStart;
    private int targetEnd;
    private int hostStart;
    private int hostEnd;
    private boolean http11;
    private boolean chunked;
    private long contentLength;
    private int connectionOptions;
    private boolean upgrade;
    private boolean monitor;

    /** @param maxLines how many header lines it may have; a head with more gets 431 */
    public RequestHead(int maxLines) {
        lines = new HeaderLines(maxLines);
    }

    /**
     * Reads the head that occupies the next {@code length} bytes, and takes them from the buffer.
     *
     * @throws BadMessage with the status to answer
     */
    public void read(ByteBuf in, int length) {
        if (bytes.length < length) {
            bytes = new byte[Integer.highestOneBit(length) * 2];
        }
        in.readBytes(bytes, 0, length);
        int headers = parseLine(length);
        lines.parse(bytes, headers, length);
        readFields();
        locateHost();
    }

    private int parseLine(int length) {
        methodEnd = scanToken(0);
        targetStart = methodEnd + 1;
        int at = targetStart;
        while (Syntax.isTarget(bytes[at])) {
            at++;
        }
        targetEnd = at;
        if (at > MAX_LINE) {
            throw new BadMessage(414, "request line too long");
        }
        if (targetEnd == targetStart || bytes[at] != ' ' || at + 11 > length) {
            throw BadMessage.badRequest("malformed request line");
        }
        if (!startsWith(at + 1, HTTP_1)) {
            throw startsWith(at + 1, Arrays.copyOf(HTTP_1, 5))
                    ? new BadMessage(505, "version not supported")
                    : BadMessage.badRequest("malformed request line");
        }
        byte minor = bytes[at + 8];
        if ((minor != '0' && minor != '1') || bytes[at + 9] != Syntax.CR || bytes[at + 10] != Syntax.LF) {
            throw BadMessage.badRequest("malformed request line");
        }
        http11 = minor == '1';
        return at + 11;
    }

    private int scanToken(int from) {
        int at = from;
        while (Syntax.isToken(bytes[at])) {
            at++;
        }
        if (at == from || at > 32 || bytes[at] != ' ') {
            throw BadMessage.badRequest("malformed method");
        }
        return at;
    }

    private boolean startsWith(int from, byte[] text) {
        return Arrays.equals(bytes, from, from + text.length, text, 0, text.length);
    }

    private void readFields() {
        chunked = false;
        contentLength = -1;
        connectionOptions = 0;
        upgrade = false;
        monitor = false;
        hostStart = -1;
        for (int line = 0; line < lines.count(); line++) {
            KnownHeader known = lines.known(line);
            if (known != null) {
                readField(known, line);
            }
        }
        if (chunked && (contentLength >= 0 || !http11)) {
            throw BadMessage.badRequest("conflicting body lengths");
        }
    }

    private void readField(KnownHeader known, int line) {
        switch (known) {
            case HOST -> readHost(line);
            case CONTENT_LENGTH -> readContentLength(line);
            case TRANSFER_ENCODING -> readTransferEncoding(line);
            case CONNECTION -> connectionOptions |= lines.connectionOptions(line);
            case UPGRADE -> upgrade = !lines.valueIs(line, H2C);
            case EXPECT -> readExpect(line);
            case USER_AGENT -> monitor = lines.valueIs(line, MONITOR);
            default -> {
                // of no interest to the framing
            }
        }
    }

    private void readHost(int line) {
        if (hostStart >= 0) {
            throw BadMessage.badRequest("more than one Host");
        }
        hostStart = lines.valueStart(line);
        hostEnd = lines.valueEnd(line);
        checkAuthority(hostStart, hostEnd);
    }

    private void readContentLength(int line) {
        if (contentLength >= 0) {
            throw BadMessage.badRequest("more than one Content-Length");
        }
        contentLength = decimal(bytes, lines.valueStart(line), lines.valueEnd(line));
        if (contentLength < 0) {
            throw BadMessage.badRequest("malformed Content-Length");
        }
    }

    /** The number, or -1 when the range is not one of 1 to 18 digits. */
    static long decimal(byte[] bytes, int from, int to) {
        if (from == to || to - from > 18) {
            return -1;
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            if (!Syntax.isDigit(bytes[i])) {
                return -1;
            }
            value = value * 10 + bytes[i] - '0';
        }
        return value;
    }

    private void readTransferEncoding(int line) {
        if (chunked || !lines.valueIs(line, CHUNKED)) {
            throw BadMessage.badRequest("unsupported Transfer-Encoding");
        }
        chunked = true;
    }

    private void readExpect(int line) {
        if (!lines.valueIs(line, CONTINUE)) {
            throw new BadMessage(417, "unsupported expectation");
        }
    }

    private void checkAuthority(int from, int to) {
        int at = from;
        if (at < to && bytes[at] == '[') {
            at = ipv6End(at + 1, to);
        }
        while (at < to && Syntax.isHostChar(bytes[at])) {
            at++;
        }
        if (at < to && bytes[at] == ':') {
            at++;
            while (at < to && Syntax.isDigit(bytes[at])) {
                at++;
            }
        }
        if (at != to || to - from > 260) {
            throw BadMessage.badRequest("malformed authority");
        }
    }

    private int ipv6End(int from, int to) {
        int at = from;
        while (at < to && (Syntax.hexValue(bytes[at]) >= 0 || bytes[at] == ':' || bytes[at] == '.')) {
            at++;
        }
        if (at == to || bytes[at] != ']') {
            throw BadMessage.badRequest("malformed authority");
        }
        return at + 1;
    }

    /** Reduces an absolute target to its path and holds it against Host (RFC 9112, 3.2.2). */
    private void locateHost() {
        if (hostStart < 0 && http11) {
            throw BadMessage.badRequest("no Host");
        }
        if (bytes[targetStart] == '/' || (bytes[targetStart] == '*' && targetEnd == targetStart + 1)) {
            return;
        }
        int authority = absoluteAuthority();
        int path = authority;
        while (path < targetEnd && bytes[path] != '/' && bytes[path] != '?') {
            path++;
        }
        checkAuthority(authority, path);
        if (path == authority || (hostStart >= 0 && !sameAuthority(authority, path))) {
            throw BadMessage.badRequest("target and Host differ");
        }
        hostStart = authority;
        hostEnd = path;
        targetStart = path;
    }

    private int absoluteAuthority() {
        for (String scheme : new String[] {"http://", "https://"}) {
            byte[] prefix = scheme.getBytes(StandardCharsets.US_ASCII);
            int to = targetStart + prefix.length;
            if (to < targetEnd && Syntax.equalsIgnoreCase(bytes, targetStart, to, prefix)) {
                return to;
            }
        }
        if (methodIs("CONNECT")) {
            throw new BadMessage(501, "CONNECT not supported");
        }
        throw BadMessage.badRequest("malformed target");
    }

    private boolean sameAuthority(int from, int to) {
        return text(from, to).equalsIgnoreCase(text(hostStart, hostEnd));
    }

    private String text(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    HeaderLines lines() {
        return lines;
    }

    byte[] bytes() {
        return bytes;
    }

    int methodEnd() {
        return methodEnd;
    }

    int targetStart() {
        return targetStart;
    }

    /** Whether an absolute target had no path, so that one has to be written. */
    boolean lacksPath() {
        return targetStart == targetEnd || bytes[targetStart] == '?';
    }

    int targetEnd() {
        return targetEnd;
    }

    int connectionOptions() {
        return connectionOptions;
    }

    boolean methodIs(String method) {
        if (methodEnd != method.length()) {
            return false;
        }
        for (int i = 0; i < methodEnd; i++) {
            if (bytes[i] != method.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    public boolean isHead() {
        return methodIs("HEAD");
    }

    /** Whether doing it twice is the same as doing it once (RFC 9110, 9.2.2). */
    public boolean isIdempotent() {
        return methodIs("GET")
                || isHead()
                || methodIs("PUT")
                || methodIs("DELETE")
                || methodIs("OPTIONS")
                || methodIs("TRACE");
    }

    public boolean isHttp11() {
        return http11;
    }

    public boolean hasBody() {
        return chunked || contentLength > 0;
    }

    /** The length of its body as its head says it; 0 when it says none. */
    public long bodyLength() {
        return Math.max(0, contentLength);
    }

    /** The framing of this request's body, from its start. */
    public BodyFraming newBody() {
        return chunked ? new ChunkedBody() : BodyFraming.ofLength(Math.max(0, contentLength));
    }

    /** Whether the client means to send more requests on the connection. */
    public boolean isKeepAlive() {
        if ((connectionOptions & HeaderLines.CLOSE) != 0) {
            return false;
        }
        return http11 || (connectionOptions & HeaderLines.KEEP_ALIVE) != 0;
    }

    /** Whether the client offers another protocol; HTTP/2 is not offered on, since its requests would pass by this router unseen. */
    public boolean isUpgrade() {
        return upgrade && http11 && (connectionOptions & HeaderLines.UPGRADE) != 0;
    }

    /** Whether a load balancer's monitor asks for the router itself. */
    public boolean isMonitor() {
        return monitor;
    }

    /** The host as sent, with its port; empty when there is none. */
    public String host() {
        return hostStart < 0 ? "" : text(hostStart, hostEnd);
    }

    /** Whether the host is, byte for byte, the given one: lets a connection look each host up once. */
    public boolean hostIs(String host) {
        if (hostStart < 0 || hostEnd - hostStart != host.length()) {
            return false;
        }
        for (int i = 0; i < host.length(); i++) {
            if (bytes[hostStart + i] != host.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    public String method() {
        return text(0, methodEnd);
    }

    /** Path and query. */
    public String target() {
        return lacksPath() ? "/" + text(targetStart, targetEnd) : text(targetStart, targetEnd);
    }

    /** The value of the first line of that header, or null. */
    public String value(KnownHeader header) {
        int line = lines.find(header);
        return line < 0 ? null : lines.value(line);
    }
}
