package io.dinp.uic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.jfinal.core.JFinal;
import io.dinp.common.config.Settings;
import io.dinp.common.daemon.Lifecycle;
import io.dinp.uic.core.Account;
import io.dinp.uic.user.Passwords;
import io.dinp.uic.user.UserService;
import io.dinp.uic.user.UserValidator.NewUser;
import io.dinp.web.Access;
import io.dinp.web.Browser;
import io.dinp.web.FreePort;
import io.dinp.web.Guard;
import io.dinp.web.TestDatabase;
import io.dinp.web.Verb;
import io.dinp.web.Who;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** uic over HTTP: its pages, the services' protocol, and that neither lets anybody in who should not. */
class UicWebIT {
    private static final String PASSWORD = "password1";
    private static final String TOKEN = "?token=service-token";
    private static final String SERVICE = "http://service.example:8088";

    private static TestDatabase database;
    private static Lifecycle life;
    private static String uic;
    private static int annId;

    @BeforeAll
    static void start() throws Exception {
        database = new TestDatabase();
        int port = FreePort.next();
        uic = "http://127.0.0.1:" + port;
        String config = """
                {"http":{"addr":"127.0.0.1","port":%d},"db":{"dsn":"%s"},"token":"service-token","callbacks":["%s"],
                "canRegister":true}
                """.formatted(port, database.address(), SERVICE);
        life = new Lifecycle();
        UicMain.start(UicConfig.of(Settings.parse("uic", config, Map.of())), life);
        UserService users = new UserService(database.store(), new Passwords(4));
        annId = users.create(new NewUser("ann", PASSWORD, "Ann", "ann@example.com"), Account.NORMAL, 0);
        users.create(new NewUser("root", PASSWORD, "", ""), Account.ROOT, 0);
    }

    @AfterAll
    static void stop() {
        life.stop();
        database.close();
    }

    @Test
    void aServiceSignsAUserOnWithTheTicket() {
        Browser service = Browser.ofScript(Browser.ofPerson());
        String sig = service.get(uic + "/sso/sig" + TOKEN).body();
        assertTrue(sig.matches("[0-9A-Za-z]{32}"), sig);
        Browser ann = signedIn("ann");
        String ticket = ticket(ann, sig);
        assertEquals(404, service.get(uic + "/sso/user/" + sig + TOKEN).status(), "not attached yet");
        String other = service.get(uic + "/sso/sig" + TOKEN).body();
        assertEquals(
                404,
                service.get(uic + "/sso/attach/" + other + TOKEN + "&ticket=" + ticket)
                        .status());
        assertEquals(
                404,
                service.get(uic + "/sso/attach/" + sig + TOKEN + "&ticket=0").status());
        assertEquals(
                200,
                service.get(uic + "/sso/attach/" + sig + TOKEN + "&ticket=" + ticket)
                        .status());
        String user = service.get(uic + "/sso/user/" + sig + TOKEN).body();
        assertTrue(user.startsWith("{\"user\":{") && user.contains("\"name\":\"ann\""), user);
        assertFalse(user.contains("passwd"), user);
        assertEquals(200, service.get(uic + "/sso/logout/" + sig + TOKEN).status());
        assertEquals(404, service.get(uic + "/sso/user/" + sig + TOKEN).status());
        assertEquals(303, ann.get(uic + "/me").status(), "all sessions of the user have ended");
    }

    @Test
    void everyServicePathIsNotFoundWithoutTheToken() {
        int walked = 0;
        for (String key : JFinal.me().getAllActionKeys()) {
            Access access = accessOf(key);
            if (access.who() == Who.SERVICE) {
                String path = uic + key + (access.of() == String.class ? "/" + annId : "");
                assertEquals(404, Browser.ofPerson().get(path).status(), key);
                assertEquals(404, Browser.ofPerson().get(path + "?token=wrong").status(), key);
                assertEquals(404, signedIn("root").get(path + "?token=").status(), key);
                walked++;
            }
        }
        assertTrue(walked >= 8, "only " + walked + " service paths");
    }

    @Test
    void everyOtherRouteNeedsASignInItsMethodAndForChangesAToken() {
        Browser ann = signedIn("ann");
        for (String key : JFinal.me().getAllActionKeys()) {
            Access access = accessOf(key);
            String path = uic + key + (access.of() != Void.class ? "/1" : "");
            Browser script = Browser.ofScript(Browser.ofPerson());
            for (Verb verb : Verb.values()) {
                boolean allowed = Arrays.asList(access.value()).contains(verb);
                int status = script.send(verb.name(), path, verb == Verb.POST ? Map.of() : null, Map.of())
                        .status();
                if (!allowed) {
                    assertEquals(405, status, verb + " " + key);
                } else if (access.who() == Who.USER || access.who() == Who.ADMIN) {
                    assertEquals(401, status, verb + " " + key);
                }
                if (allowed && verb == Verb.POST && access.who() != Who.ADMIN) {
                    assertEquals(
                            403,
                            Browser.ofScript(ann)
                                    .post(path, Map.of("csrf", "0"))
                                    .status(),
                            key);
                }
                if (allowed && access.who() == Who.ADMIN) {
                    assertEquals(404, ann.get(path).status(), "for administrators only: " + key);
                }
            }
        }
    }

    @Test
    void theServicesAskAboutTeams() {
        Browser ann = signedIn("ann");
        assertEquals(
                303,
                form(ann, "/team/create", "name", "web", "resume", "the shop", "members", "root")
                        .status());
        Browser service = Browser.ofScript(Browser.ofPerson());
        String mine = service.get(uic + "/team/mine/" + annId + TOKEN).body();
        assertTrue(mine.startsWith("{\"teams\":[{") && mine.contains("\"name\":\"web\""), mine);
        assertTrue(service.get(uic + "/team/users" + TOKEN + "&name=web").body().contains("\"name\":\"root\""));
        assertTrue(service.get(uic + "/team/query" + TOKEN + "&query=we").body().contains("\"name\":\"web\""));
        assertEquals(
                "1",
                service.get(uic + "/user/in" + TOKEN + "&name=ann&teams=x,web").body());
        assertEquals(
                "0", service.get(uic + "/user/in" + TOKEN + "&name=ann&teams=x").body());
        assertTrue(ann.get(uic + "/user/query?query=roo").body().contains("\"name\":\"root\""));
        String team = database.ask("select id from team where name = 'web'");
        assertEquals(200, ann.get(uic + "/team/edit/" + team).status());
        Browser carl = registered("carl");
        assertEquals(404, carl.get(uic + "/team/edit/" + team).status());
        assertFalse(carl.get(uic + "/team").body().contains("the shop"));
    }

    @Test
    void anAdministratorBlocksAUser() {
        Browser dora = registered("dora");
        String id = database.ask("select id from user where name = 'dora'");
        Browser root = signedIn("root");
        for (String path :
                List.of("/user", "/user/create", "/user/edit/" + id, "/me", "/me/password", "/team", "/team/create")) {
            assertEquals(200, root.get(uic + path).status(), path);
        }
        assertEquals(303, form(root, "/user/edit/" + id, "role", "-1").status());
        assertEquals(303, dora.get(uic + "/me").status(), "signed out at once");
        assertEquals(
                403,
                signIn(Browser.ofPerson(), "dora", PASSWORD, uic + "/auth/login")
                        .status());
    }

    @Test
    void aPasswordIsChangedWithThePresentOne() {
        Browser emil = registered("emil");
        assertEquals(
                400,
                form(emil, "/me/password", "old_password", "wrong", "new_password", "password2")
                        .status());
        Browser.Page changed = form(emil, "/me/password", "old_password", PASSWORD, "new_password", "password2");
        assertEquals(303, changed.status(), changed.body());
        assertEquals(303, emil.get(uic + "/me").status());
        assertEquals(
                303,
                signIn(Browser.ofPerson(), "emil", "password2", uic + "/auth/login")
                        .status());
    }

    @Test
    void signingInGivesANewCookieAndAnEqualAnswerToAllWhoFail() {
        Browser browser = Browser.ofPerson();
        browser.get(uic + "/auth/login");
        String before = browser.cookie("dinp_uic");
        Browser.Page wrongPassword = signIn(browser, "ann", "wrong", uic + "/auth/login");
        Browser.Page wrongName = signIn(browser, "nobody", "wrong", uic + "/auth/login");
        assertEquals(403, wrongPassword.status());
        assertEquals(
                wrongPassword.body().replace("value=\"ann\"", ""),
                wrongName.body().replace("value=\"nobody\"", ""));
        assertFalse(wrongPassword.body().contains("wrong\""), "a password is never sent back");
        assertEquals(303, signIn(browser, "ann", PASSWORD, uic + "/auth/login").status());
        assertNotEquals(before, browser.cookie("dinp_uic"));
        assertEquals(303, Browser.ofPerson().get(uic + "/me").status());
    }

    @Test
    void ticketsGoToKnownServicesOnly() {
        Browser ann = signedIn("ann");
        String sig = Browser.ofPerson().get(uic + "/sso/sig" + TOKEN).body();
        Browser.Page page = ann.get(uic + "/auth/login?sig=" + sig + "&callback=http%3A%2F%2Fevil.example%2F");
        assertEquals(400, page.status());
        assertEquals("", page.location());
        assertEquals("/me", ann.get(uic + "/auth/login?next=%2F%2Fevil.example").location());
        assertEquals(
                SERVICE + "/",
                ann.get(uic + "/auth/login?sig=unknown&callback=" + "http%3A%2F%2Fservice.example%3A8088%2Fcb")
                        .location(),
                "a sig that is over starts again at the service");
    }

    @Test
    void refusedSignInsAreCounted() {
        assertEquals(401, signedIn("root").get(uic + "/metrics").status());
        double before = refusedSignIns();
        assertEquals(
                403,
                signIn(Browser.ofPerson(), "nobody-at-all", "guess", uic + "/auth/login")
                        .status());
        assertEquals(before + 1, refusedSignIns());
    }

    private static double refusedSignIns() {
        String name = "dinp_uic_sign_ins_total{result=\"wrong\"} ";
        return Browser.ofPerson()
                .send("GET", uic + "/metrics", null, Map.of("Authorization", "Bearer service-token"))
                .body()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
                .findFirst()
                .orElseThrow();
    }

    /** Undertow writes the low byte of each character of a header, so this would arrive as another address. */
    @Test
    void aCallbackOfOtherThanAsciiIsRefused() {
        Browser.Page page = signedIn("ann")
                .get(uic + "/auth/login?sig=unknown&callback=http%3A%2F%2Fservice.example%3A8088%2F"
                        + "%C4%8D%C4%8ASet-Cookie:dinp_uic=planted;%3Fa");
        assertEquals(400, page.status());
        assertEquals(List.of(), page.cookies());
    }

    @Test
    void behindTlsTheCookieIsForTlsOnly() {
        Map<String, String> proxied = Map.of("X-Forwarded-Proto", "https");
        Browser.Page page = Browser.ofPerson().send("GET", uic + "/auth/login", null, proxied);
        assertTrue(page.cookies().get(0).endsWith("; HttpOnly; SameSite=Lax; Secure"), page.cookies()::toString);
        page = Browser.ofPerson().get(uic + "/auth/login");
        assertTrue(page.cookies().get(0).endsWith("; HttpOnly; SameSite=Lax"), page.cookies()::toString);
    }

    @Test
    void whatCannotBeReadIsRefusedWithoutAWordAboutTheInside() {
        Browser ann = signedIn("ann");
        String csrf = ann.get(uic + "/me").csrf();
        Map<String, String> many = new LinkedHashMap<>(Map.of("csrf", csrf));
        IntStream.range(0, 2000).forEach(i -> many.put("f" + i, ""));
        for (Browser.Page page : List.of(
                ann.post(uic + "/me", many), ann.send("POST", uic + "/me?a=%25zz&b=%C0%80", Map.of(), Map.of()))) {
            assertTrue(page.status() >= 400 && page.status() < 500, page.status() + " " + page.body());
            assertFalse(page.body().contains("Exception") || page.body().contains("\tat "), page.body());
        }
    }

    @Test
    void theListOfUsersIsSearched() {
        Browser root = signedIn("root");
        String page = root.get(uic + "/user?query=ANN").body();
        assertTrue(page.contains("ann@example.com") && !page.contains(">root</td>"), page);
        assertTrue(root.get(uic + "/user").body().contains(">root</td>"));
    }

    private static String ticket(Browser signedIn, String sig) {
        String location = signedIn.get(uic + "/auth/login?sig=" + sig
                        + "&callback=http%3A%2F%2Fservice.example%3A8088%2Fsso%2Fcallback%3Fnext%3D%252F")
                .location();
        String start = SERVICE + "/sso/callback?next=%2F&ticket=";
        assertTrue(location.startsWith(start), location);
        return location.substring(start.length());
    }

    private static Browser signedIn(String name) {
        Browser browser = Browser.ofPerson();
        assertEquals("/me", signIn(browser, name, PASSWORD, uic + "/auth/login").location());
        return browser;
    }

    private static Browser.Page signIn(Browser browser, String name, String password, String page) {
        Map<String, String> form = browser.get(page).hidden();
        form.put("name", name);
        form.put("password", password);
        return browser.post(uic + "/auth/login", form);
    }

    private static Browser registered(String name) {
        Browser browser = Browser.ofPerson();
        Map<String, String> form = browser.get(uic + "/auth/register").hidden();
        form.put("name", name);
        form.put("password", PASSWORD);
        Browser.Page page = browser.post(uic + "/auth/register", form);
        assertEquals(303, page.status(), page.body());
        return browser;
    }

    private static Browser.Page form(Browser who, String path, String... namesAndValues) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("csrf", who.get(uic + "/me").csrf());
        for (int i = 0; i < namesAndValues.length; i += 2) {
            form.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return who.post(uic + path, form);
    }

    private static Access accessOf(String key) {
        return Guard.accessOf(JFinal.me().getAction(key, new String[1]).getMethod());
    }
}
