package io.dinp.router.netty;

import io.dinp.router.wire.HeadEnd;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.ByteToMessageDecoder;

/** What has come on a connection and is not used yet. Never holds an empty buffer between two uses of it. */
final class Incoming {
    private ByteBuf bytes;
    private int scanned;

    /** Takes the buffer over. */
    void add(ByteBufAllocator allocator, ByteBuf in) {
        bytes = bytes == null ? in : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(allocator, bytes, in);
    }

    boolean isEmpty() {
        return bytes == null || !bytes.isReadable();
    }

    int size() {
        return bytes == null ? 0 : bytes.readableBytes();
    }

    /** The bytes themselves, for a reader that calls {@link #trim} afterwards; not to be asked for when empty. */
    ByteBuf bytes() {
        return bytes;
    }

    /** Skips empty lines in front of a head (RFC 9112, 2.2); only those that end in CRLF, like every line. */
    void skipEmptyLines() {
        while (bytes.readableBytes() > 1 && startsWithLineEnd()) {
            bytes.skipBytes(2);
            scanned = Math.max(0, scanned - 2);
        }
    }

    private boolean startsWithLineEnd() {
        int start = bytes.readerIndex();
        return bytes.getByte(start) == '\r' && bytes.getByte(start + 1) == '\n';
    }

    /** The length of the head that is there whole, or -1; looks at no byte twice. */
    int headLength() {
        int start = bytes.readerIndex();
        int end = HeadEnd.find(bytes, start + Math.max(0, scanned - 3));
        if (end < 0) {
            scanned = bytes.readableBytes();
            return -1;
        }
        scanned = 0;
        return end - start;
    }

    /** Whether a line ends within so many bytes. */
    boolean hasLineWithin(int limit) {
        int start = bytes.readerIndex();
        return bytes.indexOf(start, start + Math.min(limit, bytes.readableBytes()), (byte) '\n') >= 0;
    }

    /** The next bytes, without copying; the buffer as it is when those are all. */
    ByteBuf take(int length) {
        if (length < bytes.readableBytes()) {
            return bytes.readRetainedSlice(length);
        }
        ByteBuf all = bytes;
        bytes = null;
        return all;
    }

    /** Lets go of a buffer that has been read to its end. */
    void trim() {
        if (isEmpty()) {
            drop();
        }
    }

    void drop() {
        scanned = 0;
        if (bytes != null) {
            bytes.release();
            bytes = null;
        }
    }
}
