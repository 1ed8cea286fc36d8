package io.dinp.uic.sso;

import io.dinp.uic.core.Account;
import io.dinp.web.Access;
import io.dinp.web.PageController;
import io.dinp.web.Refusal;
import io.dinp.web.Who;
import java.util.Map;

/** {@code /sso/…}: what services ask, each with the shared token; all is 404 without it. */
public final class SsoController extends PageController {

    /** A fresh sig, as plain text. */
    @Access(who = Who.SERVICE)
    public void sig() {
        renderText(sessions().lend());
    }

    /** Exchanges the ticket that the browser brought for the session. */
    @Access(who = Who.SERVICE, of = String.class)
    public void attach() {
        if (!sessions().attach(subject(String.class), get("ticket", ""))) {
            throw Refusal.notFound();
        }
        ok(Map.of());
    }

    /** The user signed on under a sig. */
    @Access(who = Who.SERVICE, of = String.class)
    public void user() {
        json(Map.of("user", signedOn()));
    }

    /** Ends all sessions of the user signed on under a sig. */
    @Access(who = Who.SERVICE, of = String.class)
    public void logout() {
        sessions()
                .serviceUser(subject(String.class))
                .ifPresent(user -> sessions().endAll(user.id()));
        ok(Map.of());
    }

    private Account signedOn() {
        return sessions().serviceUser(subject(String.class)).orElseThrow(Refusal::notFound);
    }

    private SessionService sessions() {
        return service(SessionService.class);
    }
}
