package io.dinp.builder.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.builder.core.ArchiveCheck.Limits;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArchiveCheckTest {
    private final ArchiveCheck check = new ArchiveCheck(ArchiveKind.TAR_GZ, new Limits(1000, 5));

    @ParameterizedTest
    @CsvSource({
        "control, FILE, ''",
        "./control, FILE, ''",
        "lib/, DIRECTORY, ''",
        "a..b/c..., FILE, ''",
        "lib/link, SYMLINK, ../control",
        "lib/link, SYMLINK, sub/file",
        "link, SYMLINK, /opt/app/control",
        "hard, HARDLINK, ./lib/a",
    })
    void letsPass(String path, ArchiveEntry.Type type, String target) {
        check.next(new ArchiveEntry("lib/a", ArchiveEntry.Type.FILE, "", 1));
        assertEquals(Optional.empty(), check.next(new ArchiveEntry(path, type, target, 1)));
    }

    @ParameterizedTest
    @CsvSource({
        "/etc/passwd, FILE, '', absolute path",
        "../x, FILE, '', '..'",
        "a/../../x, FILE, '', '..'",
        "a/.., DIRECTORY, '', '..'",
        "a\\b, FILE, '', backslash",
        "dev, OTHER, '', neither file",
        "link, SYMLINK, .., symbolic link out of",
        "link, SYMLINK, ../x, symbolic link out of",
        "a/link, SYMLINK, ../../x, symbolic link out of",
        "a/link, SYMLINK, b/../../.., symbolic link out of",
        "a/link, SYMLINK, /etc, symbolic link out of",
        "a/link, SYMLINK, /opt/apple, symbolic link out of",
        "a/link, SYMLINK, /opt/app/../x, symbolic link out of",
        "hard, HARDLINK, ../x, hard link out of",
        "hard, HARDLINK, /etc/passwd, hard link out of",
        "hard, HARDLINK, nothing, no file before it",
    })
    void refuses(String path, ArchiveEntry.Type type, String target, String why) {
        String message = check.next(new ArchiveEntry(path, type, target, 1)).orElseThrow();
        assertTrue(message.contains("'" + path + "'") && message.contains(why), message);
    }

    @Test
    void refusesToWriteThroughALink() {
        assertEquals(Optional.empty(), check.next(new ArchiveEntry("a/link", ArchiveEntry.Type.SYMLINK, "..", 0)));
        assertTrue(check.next(new ArchiveEntry("a/link/x", ArchiveEntry.Type.FILE, "", 1))
                .orElseThrow()
                .contains("behind a symbolic link"));
    }

    @Test
    void refusesASecondNameOfALink() {
        check.next(new ArchiveEntry("a/b/link", ArchiveEntry.Type.SYMLINK, "../..", 0));
        assertTrue(check.next(new ArchiveEntry("out", ArchiveEntry.Type.HARDLINK, "a/b/link", 0))
                .orElseThrow()
                .contains("no file before it"));
    }

    @Test
    void refusesWhatATargetHidesBehindAZeroByte() {
        assertTrue(check.next(new ArchiveEntry("link", ArchiveEntry.Type.SYMLINK, "..\0", 0))
                .orElseThrow()
                .contains("zero byte"));
    }

    @Test
    void boundsThePaths() {
        assertTrue(check.next(new ArchiveEntry("x".repeat(4097), ArchiveEntry.Type.FILE, "", 0))
                .orElseThrow()
                .contains("more than 4096 characters"));
    }

    @Test
    void boundsTheBytes() {
        assertEquals(Optional.empty(), check.next(new ArchiveEntry("a", ArchiveEntry.Type.FILE, "", 1000)));
        assertTrue(
                check.next(new ArchiveEntry("b", ArchiveEntry.Type.FILE, "", 1)).isPresent());
    }

    @Test
    void boundsTheEntries() {
        for (int i = 0; i < 5; i++) {
            assertEquals(Optional.empty(), check.next(new ArchiveEntry("a" + i, ArchiveEntry.Type.FILE, "", 0)));
        }
        assertEquals(
                "the archive has more than 5 entries, leave out what the app does not need",
                check.next(new ArchiveEntry("b", ArchiveEntry.Type.FILE, "", 0)).orElseThrow());
    }

    @Test
    void wantsControlAtTheRoot() {
        assertEquals("the archive is empty", check.end().orElseThrow());
        check.next(new ArchiveEntry("demo/control", ArchiveEntry.Type.FILE, "", 1));
        check.next(new ArchiveEntry("control", ArchiveEntry.Type.DIRECTORY, "", 0));
        assertTrue(check.end().orElseThrow().contains("no file 'control' at its root"));
        check.next(new ArchiveEntry("./control", ArchiveEntry.Type.FILE, "", 1));
        assertEquals(Optional.empty(), check.end());
    }

    @Test
    void aWarNeedsNoControl() {
        ArchiveCheck war = new ArchiveCheck(ArchiveKind.WAR, Limits.DEFAULT);
        war.next(new ArchiveEntry("WEB-INF/web.xml", ArchiveEntry.Type.FILE, "", 1));
        assertEquals(Optional.empty(), war.end());
    }
}
