package io.dinp.router.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Follows the chunked coding (RFC 9112, 7.1) byte by byte outside the data and by whole ranges inside it.
 *
 * <p>Stricter than the standard asks: sizes of at most 15 digits, CRLF only, extensions and trailers of printable bytes and bounded
 * length, no framing or routing fields in trailers. So what is passed on reads the same to every parser behind.
 */
public final class ChunkedBody implements BodyFraming {
    private static final int MAX_SIZE_DIGITS = 15;
    private static final int MAX_EXTENSION = 256;
    private static final int MAX_TRAILERS = 8192;

    private enum State {
        SIZE_START,
        SIZE,
        EXTENSION,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILER_START,
        TRAILER_NAME,
        TRAILER_VALUE,
        TRAILER_LF,
        LAST_LF,
        DONE
    }

    private State state = State.SIZE_START;
    private long left;
    private int count;
    private int trailerBytes;
    private StringBuilder trailerName;

    @Override
    public int take(ByteBuf in) {
        int start = in.readerIndex();
        int end = in.writerIndex();
        int at = start;
        while (at < end && state != State.DONE) {
            if (state == State.DATA) {
                at += takeData(end - at);
            } else {
                state = next(in.getByte(at++));
            }
        }
        return at - start;
    }

    @Override
    public boolean isDone() {
        return state == State.DONE;
    }

    /**
     * Reads over framing up to the next data, for a receiver that does not know the coding (HTTP/1.0).
     *
     * @return how many data bytes follow at the reader index; the caller must read exactly those; 0 when more input is needed or the body
     *     is done
     */
    public int skipToData(ByteBuf in) {
        while (in.isReadable() && state != State.DATA && state != State.DONE) {
            state = next(in.readByte());
        }
        return state == State.DATA && in.isReadable() ? takeData(in.readableBytes()) : 0;
    }

    private int takeData(int available) {
        int taken = (int) Math.min(left, available);
        left -= taken;
        if (left == 0) {
            state = State.DATA_CR;
        }
        return taken;
    }

    private State next(byte b) {
        return switch (state) {
            case SIZE_START -> firstDigit(b);
            case SIZE -> size(b);
            case EXTENSION -> extension(b);
            case SIZE_LF -> expect(b, Syntax.LF, left == 0 ? State.TRAILER_START : State.DATA);
            case DATA_CR -> expect(b, Syntax.CR, State.DATA_LF);
            case DATA_LF -> expect(b, Syntax.LF, State.SIZE_START);
            case TRAILER_START, TRAILER_NAME, TRAILER_VALUE, TRAILER_LF -> trailer(b);
            case LAST_LF -> expect(b, Syntax.LF, State.DONE);
            case DATA, DONE -> throw new IllegalStateException("no framing byte in state " + state);
        };
    }

    private static State expect(byte b, byte wanted, State next) {
        if (b != wanted) {
            throw BadMessage.badRequest("malformed chunk");
        }
        return next;
    }

    private State firstDigit(byte b) {
        left = 0;
        count = 0;
        return digit(b);
    }

    private State digit(byte b) {
        int value = Syntax.hexValue(b);
        if (value < 0 || ++count > MAX_SIZE_DIGITS) {
            throw BadMessage.badRequest("malformed chunk size");
        }
        left = (left << 4) | value;
        return State.SIZE;
    }

    private State size(byte b) {
        if (b == Syntax.CR) {
            return State.SIZE_LF;
        }
        if (b == ';') {
            count = 0;
            return State.EXTENSION;
        }
        return digit(b);
    }

    private State extension(byte b) {
        if (b == Syntax.CR) {
            return State.SIZE_LF;
        }
        if (!Syntax.isFieldValue(b) || ++count > MAX_EXTENSION) {
            throw BadMessage.badRequest("malformed chunk extension");
        }
        return State.EXTENSION;
    }

    private State trailer(byte b) {
        if (++trailerBytes > MAX_TRAILERS) {
            throw new BadMessage(431, "trailers too long");
        }
        return switch (state) {
            case TRAILER_START -> b == Syntax.CR ? State.LAST_LF : trailerName(startName(), b);
            case TRAILER_NAME -> trailerName(trailerName, b);
            case TRAILER_VALUE -> trailerValue(b);
            default -> expect(b, Syntax.LF, State.TRAILER_START);
        };
    }

    private StringBuilder startName() {
        trailerName = new StringBuilder();
        return trailerName;
    }

    private static State trailerName(StringBuilder name, byte b) {
        if (b == ':' && !name.isEmpty()) {
            byte[] bytes = name.toString().getBytes(StandardCharsets.US_ASCII);
            KnownHeader known = KnownHeader.of(bytes, 0, bytes.length);
            if (known != null && (known.isProtected() || known.isHopByHop())) {
                throw BadMessage.badRequest("forbidden trailer field");
            }
            return State.TRAILER_VALUE;
        }
        if (!Syntax.isToken(b)) {
            throw BadMessage.badRequest("malformed trailer");
        }
        name.append((char) b);
        return State.TRAILER_NAME;
    }

    private static State trailerValue(byte b) {
        if (b == Syntax.CR) {
            return State.TRAILER_LF;
        }
        if (!Syntax.isFieldValue(b)) {
            throw BadMessage.badRequest("malformed trailer");
        }
        return State.TRAILER_VALUE;
    }
}
