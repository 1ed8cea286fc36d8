package io.dinp.router.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing byte array to write a head into; kept and reused by each event loop. */
public final class ByteSink {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes;
    private int size;

    public ByteSink(int capacity) {
        bytes = new byte[capacity];
    }

    public ByteSink clear() {
        size = 0;
        return this;
    }

    public byte[] array() {
        return bytes;
    }

    public int size() {
        return size;
    }

    private void need(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }

    public ByteSink put(byte[] source) {
        return put(source, 0, source.length);
    }

    public ByteSink put(byte[] source, int from, int to) {
        need(to - from);
        System.arraycopy(source, from, bytes, size, to - from);
        size += to - from;
        return this;
    }

    /** Latin-1, because that is what header bytes are read as. */
    public ByteSink text(String text) {
        return put(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public ByteSink line(byte[] name, byte[] value) {
        return put(name).put(value).crlf();
    }

    public ByteSink crlf() {
        need(2);
        bytes[size++] = Syntax.CR;
        bytes[size++] = Syntax.LF;
        return this;
    }

    public ByteSink decimal(long value) {
        if (value < 0) {
            return text(Long.toString(value));
        }
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        need(digits);
        long rest = value;
        for (int i = size + digits - 1; i >= size; i--, rest /= 10) {
            bytes[i] = (byte) ('0' + rest % 10);
        }
        size += digits;
        return this;
    }

    /** 128 bits in the form of a UUID. */
    public ByteSink uuid(long high, long low) {
        need(36);
        hex(high, 60, 8);
        bytes[size++] = '-';
        hex(high, 28, 4);
        bytes[size++] = '-';
        hex(high, 12, 4);
        bytes[size++] = '-';
        hex(low, 60, 4);
        bytes[size++] = '-';
        hex(low, 44, 12);
        return this;
    }

    /** 64 bits as 16 hexadecimal digits. */
    public ByteSink hex(long value) {
        need(16);
        hex(value, 60, 16);
        return this;
    }

    private void hex(long value, int shift, int digits) {
        for (int i = 0; i < digits; i++) {
            bytes[size++] = HEX[(int) (value >>> (shift - 4 * i)) & 15];
        }
    }

    @Override
    public String toString() {
        return new String(bytes, 0, size, StandardCharsets.ISO_8859_1);
    }
}
