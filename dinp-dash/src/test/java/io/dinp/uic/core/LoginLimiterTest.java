package io.dinp.uic.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Guessing is slowed down, within bounds. */
class LoginLimiterTest {
    private static final long SECOND = 1_000_000_000L;
    private final LoginLimiter limiter = new LoginLimiter(3, Duration.ofSeconds(60), 2);

    @Test
    void refusesAfterTheLimitUntilTheWindowIsOver() {
        for (int i = 0; i < 3; i++) {
            assertTrue(limiter.allows("a", i * SECOND));
            limiter.failed("a", i * SECOND);
        }
        assertFalse(limiter.allows("a", 59 * SECOND));
        assertTrue(limiter.allows("b", 59 * SECOND));
        assertTrue(limiter.allows("a", 60 * SECOND));
        limiter.failed("a", 60 * SECOND);
        assertTrue(limiter.allows("a", 61 * SECOND));
    }

    @Test
    void aSuccessForgets() {
        for (int i = 0; i < 3; i++) {
            limiter.failed("a", 0);
        }
        limiter.succeeded("a");
        assertTrue(limiter.allows("a", 1));
    }

    @Test
    void remembersOnlySoManyKeys() {
        for (int i = 0; i < 3; i++) {
            limiter.failed("a", 0);
        }
        limiter.failed("b", 0);
        limiter.failed("c", 0);
        assertTrue(limiter.allows("a", 1), "the least recently touched key is forgotten");
    }

    @ParameterizedTest
    @CsvSource({
        // actor's role, target's role, wanted role, may administer, may grant
        "2,  1,  2, true,  true",
        "2,  0, -1, true,  true",
        "1,  0, -1, true,  true",
        "1,  0,  1, true,  false",
        "1,  1,  0, false, true",
        "1,  2,  0, false, true",
        "0,  0,  0, false, false",
        "-1, 0,  0, false, false",
        "2,  0,  3, true,  false",
    })
    void rolesAreGivenDownwards(int actor, int target, int wanted, boolean administer, boolean grant) {
        Account who = new Account(1, "a", "", "", "", "", "", actor);
        assertEquals(administer, who.mayAdminister(new Account(2, "b", "", "", "", "", "", target)));
        assertEquals(grant, who.mayGrant(wanted));
        assertFalse(who.mayAdminister(who), "nobody changes his own role");
    }
}
