package io.dinp.uic.sso;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.dinp.web.Refusal;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tickets go to known services only. */
class CallbacksTest {
    private final Callbacks callbacks = new Callbacks(List.of("http://dash.example:8088/", "https://build.example"));

    @ParameterizedTest
    @CsvSource({
        "http://dash.example:8088/sso/callback?next=%2F, http://dash.example:8088/",
        "HTTP://Dash.Example:8088/x, http://dash.example:8088/",
        "https://build.example:443/x, https://build.example/",
    })
    void knowsItsServices(String callback, String home) {
        URI checked = callbacks.checked(callback);
        assertEquals(home, Callbacks.home(checked));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/sso/callback",
                "http://evil.example:8088/",
                "http://dash.example/",
                "https://dash.example:8088/",
                "http://dash.example:8088@evil.example/",
                "http://user@dash.example:8088/",
                "javascript:alert(1)",
                "http://dash.example:8088.evil.example/",
                "//dash.example:8088/",
                "http://dash.example:8088/\u010d\u010aX:y",
                "http://dash.example:8088/\u00e4",
                "http://dash.example:8088\\@evil.example/"
            })
    void refusesOthers(String callback) {
        assertThrows(Refusal.class, () -> callbacks.checked(callback));
    }

    @ParameterizedTest
    @CsvSource({
        "http://a/cb,         http://a/cb?ticket=t",
        "http://a/cb?next=/x, http://a/cb?next=/x&ticket=t",
        "http://a/cb#part,    http://a/cb?ticket=t",
    })
    void addsTheTicket(String callback, String result) {
        assertEquals(result, Callbacks.withTicket(URI.create(callback), "t"));
    }
}
