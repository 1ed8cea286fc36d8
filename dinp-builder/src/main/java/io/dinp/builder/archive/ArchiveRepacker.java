package io.dinp.builder.archive;

import io.dinp.builder.core.ArchiveCheck;
import io.dinp.builder.core.ArchiveCheck.Limits;
import io.dinp.builder.core.ArchiveEntry;
import io.dinp.builder.core.ArchiveKind;
import io.dinp.builder.core.BuildFailed;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Checks a user's archive and writes what was checked as a plain archive for the build context. The engine so never
 * reads the user's own bytes with another parser, and what it unpacks belongs to root, has plain modes and an executable
 * {@code control}, whoever packed it. Nothing of an archive is held in memory but one entry's name.
 */
public final class ArchiveRepacker {
    private static final int EXECUTABLE = 0755;
    private static final int PLAIN = 0644;
    private static final int ANY_EXECUTE = 0111;
    private static final int GZIP_BUFFER = 64 << 10;

    private final Limits limits;

    public ArchiveRepacker(Limits limits) {
        this.limits = limits;
    }

    /** Name of the checked archive in the build context; Docker's ADD unpacks a tar and copies a war. */
    public static String contextName(ArchiveKind kind) {
        return kind == ArchiveKind.WAR ? "app.war" : "app.tar";
    }

    /**
     * Checks {@code archive} and writes the result to {@code target}.
     *
     * @throws BuildFailed when the archive is none, damaged, unsafe or too large
     * @throws InterruptedException when the build was ended meanwhile
     */
    public void repack(Path archive, ArchiveKind kind, Path target) throws BuildFailed, InterruptedException {
        try {
            if (kind == ArchiveKind.WAR) {
                checkWar(archive);
                Files.copy(archive, target);
            } else {
                repackTar(archive, target);
            }
        } catch (IOException e) {
            throw new BuildFailed("the file is no " + kind.suffix() + " archive or is damaged: " + e.getMessage(), e);
        }
    }

    private void checkWar(Path archive) throws IOException, BuildFailed {
        WarFile.check(archive);
        ArchiveCheck check = new ArchiveCheck(ArchiveKind.WAR, limits);
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            var entries = zip.entries();
            while (entries.hasMoreElements()) {
                ZipEntry entry = entries.nextElement();
                ArchiveEntry.Type type = entry.isDirectory() ? ArchiveEntry.Type.DIRECTORY : ArchiveEntry.Type.FILE;
                refuse(check.next(new ArchiveEntry(entry.getName(), type, "", entry.getSize())));
            }
        }
        refuse(check.end());
    }

    private void repackTar(Path archive, Path target) throws IOException, BuildFailed, InterruptedException {
        ArchiveCheck check = new ArchiveCheck(ArchiveKind.TAR_GZ, limits);
        try (TarArchiveInputStream in = open(archive);
                TarArchiveOutputStream out = create(target)) {
            TarArchiveEntry entry = in.getNextEntry();
            while (entry != null) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                refuse(check.next(describe(entry)));
                copy(entry, in, out);
                entry = in.getNextEntry();
            }
        }
        refuse(check.end());
    }

    /** The JDK's gzip: it does not keep the name and the comment in the file's header, which may be of any length. */
    private static TarArchiveInputStream open(Path archive) throws IOException {
        InputStream file = Files.newInputStream(archive);
        try {
            return new CautiousTar(new GZIPInputStream(new BufferedInputStream(file), GZIP_BUFFER));
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    private static TarArchiveOutputStream create(Path target) throws IOException {
        TarArchiveOutputStream out = new TarArchiveOutputStream(
                new BufferedOutputStream(Files.newOutputStream(target)), StandardCharsets.UTF_8.name());
        out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        out.setAddPaxHeadersForNonAsciiNames(true);
        return out;
    }

    private static ArchiveEntry describe(TarArchiveEntry entry) {
        return new ArchiveEntry(entry.getName(), typeOf(entry), entry.getLinkName(), entry.getSize());
    }

    private static ArchiveEntry.Type typeOf(TarArchiveEntry entry) {
        if (entry.isSymbolicLink()) {
            return ArchiveEntry.Type.SYMLINK;
        }
        if (entry.isLink()) {
            return ArchiveEntry.Type.HARDLINK;
        }
        if (entry.isDirectory()) {
            return ArchiveEntry.Type.DIRECTORY;
        }
        return entry.isFile() && !entry.isSparse() && !isSpecial(entry)
                ? ArchiveEntry.Type.FILE
                : ArchiveEntry.Type.OTHER;
    }

    private static boolean isSpecial(TarArchiveEntry entry) {
        return entry.isFIFO() || entry.isCharacterDevice() || entry.isBlockDevice();
    }

    private static void copy(TarArchiveEntry entry, InputStream in, TarArchiveOutputStream out) throws IOException {
        String path = ArchiveCheck.normalized(entry.getName());
        if (path.isEmpty()) {
            return;
        }
        TarArchiveEntry clean = cleanEntry(entry, path);
        clean.setModTime(entry.getLastModifiedTime());
        out.putArchiveEntry(clean);
        if (clean.isFile() && clean.getSize() > 0) {
            in.transferTo(out);
        }
        out.closeArchiveEntry();
    }

    private static TarArchiveEntry cleanEntry(TarArchiveEntry entry, String path) {
        if (entry.isSymbolicLink() || entry.isLink()) {
            TarArchiveEntry link =
                    new TarArchiveEntry(path, entry.isLink() ? TarConstants.LF_LINK : TarConstants.LF_SYMLINK);
            link.setLinkName(entry.isLink() ? ArchiveCheck.normalized(entry.getLinkName()) : entry.getLinkName());
            return link;
        }
        if (entry.isDirectory()) {
            TarArchiveEntry folder = new TarArchiveEntry(path + "/");
            folder.setMode(EXECUTABLE);
            return folder;
        }
        TarArchiveEntry file = new TarArchiveEntry(path);
        boolean executable = (entry.getMode() & ANY_EXECUTE) != 0 || path.equals(ArchiveCheck.CONTROL);
        file.setMode(executable ? EXECUTABLE : PLAIN);
        file.setSize(entry.getSize());
        return file;
    }

    private static void refuse(Optional<String> wrong) throws BuildFailed {
        if (wrong.isPresent()) {
            throw new BuildFailed(wrong.get());
        }
    }
}
