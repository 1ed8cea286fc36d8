package io.dinp.dash.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.dinp.web.BadInput;
import io.dinp.web.Fields;
import io.dinp.web.Forms;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which host names a user may claim. */
class DomainValidatorTest {
    private final DomainValidator validator = new DomainValidator("apps.io", Set.of("dash.example.net"));

    @ParameterizedTest
    @CsvSource({"www.example.com, www.example.com", "WWW.Example.COM., www.example.com", "a-b.c1.de, a-b.c1.de"})
    void takesAndNormalizes(String typed, String host) {
        Fields form = Forms.of("domain", typed);
        assertEquals(host, validator.create(form));
        form.verify();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "example",
                "10.0.0.1",
                "a..b",
                "-a.de",
                "a b.de",
                "http://a.de",
                "apps.io",
                "APPS.io.",
                "x.apps.io",
                "a.b.apps.io",
                "dash.example.net",
                "x.dash.example.net",
                "*.example.com",
                "ü.de"
            })
    void refuses(String typed) {
        Fields form = Forms.of("domain", typed);
        validator.create(form);
        assertThrows(BadInput.class, form::verify);
    }
}
