package io.dinp.dash.sso;

import io.dinp.common.sso.ReturnPath;
import io.dinp.common.sso.SsoClient;
import io.dinp.web.Access;
import io.dinp.web.PageController;
import io.dinp.web.Refusal;
import io.dinp.web.Verb;
import io.dinp.web.Who;

/** {@code /sso/…}: the dashboard's end of a sign-on. */
public final class SsoController extends PageController {

    /**
     * Where uic sends the browser with a ticket. The ticket is worth something only together with the sig that it was
     * made for, and that comes from this browser's own cookie, never from the link.
     */
    @Access(who = Who.ANYONE)
    public void callback() {
        String sig = getCookie(SsoClient.COOKIE, "");
        if (!service(SsoClient.class).attach(sig, get("ticket", ""))) {
            throw Refusal.forbidden(
                    "This sign-on was not started in this browser, or took too long. Please sign in again.");
        }
        seeOther(ReturnPath.safe(get("next")));
    }

    /** Ends all sessions of the user, here and elsewhere. */
    @Access(value = Verb.POST, who = Who.USER)
    public void logout() {
        service(SsoClient.class).logout(visitor().session());
        keepCookie(SsoClient.COOKIE, "", false);
        done(service(SignedOut.class).location(), () -> {});
    }
}
