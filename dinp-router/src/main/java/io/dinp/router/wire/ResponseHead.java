package io.dinp.router.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The head of one response as positions in its bytes. Each upstream connection reuses one instance. */
public final class ResponseHead {
    /** The longest head that is read from an endpoint; a longer one gets its client 502. */
    public static final int MAX_BYTES = 64 * 1024;

    private static final byte[] HTTP_1 = "HTTP/1.".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CHUNKED = "chunked".getBytes(StandardCharsets.US_ASCII);

    private final HeaderLines lines = new HeaderLines(HeaderLines.MAX_LINES);
    private byte[] bytes = new byte[1024];
    private int status;
    private int statusEnd;
    private boolean http11;
    private boolean chunked;
    private boolean otherCoding;
    private long contentLength;
    private int connectionOptions;

    /**
     * Reads the head that occupies the next {@code length} bytes, and takes them from the buffer.
     *
     * @throws BadMessage with 502 when it must not be passed on
     */
    public void read(ByteBuf in, int length) {
        if (bytes.length < length) {
            bytes = new byte[Integer.highestOneBit(length) * 2];
        }
        in.readBytes(bytes, 0, length);
        try {
            lines.parse(bytes, parseStatusLine(length), length);
        } catch (BadMessage e) {
            throw new BadMessage(502, e.getMessage());
        }
        readFields();
    }

    private int parseStatusLine(int length) {
        if (length < 15 || !Arrays.equals(bytes, 0, HTTP_1.length, HTTP_1, 0, HTTP_1.length)) {
            throw new BadMessage(502, "malformed status line");
        }
        http11 = bytes[7] == '1';
        long code = RequestHead.decimal(bytes, 9, 12);
        if ((!http11 && bytes[7] != '0') || bytes[8] != ' ' || code < 100) {
            throw new BadMessage(502, "malformed status line");
        }
        status = (int) code;
        int at = 12;
        while (Syntax.isFieldValue(bytes[at])) {
            at++;
        }
        if (bytes[at] != Syntax.CR || bytes[at + 1] != Syntax.LF || (at > 12 && bytes[12] != ' ')) {
            throw new BadMessage(502, "malformed status line");
        }
        statusEnd = at;
        return at + 2;
    }

    private void readFields() {
        chunked = false;
        otherCoding = false;
        contentLength = -1;
        connectionOptions = 0;
        for (int line = 0; line < lines.count(); line++) {
            KnownHeader known = lines.known(line);
            if (known == KnownHeader.CONTENT_LENGTH) {
                readContentLength(line);
            } else if (known == KnownHeader.TRANSFER_ENCODING) {
                otherCoding |= chunked || !lines.valueIs(line, CHUNKED);
                chunked = true;
            } else if (known == KnownHeader.CONNECTION) {
                connectionOptions |= lines.connectionOptions(line);
            }
        }
        if (otherCoding) {
            throw new BadMessage(502, "unsupported Transfer-Encoding");
        }
    }

    private void readContentLength(int line) {
        long length = RequestHead.decimal(bytes, lines.valueStart(line), lines.valueEnd(line));
        if (length < 0 || (contentLength >= 0 && contentLength != length)) {
            throw new BadMessage(502, "malformed Content-Length");
        }
        contentLength = length;
    }

    HeaderLines lines() {
        return lines;
    }

    byte[] bytes() {
        return bytes;
    }

    int statusEnd() {
        return statusEnd;
    }

    int connectionOptions() {
        return connectionOptions;
    }

    public int status() {
        return status;
    }

    /** 1xx, but not the switch to another protocol. */
    public boolean isInterim() {
        return status < 200 && status != 101;
    }

    public boolean isSwitch() {
        return status == 101;
    }

    public boolean isChunked() {
        return chunked;
    }

    /** Whether head and body say at once where the body ends, in two ways: such a connection is not used again. */
    public boolean isAmbiguous() {
        return chunked && contentLength >= 0;
    }

    /** Whether the endpoint keeps the connection open after this response. */
    public boolean isKeepAlive() {
        if ((connectionOptions & HeaderLines.CLOSE) != 0 || isAmbiguous()) {
            return false;
        }
        return http11 || (connectionOptions & HeaderLines.KEEP_ALIVE) != 0;
    }

    /** The framing of this response's body (RFC 9112, 6.3). */
    public BodyFraming newBody(boolean answersHead) {
        if (answersHead || status < 200 || status == 204 || status == 304) {
            return BodyFraming.NONE;
        }
        if (chunked) {
            return new ChunkedBody();
        }
        return contentLength >= 0 ? BodyFraming.ofLength(contentLength) : BodyFraming.untilClose();
    }
}
