package io.dinp.builder.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.sso.SsoUser;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages without a database: who gets in, how, and what is answered to the others. */
class WebTest {
    private static final SsoUser ULRIC = new SsoUser(7, "ulric<b>", "", "", 0);

    @TempDir
    private static Path directory;

    private static FakeUic uic;
    private static TestBuilder builder;
    private Browser browser;

    @BeforeAll
    static void start() throws Exception {
        uic = new FakeUic();
        builder = TestBuilder.withoutDatabase(directory, uic);
    }

    @AfterAll
    static void stop() throws Exception {
        builder.close();
        uic.close();
    }

    @BeforeEach
    void openBrowser() {
        builder.ready(true);
        browser = new Browser(builder.uri());
    }

    @Test
    void aStrangerIsSentToUicWithAFreshSig() throws Exception {
        HttpResponse<String> first = browser.get("/history?page=2");
        assertEquals(302, first.statusCode());
        String cookie = first.headers().firstValue("Set-Cookie").orElseThrow();
        String sig = cookie.substring("sig=".length(), "sig=".length() + 32);
        assertEquals("sig=" + sig + "; Path=/; HttpOnly; SameSite=Lax", cookie);
        assertEquals(
                uic.uri() + "/auth/login?sig=" + sig + "&callback=http%3A%2F%2F127.0.0.1%3A"
                        + builder.uri().getPort() + "%2Fsso%2Fcallback%3Fnext%3D%252Fhistory%253Fpage%253D2",
                location(first));
        assertFalse(browser.get("/")
                .headers()
                .firstValue("Set-Cookie")
                .orElseThrow()
                .contains(sig));
    }

    @Test
    void aSigThatTheBrowserBroughtIsNeverSignedIn() throws Exception {
        String planted = "f".repeat(32);
        HttpResponse<String> answer = browser.as(planted).get("/");
        assertEquals(302, answer.statusCode());
        assertFalse(location(answer).contains(planted));
    }

    @Test
    void theTicketOfAnotherSigSignsNobodyIn() throws Exception {
        String attackers = "a".repeat(32);
        String ticket = uic.signIn(attackers, ULRIC);
        HttpResponse<String> answer = browser.as("b".repeat(32)).get("/sso/callback?ticket=" + ticket + "&next=/");
        assertEquals(403, answer.statusCode());
        assertEquals(302, browser.get("/").statusCode());
    }

    @Test
    void theTicketSignsInOnce() throws Exception {
        String sig = "c".repeat(32);
        String callback = "/sso/callback?ticket=" + uic.signIn(sig, ULRIC) + "&next=%2Flogout";
        HttpResponse<String> answer = browser.as(sig).get(callback);
        assertEquals(302, answer.statusCode());
        assertTrue(location(answer).endsWith("/logout"));
        assertEquals(200, browser.get("/").statusCode());
        assertEquals(403, browser.get(callback).statusCode());
    }

    @Test
    void theCallbackLeadsToNoOtherSite() throws Exception {
        String sig = "d".repeat(32);
        HttpResponse<String> answer =
                browser.as(sig).get("/sso/callback?ticket=" + uic.signIn(sig, ULRIC) + "&next=%2F%2Fevil.org");
        assertFalse(location(answer).contains("evil"));
    }

    @Test
    void aScriptIsToldToSignIn() throws Exception {
        assertEquals(
                "{\"msg\":\"sign in first\"}", browser.script().get("/history").body());
        assertEquals(401, browser.get("/log/1").statusCode());
        assertEquals(401, browser.post("/build", Map.of()).statusCode());
    }

    @Test
    void theFormNamesBasesAndUser() throws Exception {
        HttpResponse<String> form = browser.as(uic.session(ULRIC)).get("/");
        assertEquals(200, form.statusCode());
        assertTrue(
                form.body().contains("<option>binary</option>") && form.body().contains("<option>gunicorn</option>"));
        assertTrue(form.body().contains("ulric&lt;b&gt;"), "user names are escaped");
        assertFalse(form.body().contains("ulric<b>"));
    }

    @Test
    void headersOfEveryAnswerForbidScriptsAndFrames() throws Exception {
        for (String path : new String[] {"/", "/health", "/nothing", "/assets/builder.css", "/x.y"}) {
            var headers = browser.get(path).headers();
            assertTrue(
                    headers.firstValue("Content-Security-Policy").orElseThrow().startsWith("default-src 'none'"), path);
            assertEquals("nosniff", headers.firstValue("X-Content-Type-Options").orElseThrow(), path);
            assertEquals("DENY", headers.firstValue("X-Frame-Options").orElseThrow(), path);
            assertTrue(headers.firstValue("Server").isEmpty(), path);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /nothing, 404",
        "GET, /progress, 404",
        "GET, /history/1, 404",
        "GET, /progress/1/2, 404",
        "GET, /progress/abc, 404",
        "GET, /log/0, 404",
        "GET, /assets/, 404",
        "GET, /pages/layout.html, 404",
        "GET, /build, 405",
        "PUT, /history, 405",
        "DELETE, /, 405",
        "POST, /, 405",
    })
    void answersOnlyWhatIsThere(String method, String path, int status) throws Exception {
        assertEquals(status, browser.as(uic.session(ULRIC)).method(method, path).statusCode());
    }

    @Test
    void noChangeWithoutTheToken() throws Exception {
        browser.as(uic.session(ULRIC)).script();
        for (String path : new String[] {"/build", "/history", "/logout"}) {
            assertEquals(403, browser.post(path, Map.of("id", "1")).statusCode(), path);
            assertEquals(403, browser.post(path, Map.of("csrf", "0".repeat(64))).statusCode(), path);
        }
    }

    @Test
    void theTokenOfAnotherSessionIsNone() throws Exception {
        String others = new Browser(builder.uri()).as(uic.session(ULRIC)).csrf();
        browser.as(uic.session(ULRIC));
        assertEquals(403, browser.post("/logout", Map.of("csrf", others)).statusCode());
    }

    @Test
    void anotherSitesFormIsRefusedEvenWithTheToken() throws Exception {
        browser.as(uic.session(ULRIC));
        Map<String, String> form = Map.of("csrf", browser.csrf());
        assertEquals(
                403, browser.post("/logout", form, "Origin", "http://evil.org").statusCode());
        assertEquals(403, browser.post("/logout", form, "Origin", "null").statusCode());
        assertEquals(
                200,
                browser.post("/logout", form, "Origin", builder.uri().toString())
                        .statusCode());
    }

    @Test
    void whoWasBlockedThisSecondChangesNothing() throws Exception {
        String sig = uic.session(ULRIC);
        browser.as(sig).script();
        Map<String, String> form = Map.of("csrf", browser.csrf(), "id", "1");
        uic.end(sig);
        assertEquals(200, browser.get("/").statusCode(), "what is remembered for seconds may still be read");
        assertEquals(401, browser.post("/history", form).statusCode());
    }

    @Test
    void signingOutEndsTheSession() throws Exception {
        browser.as(uic.session(ULRIC));
        HttpResponse<String> out = browser.post("/logout", Map.of("csrf", browser.csrf()));
        assertEquals(
                "sig=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0",
                out.headers().firstValue("Set-Cookie").orElseThrow());
        assertEquals(302, browser.get("/").statusCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"app", "version", "base"})
    void aWrongFormComesBackWithItsFields(String field) throws Exception {
        browser.as(uic.session(ULRIC));
        Map<String, String> form = form(browser.csrf());
        form.put(field, "\"><script>");
        HttpResponse<String> page = browser.upload("/build", form, "demo.tar.gz", new byte[0]);
        assertEquals(400, page.statusCode());
        assertTrue(page.body().contains(field + ": &#39;&quot;&gt;&lt;script&gt;&#39; is not valid"), page.body());
        assertFalse(page.body().contains("\"><script>"));
    }

    @Test
    void aScriptGetsTheMessagesAsJson() throws Exception {
        browser.as(uic.session(ULRIC)).script();
        HttpResponse<String> answer =
                browser.upload("/build", form(browser.csrf()), "demo.zip", "x".getBytes(StandardCharsets.UTF_8));
        assertEquals(400, answer.statusCode());
        assertEquals(
                "{\"msg\":\"file: 'demo.zip' is not valid, its name must end in .tar.gz or .war\"}", answer.body());
    }

    @Test
    void aFieldThatIsLongAsAFileIsNotHeldInMemory() throws Exception {
        browser.as(uic.session(ULRIC)).script();
        Map<String, String> form = form(browser.csrf());
        form.put("resume", "x".repeat(20_000));
        HttpResponse<String> answer = browser.upload("/build", form, "demo.tar.gz", new byte[1]);
        assertEquals(413, answer.statusCode());
        assertEquals("{\"msg\":\"resume: is longer than 16384 bytes\"}", answer.body());
    }

    @Test
    void onlyABuildTakesABodyThatIsAsLargeAsAnArchive() throws Exception {
        for (String path : new String[] {"/sso/callback", "/history", "/logout", "/health"}) {
            assertEquals(415, browser.upload(path, Map.of(), "x", new byte[1]).statusCode(), path);
        }
        assertEquals(
                401,
                browser.script().upload("/build", Map.of(), "x", new byte[1]).statusCode());
    }

    @Test
    void aUserWhoseNameMakesNoImageIsTold() throws Exception {
        browser.as(uic.session(ULRIC)).script();
        HttpResponse<String> answer = browser.upload("/build", form(browser.csrf()), "demo.tar.gz", new byte[1]);
        assertEquals(400, answer.statusCode());
        assertTrue(answer.body().contains("user: 'ulric<b>' makes no image name"), answer.body());
    }

    @Test
    void withoutADatabaseItSaysSo() throws Exception {
        browser.as(uic.session(ULRIC)).script();
        HttpResponse<String> answer = browser.get("/history");
        assertEquals(503, answer.statusCode());
        assertEquals("{\"msg\":\"the builder's database does not answer, try again in a moment\"}", answer.body());
        builder.ready(false);
        assertEquals(
                "{\"msg\":\"the builder waits for its database, try again in a moment\"}",
                browser.get("/").body());
    }

    @Test
    void healthIsOpenAndTellsReasons() throws Exception {
        assertEquals("ok", browser.get("/health").body());
        builder.health().problem("mysql", "MySQL is away");
        HttpResponse<String> sick = browser.get("/health");
        builder.health().ok("mysql");
        assertEquals(503, sick.statusCode());
        assertTrue(sick.body().contains("MySQL is away"));
        builder.ready(false);
        assertEquals("mysql: not reached yet", browser.get("/health").body());
    }

    @Test
    void metricsWantTheToken() throws Exception {
        assertEquals(401, browser.get("/metrics").statusCode());
        HttpResponse<String> metrics = builder.metrics(FakeUic.TOKEN);
        assertEquals(200, metrics.statusCode());
        assertTrue(metrics.body().contains("dinp_builder_builds"), metrics.body());
    }

    private static Map<String, String> form(String csrf) {
        return new HashMap<>(Map.of("csrf", csrf, "app", "demo", "version", "1.0", "resume", "x", "base", "binary"));
    }

    private static String location(HttpResponse<String> answer) {
        return answer.headers().firstValue("Location").orElseThrow();
    }
}
