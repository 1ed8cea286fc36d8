package io.dinp.builder.archive;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;

/** Makes archives for tests, also those that no {@code tar} would make. */
public final class Archives implements AutoCloseable {
    private final TarArchiveOutputStream tar;

    private Archives(OutputStream out, GzipParameters header) throws IOException {
        tar = new TarArchiveOutputStream(new GzipCompressorOutputStream(out, header), StandardCharsets.UTF_8.name());
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    }

    public static Archives create(Path file) throws IOException {
        return create(file, new GzipParameters());
    }

    static Archives create(Path file, GzipParameters header) throws IOException {
        return new Archives(Files.newOutputStream(file), header);
    }

    public Archives file(String name, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(name, true);
        entry.setSize(bytes.length);
        entry.setMode(0600);
        entry.setIds(1000, 1000);
        entry.setModTime(1_000_000_000_000L);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
        return this;
    }

    public Archives folder(String name) throws IOException {
        tar.putArchiveEntry(new TarArchiveEntry(name + "/", true));
        tar.closeArchiveEntry();
        return this;
    }

    public Archives link(String name, String target) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK, true);
        entry.setLinkName(target);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
        return this;
    }

    /** The name of the next entry as GNU tar writes a long one, of that many bytes. */
    Archives longName(int length) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(TarConstants.GNU_LONGLINK, TarConstants.LF_GNUTYPE_LONGNAME);
        entry.setSize(length);
        tar.putArchiveEntry(entry);
        tar.write("x".repeat(length).getBytes(StandardCharsets.UTF_8));
        tar.closeArchiveEntry();
        return this;
    }

    /** A header that counts for all entries after it. */
    Archives globalHeader(String key, String value) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry("global", TarConstants.LF_PAX_GLOBAL_EXTENDED_HEADER);
        entry.addPaxHeader(key, value);
        tar.putArchiveEntry(entry);
        return this;
    }

    public Archives device(String name) throws IOException {
        tar.putArchiveEntry(new TarArchiveEntry(name, TarConstants.LF_CHR, true));
        tar.closeArchiveEntry();
        return this;
    }

    @Override
    public void close() throws IOException {
        tar.close();
    }
}
