package io.dinp.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Forms are read with all their errors. */
class FieldsTest {
    @Test
    void namesAllErrorsAtOnceAndTheFirstOfEachField() {
        Fields form = Forms.of("a", "", "b", "twelve", "c", "x\u0001");
        form.required("a", 10);
        form.integer("b", 1, 0, 9);
        form.text("c", 10);
        form.reject("a", "second");
        BadInput wrong = assertThrows(BadInput.class, form::verify);
        assertEquals(
                Map.of(
                        "a", "a is missing",
                        "b", "b must be a whole number from 0 to 9, not 'twelve'",
                        "c", "c contains control characters"),
                wrong.errors());
    }

    @Test
    void takesWhatIsRight() {
        Fields form = Forms.of("a", "  text ", "n", "9");
        assertEquals("text", form.text("a", 4));
        assertEquals(9, form.integer("n", 1, 0, 9));
        assertEquals(1, form.integer("absent", 1, 5, 9));
        form.verify();
    }
}
