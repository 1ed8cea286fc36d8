package io.dinp.builder.docker;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/**
 * A Docker build context of two files, the Dockerfile and the app's archive, as a tar stream made while it is read: the
 * archive is not copied once more.
 */
public final class BuildContext {
    private static final int RECORD = 512;
    private static final int PLAIN = 0644;

    private BuildContext() {}

    /** The context; to be closed by the reader. */
    public static InputStream of(String dockerfile, Path archive) throws IOException {
        byte[] text = dockerfile.getBytes(StandardCharsets.UTF_8);
        long size = Files.size(archive);
        String name = archive.getFileName().toString();
        return new SequenceInputStream(Collections.enumeration(List.of(
                header("Dockerfile", text.length),
                new ByteArrayInputStream(text),
                zeros(padding(text.length)),
                header(name, size),
                Files.newInputStream(archive),
                zeros(padding(size) + 2 * RECORD))));
    }

    private static InputStream header(String name, long size) {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(size);
        entry.setMode(PLAIN);
        entry.setModTime(0);
        byte[] header = new byte[RECORD];
        entry.writeEntryHeader(header);
        return new ByteArrayInputStream(header);
    }

    private static int padding(long size) {
        return (int) ((RECORD - size % RECORD) % RECORD);
    }

    private static InputStream zeros(int count) {
        return new ByteArrayInputStream(new byte[count]);
    }
}
