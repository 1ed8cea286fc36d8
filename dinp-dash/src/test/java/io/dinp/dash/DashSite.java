package io.dinp.dash;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dinp.common.config.Settings;
import io.dinp.common.daemon.Lifecycle;
import io.dinp.uic.core.Account;
import io.dinp.uic.user.Passwords;
import io.dinp.uic.user.UserService;
import io.dinp.uic.user.UserValidator.NewUser;
import io.dinp.web.Browser;
import io.dinp.web.FreePort;
import io.dinp.web.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The dashboard with the users ann and bob and the administrator carol, a real uic and a database: one for all tests of a JVM, as JFinal has it. */
final class DashSite {
    static final String PASSWORD = "password1";

    private static DashSite shared;

    final TestDatabase database = new TestDatabase();
    final FakeServer server = new FakeServer();
    final UicProcess uic;
    final String url;

    private final Lifecycle life = new Lifecycle();

    private DashSite() throws Exception {
        int port = FreePort.next();
        url = "http://127.0.0.1:" + port;
        Path folder = Files.createTempDirectory(Path.of("target"), "dash");
        uic = new UicProcess(folder, database.address(), FreePort.next(), url);
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop-site"));
        uic.createUser("ann", "user", PASSWORD);
        new UserService(database.store(), new Passwords(4))
                .create(new NewUser("bob", PASSWORD, "", ""), Account.NORMAL, 0);
        new UserService(database.store(), new Passwords(4))
                .create(new NewUser("carol", PASSWORD, "", ""), Account.ADMIN, 0);
        String config = """
                {"http":{"addr":"127.0.0.1","port":%d},"db":{"dsn":"%s"},"uicInternal":"%s","uicExternal":"%s",
                "external":"%s","server":"%s","serverToken":"%s","token":"%s"}
                """.formatted(
                port, database.address(), uic.url, uic.url, url, server.url(), FakeServer.TOKEN, UicProcess.TOKEN);
        DashMain.start(DashConfig.of(Settings.parse("dash", config, Map.of())), life);
    }

    /** The one of this JVM, whose end stops it. */
    static synchronized DashSite shared() {
        if (shared == null) {
            try {
                shared = new DashSite();
            } catch (Exception e) {
                throw new IllegalStateException("the dashboard could not be started", e);
            }
        }
        return shared;
    }

    private void stop() {
        life.stop();
        uic.close();
        server.close();
    }

    /** A browser that {@code name} has signed on. */
    Browser signedOn(String name) {
        Browser browser = Browser.ofPerson();
        Browser.Page form = browser.open(url + "/app");
        Browser.Page page = browser.follow(uic.signIn(browser, form, name, PASSWORD));
        assertEquals(200, page.status(), page.body());
        return browser;
    }

    /** Sends a form as the page of it would. */
    Browser.Page form(Browser who, String path, String... namesAndValues) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("csrf", who.get(url + "/app").csrf());
        for (int i = 0; i < namesAndValues.length; i += 2) {
            form.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return who.post(url + path, form);
    }

    /** Sends a form as a script does, which wants JSON and this status. */
    String json(Browser who, String path, Map<String, String> fields, int status) {
        Map<String, String> form = new LinkedHashMap<>(fields);
        form.put("csrf", who.get(url + "/app").csrf());
        Browser.Page page = Browser.ofScript(who).post(url + path, form);
        assertEquals(status, page.status(), page.body());
        return page.body();
    }
}
