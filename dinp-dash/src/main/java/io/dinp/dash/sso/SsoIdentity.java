package io.dinp.dash.sso;

import io.dinp.common.sso.ReturnPath;
import io.dinp.common.sso.SsoClient;
import io.dinp.web.Identity;
import io.dinp.web.PageController;
import io.dinp.web.Verb;
import io.dinp.web.Visitor;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Visitors are known by uic: the cookie {@value SsoClient#COOKIE} names a session there. */
public final class SsoIdentity implements Identity {
    private final SsoClient uic;
    private final URI external;

    /**
     * An identity.
     *
     * @param external where browsers reach the dashboard, the origin of the callback
     */
    public SsoIdentity(SsoClient uic, URI external) {
        this.uic = uic;
        this.external = external;
    }

    /** For a change uic is asked anew, so that whoever is blocked or signed out changes nothing from then on. */
    @Override
    public Visitor visitor(PageController request) {
        String sig = request.getCookie(SsoClient.COOKIE, "");
        return new Visitor(sig, (request.isPost() ? uic.userNow(sig) : uic.user(sig)).orElse(null));
    }

    /**
     * Sends a browser to uic with a fresh sig. A sig that somebody else may have planted is never sent on: it would be
     * signed on for its planter as well. A page that only looks at itself again gets no new one, which would undo a
     * sign-on that is under way in another window.
     */
    @Override
    public void signIn(PageController request) {
        if (!request.wantsPage() || request.isPart()) {
            request.refuseStranger();
            return;
        }
        String sig = uic.newSig();
        request.keepCookie(SsoClient.COOKIE, sig, true);
        String next = request.verb() == Verb.GET ? pathOf(request) : "/";
        String callback = external.resolve("/sso/callback?next=" + URLEncoder.encode(next, StandardCharsets.UTF_8))
                .toString();
        request.seeOther(uic.loginUrl(sig, callback).toString());
    }

    private static String pathOf(PageController request) {
        String query = request.getRequest().getQueryString();
        return ReturnPath.safe(request.getRequest().getRequestURI() + (query == null ? "" : "?" + query));
    }
}
