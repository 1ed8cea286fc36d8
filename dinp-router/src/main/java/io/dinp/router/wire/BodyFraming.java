package io.dinp.router.wire;

import io.netty.buffer.ByteBuf;

/** Where a body ends in a stream of bytes. One instance follows one body; the bytes themselves are passed on untouched. */
public interface BodyFraming {
    /**
     * How many bytes from the reader index on belong to the body. The caller must take exactly so many before it asks again.
     *
     * @throws BadMessage when the framing is broken
     */
    int take(ByteBuf in);

    /** Whether the body has been taken whole. */
    boolean isDone();

    /** No body at all. */
    BodyFraming NONE = new FixedBody(0);

    /** A body of a known length. */
    static BodyFraming ofLength(long length) {
        return length == 0 ? NONE : new FixedBody(length);
    }

    /** A body that ends with its connection. */
    static BodyFraming untilClose() {
        return UntilClose.INSTANCE;
    }

    /** Counts down a Content-Length. */
    final class FixedBody implements BodyFraming {
        private long left;

        FixedBody(long length) {
            left = length;
        }

        @Override
        public int take(ByteBuf in) {
            int taken = (int) Math.min(left, in.readableBytes());
            left -= taken;
            return taken;
        }

        @Override
        public boolean isDone() {
            return left == 0;
        }
    }

    /** Takes everything. */
    final class UntilClose implements BodyFraming {
        private static final UntilClose INSTANCE = new UntilClose();

        private UntilClose() {}

        @Override
        public int take(ByteBuf in) {
            return in.readableBytes();
        }

        @Override
        public boolean isDone() {
            return false;
        }
    }
}
