package io.dinp.uic;

import static io.dinp.web.Verb.GET;
import static io.dinp.web.Verb.POST;

import io.dinp.common.sso.ReturnPath;
import io.dinp.uic.core.Account;
import io.dinp.uic.sso.Callbacks;
import io.dinp.uic.sso.CookieIdentity;
import io.dinp.uic.sso.SessionService;
import io.dinp.uic.user.LoginGate;
import io.dinp.uic.user.UserValidator;
import io.dinp.web.Access;
import io.dinp.web.PageController;
import io.dinp.web.Refusal;
import io.dinp.web.Who;
import java.net.URI;
import java.util.Map;

/** {@code /auth/…}: signing in, out and up, for uic itself and on behalf of the services. */
public final class AuthController extends PageController {
    private static final int LONGEST = 1024;

    /** The sign-in form; whoever is signed in already goes straight on. */
    @Access(
            value = {GET, POST},
            who = Who.ANYONE)
    public void login() {
        URI callback = callback();
        if (isPost()) {
            if (done("/me", () -> enter(callback))) {
                return;
            }
        } else if (visitor().isKnown()) {
            seeOther(onward(callback, visitor().user().id()));
            return;
        }
        form(callback, "uic/auth/login.html");
    }

    /** A new account, where the configuration allows that. */
    @Access(
            value = {GET, POST},
            who = Who.ANYONE)
    public void register() {
        if (!service(UicConfig.class).canRegister()) {
            throw Refusal.notFound();
        }
        URI callback = callback();
        if (isPost() && done("/me", () -> signUp(callback))) {
            return;
        }
        form(callback, "uic/auth/register.html");
    }

    /** Ends all sessions of the user. */
    @Access(value = POST)
    public void logout() {
        service(SessionService.class).endAll(visitor().user().id());
        keepCookie(CookieIdentity.COOKIE, "", false);
        done("/auth/bye", () -> {});
    }

    /** Says that one is signed out. */
    @Access(who = Who.ANYONE)
    public void bye() {
        page("uic/auth/bye.html");
    }

    private void enter(URI callback) {
        Account account = service(LoginGate.class)
                .enter(
                        fields().text("name", 64),
                        fields().verbatim("password"),
                        getRequest().getRemoteAddr());
        welcome(callback, account.id());
    }

    private void signUp(URI callback) {
        int id = service(LoginGate.class)
                .register(UserValidator.create(fields()), getRequest().getRemoteAddr());
        welcome(callback, id);
    }

    private void welcome(URI callback, int userId) {
        keepCookie(CookieIdentity.COOKIE, service(SessionService.class).open(userId), true);
        String onward = onward(callback, userId);
        if (wantsPage()) {
            seeOther(onward);
        } else {
            ok(Map.of("next", onward));
        }
    }

    private String onward(URI callback, int userId) {
        if (callback == null) {
            String next = ReturnPath.safe(get("next"));
            return next.equals("/") ? "/me" : next;
        }
        return service(SessionService.class)
                .sign(get("sig", ""), userId)
                .map(ticket -> Callbacks.withTicket(callback, ticket))
                .orElse(Callbacks.home(callback));
    }

    private URI callback() {
        String callback = fields().text("callback", LONGEST);
        return callback.isEmpty() ? null : service(Callbacks.class).checked(callback);
    }

    private void form(URI callback, String view) {
        put("sig", get("sig", "")).put("next", get("next", ""));
        put("callback", callback == null ? "" : callback.toString());
        put("canRegister", service(UicConfig.class).canRegister());
        page(view);
    }
}
