package io.dinp.common.rpc;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Input that breaks off when one message is longer than allowed. */
final class BoundedInput extends FilterInputStream {
    private final int limit;
    private long left;

    BoundedInput(InputStream in, int limit) {
        super(in);
        this.limit = limit;
        this.left = limit;
    }

    /** A new message begins. */
    void refill() {
        left = limit;
    }

    @Override
    public int read() throws IOException {
        int value = super.read();
        count(value < 0 ? 0 : 1);
        return value;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = super.read(buffer, offset, length);
        count(Math.max(0, count));
        return count;
    }

    private void count(int bytes) throws IOException {
        left -= bytes;
        if (left < 0) {
            throw new IOException("a message is longer than " + limit + " bytes");
        }
    }
}
