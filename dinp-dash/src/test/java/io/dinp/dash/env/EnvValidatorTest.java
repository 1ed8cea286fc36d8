package io.dinp.dash.env;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.dinp.web.BadInput;
import io.dinp.web.Forms;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which variables an app may have. */
class EnvValidatorTest {
    @Test
    void takesAValueAsItIs() {
        EnvValidator.Variable variable = EnvValidator.add(Forms.of("k", " DB_URL ", "v", " a=b \n"));
        assertEquals(new EnvValidator.Variable("DB_URL", " a=b \n"), variable);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1A", "A-B", "A B", "A=B", "APP_NAME", "HOST_IP", "SCRIBE_IP", "SCRIBE_PORT"})
    void refusesNames(String name) {
        assertThrows(BadInput.class, () -> EnvValidator.add(Forms.of("k", name, "v", "x")));
    }

    @Test
    void refusesWhatTheColumnDoesNotHold() {
        assertThrows(BadInput.class, () -> EnvValidator.add(Forms.of("k", "A", "v", "x".repeat(1025))));
        assertThrows(BadInput.class, () -> EnvValidator.add(Forms.of("k", "A", "v", "a\0b")));
    }
}
