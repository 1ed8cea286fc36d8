package io.dinp.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Templates escape what they print. */
class PagesTest {
    private final Pages pages = new Pages(Map.of("siteName", "DINP"));

    @Test
    void everyValueIsEscaped() {
        String page = pages.render(
                "shared/refused.html", Map.of("status", 409, "message", "<script>alert('x')</script> & \"y\""));
        assertFalse(page.contains("<script>alert"), page);
        assertTrue(page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;y&quot;"), page);
    }

    @ParameterizedTest
    @CsvSource({"0, 0 s", "119, 119 s", "120, 2 min", "7199, 119 min", "7200, 2 h", "172799, 47 h", "172800, 2 d"})
    void agesHaveTheUnitThatMatters(long seconds, String shown) {
        assertEquals(shown, Show.lasting(Duration.ofSeconds(seconds)));
    }
}
