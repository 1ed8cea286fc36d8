package io.dinp.uic.sso;

import io.dinp.common.sso.ReturnPath;
import io.dinp.common.sso.SsoUser;
import io.dinp.uic.core.Account;
import io.dinp.web.Identity;
import io.dinp.web.PageController;
import io.dinp.web.Verb;
import io.dinp.web.Visitor;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Visitors of uic's own pages. A stranger gets a cookie too, so that the sign-in form has a CSRF token; signing in
 * always gives a new one.
 */
public final class CookieIdentity implements Identity {
    /** Differs from the services' {@code sig}, since cookies know no ports. */
    public static final String COOKIE = "dinp_uic";

    private static final Pattern SESSION = Pattern.compile("[0-9a-f]{32}");

    private final SessionService sessions;

    public CookieIdentity(SessionService sessions) {
        this.sessions = sessions;
    }

    @Override
    public Visitor visitor(PageController request) {
        String session = request.getCookie(COOKIE, "");
        if (SESSION.matcher(session).matches()) {
            return new Visitor(
                    session,
                    sessions.ownUser(session).map(CookieIdentity::ssoUser).orElse(null));
        }
        if (request.verb() == Verb.GET && request.wantsPage()) {
            String fresh = sessions.secret();
            request.keepCookie(COOKIE, fresh, true);
            return new Visitor(fresh, null);
        }
        return new Visitor("", null);
    }

    @Override
    public void signIn(PageController request) {
        if (!request.wantsPage()) {
            request.refuseStranger();
            return;
        }
        String path = request.verb() == Verb.GET ? request.getRequest().getRequestURI() : "/";
        request.seeOther("/auth/login?next=" + URLEncoder.encode(ReturnPath.safe(path), StandardCharsets.UTF_8));
    }

    private static SsoUser ssoUser(Account account) {
        return new SsoUser(account.id(), account.name(), account.cnname(), account.email(), account.role());
    }
}
