package io.dinp.builder.archive;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Reads a stranger's tar in bounded memory. Long names and extended headers are content to gzip and names to the reader, which
 * holds them in memory whatever their length: a few kilobytes of archive would be gigabytes there.
 */
final class CautiousTar extends TarArchiveInputStream {
    private static final int MOST_HEADER_BYTES = 64 << 10;
    private static final int TYPE_OFFSET = 156;

    private final Meter meter;
    private long unread;
    private boolean global;

    CautiousTar(InputStream tar) {
        this(new Meter(tar));
    }

    private CautiousTar(Meter meter) {
        super(meter, StandardCharsets.UTF_8.name());
        this.meter = meter;
    }

    /** The next entry; its headers, with what is left of the entry before it, must fit their limit. */
    @Override
    public TarArchiveEntry getNextEntry() throws IOException {
        meter.left = MOST_HEADER_BYTES + unread;
        TarArchiveEntry entry = super.getNextEntry();
        meter.left = Long.MAX_VALUE;
        unread = entry == null || entry.isFile() ? 0 : entry.getSize();
        return entry;
    }

    /** Headers for all entries are kept and add up, so there may be one record of them, as {@code git archive} writes it. */
    @Override
    protected byte[] readRecord() throws IOException {
        byte[] read = super.readRecord();
        if (read != null && read[TYPE_OFFSET] == TarConstants.LF_PAX_GLOBAL_EXTENDED_HEADER) {
            if (global) {
                throw new IOException("more than one global header");
            }
            global = true;
        }
        return read;
    }

    private static final class Meter extends FilterInputStream {
        private long left = MOST_HEADER_BYTES;

        Meter(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            throw new UnsupportedOperationException("a tar is read in blocks");
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            return (int) counted(super.read(buffer, from, length));
        }

        @Override
        public long skip(long count) throws IOException {
            return counted(super.skip(count));
        }

        private long counted(long bytes) throws IOException {
            left -= Math.max(0, bytes);
            if (left < 0) {
                throw new IOException("the headers of an entry are larger than " + (MOST_HEADER_BYTES >> 10) + " KiB");
            }
            return bytes;
        }
    }
}
