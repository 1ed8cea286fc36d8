package io.dinp.builder.archive;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Looks at the two ends of a war before {@link java.util.zip.ZipFile} and the engine do. A zip is read from its end and a tar from
 * its start, so one file may be both: the engine's ADD would unpack the tar, which nobody has checked. And the directory at the
 * end is held in memory whole, whatever its length.
 */
final class WarFile {
    private static final int LOCAL_HEADER = 0x04034b50;
    private static final int END_HEADER = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final int DIRECTORY_SIZE_OFFSET = 12;
    private static final int LONGEST_COMMENT = 0xffff;
    private static final int TAR_RECORD = 512;
    private static final int CHECKSUM_OFFSET = 148;
    private static final int CHECKSUM_BYTES = 8;
    private static final long MOST_DIRECTORY_BYTES = 8L << 20;

    private WarFile() {}

    /**
     * Checks both ends.
     *
     * @throws IOException with what is wrong
     */
    static void check(Path archive) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(archive.toFile(), "r")) {
            byte[] start = new byte[(int) Math.min(TAR_RECORD, file.length())];
            file.readFully(start);
            checkStart(start);
            int length = (int) Math.min(END_BYTES + LONGEST_COMMENT, file.length());
            byte[] end = new byte[length];
            file.seek(file.length() - length);
            file.readFully(end);
            checkEnd(end);
        }
    }

    private static void checkStart(byte[] start) throws IOException {
        if (start.length < Integer.BYTES || littleEndian(start).getInt(0) != LOCAL_HEADER) {
            throw new IOException("it does not begin as a zip file");
        }
        if (start.length == TAR_RECORD && isTarHeader(start)) {
            throw new IOException("it begins as a tar file");
        }
    }

    /** By the checksum, the way in which Go's archive/tar reads it, which is the engine's reader. */
    private static boolean isTarHeader(byte[] record) {
        int unsigned = 0;
        int signed = 0;
        for (int at = 0; at < TAR_RECORD; at++) {
            boolean own = at >= CHECKSUM_OFFSET && at < CHECKSUM_OFFSET + CHECKSUM_BYTES;
            unsigned += own ? ' ' : record[at] & 0xff;
            signed += own ? ' ' : record[at];
        }
        String told = new String(record, CHECKSUM_OFFSET, CHECKSUM_BYTES, StandardCharsets.ISO_8859_1)
                .replaceAll("^[ \0]+|[ \0]+$", "")
                .replaceAll("\0.*", "");
        return told.matches("[0-7]+") && (Integer.parseInt(told, 8) == unsigned || Integer.parseInt(told, 8) == signed);
    }

    /** Every place that could be taken for the end record must be harmless; which one is taken is the reader's choice. */
    private static void checkEnd(byte[] end) throws IOException {
        ByteBuffer bytes = littleEndian(end);
        for (int at = 0; at + END_BYTES <= end.length; at++) {
            if (bytes.getInt(at) == END_HEADER
                    && Integer.toUnsignedLong(bytes.getInt(at + DIRECTORY_SIZE_OFFSET)) > MOST_DIRECTORY_BYTES) {
                throw new IOException("its directory is larger than " + (MOST_DIRECTORY_BYTES >> 20) + " MiB");
            }
        }
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
