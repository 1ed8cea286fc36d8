package io.dinp.uic.user;

import static io.dinp.uic.user.Passwords.Verdict.RIGHT;
import static io.dinp.uic.user.Passwords.Verdict.RIGHT_BUT_OLD;
import static io.dinp.uic.user.Passwords.Verdict.WRONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.web.BadInput;
import io.dinp.web.Forms;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Passwords in the forms that the database may hold, and the form that asks for them. */
class PasswordsTest {
    private static final String MD5_OF_SECRET = "5ebe2294ecd0e0f08eab7690d2a6ee69";
    private static final int LEAST_COST = 4;

    private final Passwords passwords = new Passwords(LEAST_COST);

    @Test
    void takesItsTimeInInstallations() {
        assertTrue(new Passwords().hash("correct horse").startsWith("$2a$10$"));
    }

    @Test
    void hashesWithSalt() {
        String hash = passwords.hash("correct horse");
        assertTrue(hash.startsWith("$2"), hash);
        assertNotEquals(hash, passwords.hash("correct horse"));
        assertEquals(RIGHT, passwords.check("correct horse", hash));
        assertEquals(WRONG, passwords.check("correct hors", hash));
        assertEquals(WRONG, passwords.check("", hash));
    }

    @Test
    void takesTheOriginalsMd5ForTheLastTime() {
        assertEquals(RIGHT_BUT_OLD, passwords.check("secret", MD5_OF_SECRET));
        assertEquals(WRONG, passwords.check("Secret", MD5_OF_SECRET));
        assertEquals(WRONG, passwords.check(MD5_OF_SECRET, MD5_OF_SECRET));
    }

    @Test
    void leavesAnMd5ThatBcryptCannotTakeOver() {
        assertEquals(RIGHT, passwords.check("x".repeat(73), "ff93bbd760477d096da87044024b8cd9"));
        assertEquals(WRONG, passwords.check("x".repeat(74), "ff93bbd760477d096da87044024b8cd9"));
        assertEquals(RIGHT, passwords.check("x".repeat(72), passwords.hash("x".repeat(72))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "secret"})
    void nobodyHasAPassword(String stored) {
        assertEquals(WRONG, passwords.check("nobody has this password", null));
        assertEquals(WRONG, passwords.check("nobody has this password", stored));
        assertEquals(WRONG, passwords.check("x".repeat(73), passwords.hash("x".repeat(72))));
    }

    @Test
    void newOnesHaveALengthThatBcryptKnows() {
        assertEquals("12345678", UserValidator.newPassword(Forms.of("password", "12345678"), "password"));
        for (String bad : new String[] {"1234567", "x".repeat(73), "ü".repeat(37)}) {
            assertThrows(BadInput.class, () -> UserValidator.create(Forms.of("name", "ann", "password", bad)), bad);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Ann", "a b", "-a", "a--b", "a/b", "a.", "ä"})
    void namesCanBePartOfAnImagesName(String name) {
        assertThrows(BadInput.class, () -> UserValidator.create(Forms.of("name", name, "password", "12345678")));
    }
}
