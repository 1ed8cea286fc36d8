package io.dinp.common.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    private static final String A64 = "a".repeat(64);

    @ParameterizedTest
    @ValueSource(
            strings = {"a", "0", "demo", "my-app-2", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})
    void newAppNamesAreHostLabels(String name) {
        assertEquals(name, AppName.ofNew(name).value());
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = {"Demo", "my_app", "-a", "a-", "a.b", "a b", "é", "a\n"})
    void otherNewAppNamesAreRefusedWithARemedy(String name) {
        String message = assertThrows(IllegalArgumentException.class, () -> AppName.ofNew(name))
                .getMessage();
        assertTrue(message.contains("'" + name + "'") && message.contains("lower-case"), message);
    }

    @Test
    void newAppNamesHaveAtMost63Characters() {
        assertThrows(IllegalArgumentException.class, () -> AppName.ofNew(A64));
        assertEquals(A64, AppName.of(A64).value());
        assertThrows(IllegalArgumentException.class, () -> AppName.of(A64 + "a"));
    }

    @ParameterizedTest
    @CsvSource({"Demo,demo", "my_App,my_app", "-a,-a"})
    void namesOfTheOriginalAreServedInLowerCase(String name, String label) {
        assertEquals(label, AppName.of(name).hostLabel());
    }

    @ParameterizedTest
    @CsvSource({
        "demo.apps.io,demo.apps.io",
        "DEMO.Apps.IO:8080,demo.apps.io",
        "demo.apps.io.,demo.apps.io",
        "demo.apps.io.:80,demo.apps.io",
        "' demo.apps.io ',demo.apps.io",
        "[::1]:8080,[::1]",
        "[::1],[::1]",
        ":80,''",
        "'',''"
    })
    void hostsAreNormalized(String header, String host) {
        assertEquals(host, HostNames.normalize(header));
    }

    @Test
    void noHostIsAnEmptyOne() {
        assertEquals("", HostNames.normalize(null));
    }

    @ParameterizedTest
    @CsvSource({
        "demo.apps.io,apps.io,true",
        "a.b.apps.io,apps.io,true",
        "apps.io,apps.io,true",
        "badapps.io,apps.io,false",
        "apps.io.example.org,apps.io,false"
    })
    void underADomainMeansAtALabelsEdge(String host, String domain, boolean under) {
        assertEquals(under, HostNames.isUnder(host, domain));
    }

    @ParameterizedTest
    @CsvSource({"1.2.3.4:80,1.2.3.4,80", "redis:6379,redis,6379"})
    void addressesAreParsed(String text, String host, int port) {
        assertEquals(new HostPort(host, port), HostPort.parse(text));
        assertEquals(text, HostPort.parse(text).toString());
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = {"1.2.3.4", "1.2.3.4:", ":80", "1.2.3.4:0", "1.2.3.4:65536", "1.2.3.4:x", "1.2.3.4:-1"})
    void otherAddressesAreRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> HostPort.parse(text));
    }

    @Test
    void routeKeysAreTheContracts() {
        RouteKeys keys = new RouteKeys("/rs/", "/cname/");
        assertEquals("/rs/demo.apps.io", keys.app(AppName.of("Demo"), "apps.io"));
        assertEquals("/cname/www.example.org", keys.cname("www.example.org"));
        assertTrue(keys.isApp("/rs/demo.apps.io") && keys.isCname("/cname/x"));
        assertFalse(keys.isApp("/rs/")
                || keys.isApp("/cname/x")
                || keys.isCname("/rs/x")
                || keys.isApp(RouteKeys.META_APPS));
        assertEquals("demo.apps.io", keys.hostOf("/rs/demo.apps.io"));
        assertEquals("www.example.org", keys.hostOf("/cname/www.example.org"));
        assertThrows(IllegalArgumentException.class, () -> keys.hostOf("/meta/epoch"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rs/", "/rs", "/", "", "/a b/", "/a/b/"})
    void aPrefixThatWouldCrashTheOriginalsRouterIsRefused(String prefix) {
        assertThrows(IllegalArgumentException.class, () -> new RouteKeys(prefix, "/cname/"));
        assertThrows(IllegalArgumentException.class, () -> new RouteKeys("/rs/", prefix));
    }

    @ParameterizedTest
    @CsvSource({"0,OK", "1,CREATE_FAILED", "2,PULL_FAILED", "3,START_FAILED", "9,START_FAILED"})
    void statusCodesAreTheContracts(int code, AppStatus status) {
        assertEquals(status, AppStatus.of(code));
    }
}
