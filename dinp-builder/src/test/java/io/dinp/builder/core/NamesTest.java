package io.dinp.builder.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The names that a build makes or knows: images, statuses, variables of the templates. */
class NamesTest {
    private final ImageNaming naming = new ImageNaming("10.0.0.1:5000");

    @ParameterizedTest
    @CsvSource({
        "ulric, demo, 1.0, 10.0.0.1:5000/ulric/demo:1.0",
        "Ulric, Demo-App, 2, 10.0.0.1:5000/ulric/demo-app:2",
        "u.x, a__b, 1, 10.0.0.1:5000/u.x/a__b:1",
    })
    void namesImages(String user, String app, String version, String image) {
        assertEquals(image, naming.imageOf(user, app, version).value());
    }

    @ParameterizedTest
    @CsvSource({
        "ulric, _demo, app: '_demo' makes no image name",
        "ulric, demo_, app: 'demo_' makes no image name",
        "ulric, a___b, app: 'a___b' makes no image name",
        "a@b, demo, user: 'a@b' makes no image name",
        "a/b, demo, user: 'a/b' makes no image name",
    })
    void refusesWhatIsNoImageName(String user, String app, String message) {
        var e = assertThrows(IllegalArgumentException.class, () -> naming.imageOf(user, app, "1"));
        assertTrue(e.getMessage().startsWith(message), e.getMessage());
    }

    @Test
    void statusesFitTheirColumn() {
        assertEquals("failed: a b", BuildStatus.failed(" a\n \u001Bb\n"));
        assertEquals("failed: ä ? b", BuildStatus.failed("ä \uD83D\uDE00 b"));
        assertEquals(255, BuildStatus.failed("x".repeat(500)).length());
        assertTrue(BuildStatus.isFinal(BuildStatus.failed("x")));
        assertTrue(BuildStatus.isFinal(BuildStatus.SUCCESSFUL));
        assertFalse(BuildStatus.isFinal(BuildStatus.SAVED));
        assertFalse(BuildStatus.isFinal(BuildStatus.PUSHING));
    }

    @Test
    void rendersTemplates() {
        assertEquals(
                "FROM r:5000/base\nADD app.tar /opt/app/\n",
                Dockerfiles.render("FROM {{.Registry}}/base\nADD {{.Tarball}} {{ .AppDir }}/\n", "r:5000", "app.tar"));
    }

    @Test
    void refusesUnknownVariables() {
        var e = assertThrows(IllegalArgumentException.class, () -> Dockerfiles.render("FROM {{.Base}}", "r", "a"));
        assertEquals(
                "the template uses '{{.Base}}' which does not exist, use {{.Registry}}, {{.Tarball}} or {{.AppDir}}",
                e.getMessage());
    }

    @Test
    void templatesSayWhatTheyAccept() {
        assertEquals(Set.of(ArchiveKind.TAR_GZ), Dockerfiles.accepts("FROM x"));
        assertEquals(Set.of(ArchiveKind.WAR), Dockerfiles.accepts("# accepts: .war\nFROM x"));
        assertEquals(Set.of(ArchiveKind.values()), Set.copyOf(Dockerfiles.accepts("# accepts: .war, .tar.gz\nFROM x")));
    }
}
