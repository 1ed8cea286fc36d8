package io.dinp.common.rpc;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A connection's input that breaks off when a message is too long, comes too slowly, or none comes at all.
 *
 * <p>The reader may read ahead, so a message's limits also count what has already come of the next.
 */
final class BoundedInput extends InputStream {
    private final Socket socket;
    private final InputStream in;
    private final RpcLimits limits;
    private long left;
    private long deadline;
    private boolean begun;

    BoundedInput(Socket socket, RpcLimits limits) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.limits = limits;
        nextMessage();
    }

    /** A new message may begin. */
    void nextMessage() {
        left = limits.messageBytes();
        begun = false;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        socket.setSoTimeout(patience());
        int count;
        try {
            count = in.read(buffer, offset, length);
        } catch (SocketTimeoutException e) {
            throw tooSlow(e);
        }
        if (!begun) {
            begun = true;
            deadline = System.nanoTime() + limits.message().toNanos();
        }
        left -= Math.max(0, count);
        if (left < 0) {
            throw new IOException("a message is longer than " + limits.messageBytes() + " bytes");
        }
        return count;
    }

    private int patience() throws IOException {
        if (!begun) {
            return (int) limits.idle().toMillis();
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (millis <= 0) {
            throw tooSlow(null);
        }
        return (int) millis;
    }

    private IOException tooSlow(SocketTimeoutException cause) {
        Duration limit = begun ? limits.message() : limits.idle();
        return new IOException(
                (begun ? "a message took longer than " : "silent for ") + limit.toMillis() + " ms", cause);
    }
}
