package io.dinp.common.sso;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.dinp.common.config.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SsoClientTest {
    private static final String SIG = "0123456789abcdefghijABCDEFGHIJxy";
    private static final String ROOT =
            "{\"user\":{\"id\":7,\"name\":\"root\",\"cnname\":\"R\",\"email\":\"r@x\",\"phone\":\"\",\"role\":2}}";

    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer uic;
    private SsoClient client;

    @BeforeEach
    void start() throws IOException {
        uic = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        uic.createContext("/", exchange -> {
            String uri = exchange.getRequestURI().toString();
            asked.add(uri);
            String answer = answers.get(uri);
            byte[] body = (answer == null ? "" : answer).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer == null ? 404 : 200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        uic.start();
        URI internal = URI.create("http://127.0.0.1:" + uic.getAddress().getPort() + "/");
        client = new SsoClient(internal, URI.create("http://uic.example:8081"), new Secret("to&ken"));
    }

    @AfterEach
    void stop() {
        uic.stop(0);
    }

    @Test
    void getsASig() {
        answers.put("/sso/sig?token=to%26ken", SIG + "\n");
        assertEquals(SIG, client.newSig());
    }

    @Test
    void whatIsNoSigIsNotTaken() {
        answers.put("/sso/sig?token=to%26ken", "<html>");
        assertThrows(SsoUnavailable.class, client::newSig);
    }

    @Test
    void sendsTheBrowserToUic() {
        assertEquals(
                "http://uic.example:8081/auth/login?sig=" + SIG
                        + "&callback=http%3A%2F%2Fb%3A1%2Fsso%2Fcallback%3Fnext%3D%252F",
                client.loginUrl(SIG, "http://b:1/sso/callback?next=%2F").toString());
    }

    @Test
    void exchangesATicketOnce() {
        answers.put("/sso/attach/" + SIG + "?token=to%26ken&ticket=t%2F1", "ok");
        assertTrue(client.attach(SIG, "t/1"));
        assertFalse(client.attach(SIG, "t2"));
    }

    @Test
    void remembersAUserForAWhile() {
        answers.put("/sso/user/" + SIG + "?token=to%26ken", ROOT);
        SsoUser root = client.user(SIG).orElseThrow();
        assertEquals(new SsoUser(7, "root", "R", "r@x", 2), root);
        assertTrue(root.isAdmin() && root.isRoot());
        assertEquals(Optional.of(root), client.user(SIG));
        assertEquals(1, asked.size());
    }

    @Test
    void forgetsAUserAtSigningOut() {
        answers.put("/sso/user/" + SIG + "?token=to%26ken", ROOT);
        assertTrue(client.user(SIG).isPresent());
        answers.clear();
        client.logout(SIG);
        assertEquals(Optional.empty(), client.user(SIG));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"user\":null}",
                "{}",
                "{\"user\":{\"id\":0}}",
                "{\"user\":{\"id\":7,\"name\":\"x\",\"role\":-1}}"
            })
    void nobodyIsNobody(String answer) {
        answers.put("/sso/user/" + SIG + "?token=to%26ken", answer);
        assertEquals(Optional.empty(), client.user(SIG));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "short", "../../health?x=0123456789abcdefg", "0123456789abcdefghijABCDEFGHIJ/y"})
    void asksNothingForWhatIsNoSig(String sig) {
        assertEquals(Optional.empty(), client.user(sig));
        assertFalse(client.attach(sig, "t"));
        client.logout(sig);
        assertEquals(List.of(), asked);
    }

    @Test
    void knowsTeams() {
        answers.put("/team/mine/7?token=to%26ken", "{\"teams\":[{\"id\":1,\"name\":\"a\"},{\"id\":2,\"name\":\"b\"}]}");
        assertEquals(List.of(new SsoTeam(1, "a"), new SsoTeam(2, "b")), client.teams(7));
        assertEquals(List.of(), client.teams(8));
    }

    @Test
    void saysWhenUicIsAway() {
        uic.stop(0);
        SsoUnavailable away = assertThrows(SsoUnavailable.class, () -> client.user(SIG));
        assertTrue(away.getMessage().startsWith("uic does not answer at http://127.0.0.1:"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/app/edit/1?x=y", "/progress/7"})
    void keepsReturnPathsOfTheService(String path) {
        assertEquals(path, ReturnPath.safe(path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "//evil.org", "/\\evil.org", "http://evil.org", "/a b", "/a\r\nX: y", "javascript:x"})
    void leadsNowhereElse(String path) {
        assertEquals("/", ReturnPath.safe(path));
    }

    @Test
    void csrfTokensBelongToOneSigAndOneService() {
        CsrfTokens dash = new CsrfTokens("dash", new Secret("k"));
        String token = dash.of(SIG);
        assertTrue(new CsrfTokens("dash", new Secret("k")).matches(SIG, token));
        assertFalse(new CsrfTokens("builder", new Secret("k")).matches(SIG, token));
        assertFalse(new CsrfTokens("dash", new Secret("other")).matches(SIG, token));
        assertFalse(dash.matches("other", token));
        assertFalse(dash.matches(SIG, null));
    }
}
