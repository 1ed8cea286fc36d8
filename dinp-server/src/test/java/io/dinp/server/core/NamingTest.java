package io.dinp.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.model.RouteKeys;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamingTest {
    private final Naming naming =
            new Naming(new RouteKeys("/rs/", "/cname/"), "Apps.io", Set.of("Dash.example.com", "10.0.0.1"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "apps.io",
                "demo.apps.io",
                "Demo.APPS.io.",
                "dash.example.com",
                "x.dash.example.com",
                "single",
                "a b.com",
                ""
            })
    void thePlatformsOwnNamesAndWhatIsNoneAreRefused(String domain) {
        assertTrue(!naming.refusal(domain).isEmpty(), domain);
    }

    @ParameterizedTest
    @ValueSource(strings = {"www.example.com", "example.com", "mydash.example.com", "notapps.io"})
    void allOthersMayBeBound(String domain) {
        assertEquals("", naming.refusal(domain));
    }

    @Test
    void anAppOfTheOriginalHasALowerCaseRoute() {
        assertEquals("my_app.apps.io", naming.hostOf("My_App"));
        assertEquals("/rs/my_app.apps.io", naming.keyOf("My_App"));
        assertEquals("", naming.keyOf("a/b"));
    }
}
