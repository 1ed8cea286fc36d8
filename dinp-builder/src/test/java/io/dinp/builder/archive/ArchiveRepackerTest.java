package io.dinp.builder.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.builder.core.ArchiveCheck.Limits;
import io.dinp.builder.core.ArchiveKind;
import io.dinp.builder.core.BuildFailed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveRepackerTest {
    @TempDir
    private Path directory;

    private Path archive;
    private Path target;

    @BeforeEach
    void paths() {
        archive = directory.resolve("in");
        target = directory.resolve("out");
    }

    @Test
    void whatWasCheckedBelongsToRootAndHasPlainModes() throws Exception {
        try (Archives tar = Archives.create(archive)) {
            tar.folder(".")
                    .file("./control", "#!/bin/sh\n")
                    .folder("lib")
                    .file("lib/dätä", "x")
                    .link("lib/l", "../control");
        }
        repack(ArchiveKind.TAR_GZ);
        assertEquals(
                List.of(
                        "control 755 0:0 10 -> ",
                        "lib/ 755 0:0 0 -> ",
                        "lib/dätä 644 0:0 1 -> ",
                        "lib/l 644 0:0 0 -> ../control"),
                listing());
    }

    @Test
    void anArchiveThatIsNoneIsToldSo() throws Exception {
        Files.writeString(archive, "hello, I am text");
        assertTrue(failure(ArchiveKind.TAR_GZ).startsWith("the file is no .tar.gz archive or is damaged: "));
        assertTrue(failure(ArchiveKind.WAR).startsWith("the file is no .war archive or is damaged: "));
    }

    @Test
    void anEmptyFileIsToldSo() throws Exception {
        Files.createFile(archive);
        assertTrue(failure(ArchiveKind.TAR_GZ).startsWith("the file is no .tar.gz archive or is damaged: "));
    }

    @Test
    void aTruncatedArchiveIsToldSo() throws Exception {
        try (Archives tar = Archives.create(archive)) {
            tar.file("control", "x".repeat(100_000) + Math.PI);
        }
        byte[] whole = Files.readAllBytes(archive);
        Files.write(archive, Arrays.copyOf(whole, whole.length / 2));
        assertTrue(failure(ArchiveKind.TAR_GZ).contains("damaged"));
    }

    @Test
    void unsafeEntriesEndTheBuild() throws Exception {
        try (Archives tar = Archives.create(archive)) {
            tar.file("control", "").file("../../etc/cron.d/x", "");
        }
        assertTrue(failure(ArchiveKind.TAR_GZ).contains("has '..' in its path"));
        try (Archives tar = Archives.create(archive)) {
            tar.file("/etc/passwd", "");
        }
        assertTrue(failure(ArchiveKind.TAR_GZ).contains("absolute path"));
        try (Archives tar = Archives.create(archive)) {
            tar.link("x", "/etc");
        }
        assertTrue(failure(ArchiveKind.TAR_GZ).contains("symbolic link out of"));
        try (Archives tar = Archives.create(archive)) {
            tar.device("null");
        }
        assertTrue(failure(ArchiveKind.TAR_GZ).contains("neither file, folder nor link"));
    }

    @Test
    void aBombEndsAtTheLimit() throws Exception {
        try (Archives tar = Archives.create(archive)) {
            tar.file("control", "0".repeat(5_000_000));
        }
        assertTrue(Files.size(archive) < 100_000);
        ArchiveRepacker small = new ArchiveRepacker(new Limits(1 << 20, 10));
        BuildFailed failed = assertThrows(BuildFailed.class, () -> small.repack(archive, ArchiveKind.TAR_GZ, target));
        assertTrue(failed.getMessage().contains("more than 1 MiB"));
        assertTrue(Files.size(target) < 10_000, "nothing is unpacked beyond the limit");
    }

    @Test
    void aWarStaysAsItIs() throws Exception {
        war(archive, "WEB-INF/web.xml");
        repack(ArchiveKind.WAR);
        assertEquals(-1, Files.mismatch(archive, target));
    }

    @Test
    void aNameOfManyMegabytesIsNotHeldInMemory() throws Exception {
        try (Archives tar = Archives.create(archive)) {
            tar.file("control", "").longName(10_000_000).file("x", "");
        }
        assertTrue(failure(ArchiveKind.TAR_GZ).contains("the headers of an entry are larger than 64 KiB"));
    }

    @Test
    void headersForAllEntriesDoNotAddUp() throws Exception {
        try (Archives tar = Archives.create(archive)) {
            tar.globalHeader("a", "1").file("control", "");
        }
        repack(ArchiveKind.TAR_GZ);
        try (Archives tar = Archives.create(archive)) {
            tar.globalHeader("a", "1")
                    .file("control", "")
                    .globalHeader("b", "2")
                    .file("x", "");
        }
        assertTrue(failure(ArchiveKind.TAR_GZ).contains("more than one global header"));
    }

    @Test
    void aNameInTheGzipHeaderIsNotHeldInMemory() throws Exception {
        GzipParameters header = new GzipParameters();
        header.setFileName("x".repeat(1_000_000));
        try (Archives tar = Archives.create(archive, header)) {
            tar.file("control", "");
        }
        repack(ArchiveKind.TAR_GZ);
        assertEquals(List.of("control 755 0:0 0 -> "), listing());
    }

    @Test
    void aWarThatTheEngineWouldTakeForATarIsNone() throws Exception {
        ByteArrayOutputStream war = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(war)) {
            tar.putArchiveEntry(new TarArchiveEntry("PK\u0003\u0004"));
            tar.closeArchiveEntry();
        }
        Path zip = directory.resolve("zip");
        war(zip, "WEB-INF/web.xml");
        war.writeBytes(Files.readAllBytes(zip));
        Files.write(archive, war.toByteArray());
        assertTrue(failure(ArchiveKind.WAR).endsWith("it begins as a tar file"));
        Files.write(archive, Arrays.copyOfRange(war.toByteArray(), 1, war.size()));
        assertTrue(failure(ArchiveKind.WAR).endsWith("it does not begin as a zip file"));
    }

    @Test
    void aWarWithAHugeDirectoryIsNotHeldInMemory() throws Exception {
        String[] names = new String[200];
        Arrays.setAll(names, i -> i + "x".repeat(60_000));
        war(archive, names);
        assertTrue(failure(ArchiveKind.WAR).endsWith("its directory is larger than 8 MiB"));
    }

    private static void war(Path file, String... names) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (String name : names) {
                zip.putNextEntry(new ZipEntry(name));
            }
        }
    }

    private void repack(ArchiveKind kind) throws BuildFailed, InterruptedException {
        new ArchiveRepacker(Limits.DEFAULT).repack(archive, kind, target);
    }

    private String failure(ArchiveKind kind) throws IOException {
        Files.deleteIfExists(target);
        return assertThrows(BuildFailed.class, () -> repack(kind)).getMessage();
    }

    private List<String> listing() throws IOException {
        List<String> lines = new ArrayList<>();
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(Files.newInputStream(target), StandardCharsets.UTF_8.name())) {
            TarArchiveEntry entry = tar.getNextEntry();
            while (entry != null) {
                lines.add(entry.getName() + " " + Integer.toOctalString(entry.getMode() & 0777) + " "
                        + entry.getLongUserId() + ":" + entry.getLongGroupId() + " " + entry.getSize() + " -> "
                        + entry.getLinkName());
                entry = tar.getNextEntry();
            }
        }
        return lines;
    }
}
