package io.dinp.dash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.web.Browser;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Signing on to the dashboard and out again, against a real uic: only ever the browser that began it. */
class DashSignOnIT {
    private final DashSite site = DashSite.shared();

    /** The stranger's own sig in a link that a signed-in user follows. */
    @Test
    void aStrangersLinkSignsNobodyOn() {
        Browser stranger = Browser.ofPerson();
        Browser.Page toSignIn = stranger.get(site.url + "/app");
        String sig = stranger.cookie("sig");

        Browser victim = site.signedOn("ann");
        String victims = victim.cookie("sig");
        Browser.Page back = victim.get(toSignIn.location());
        assertTrue(back.location().startsWith(site.url + "/sso/callback"), back.location());
        assertEquals(403, victim.get(back.location()).status(), "the ticket is for another browser's sig");

        assertNotEquals(victims, sig);
        assertEquals(303, stranger.get(site.url + "/app").status(), "the stranger is not signed on");
        assertEquals("0", site.database.ask("select count(*) from session where sig = ? and attached = 1", sig));
        assertEquals(200, victim.get(site.url + "/app").status(), "the victim's own session is untouched");
    }

    /** A cookie that somebody has put into the browser beforehand. */
    @Test
    void aPlantedSigIsNeverSignedOn() {
        Browser browser = Browser.ofPerson();
        browser.get(site.url + "/app");
        String planted = browser.cookie("sig");
        Browser.Page form = browser.open(site.url + "/app");
        assertNotEquals(planted, browser.cookie("sig"));
        browser.follow(site.uic.signIn(browser, form, "ann", DashSite.PASSWORD));
        assertEquals("0", site.database.ask("select count(*) from session where sig = ? and uid > 0", planted));
    }

    /** Else each look of a forgotten window would undo the sign-on that its user is at in another one. */
    @Test
    void aPartOfAPageStartsNoSignOn() {
        Browser browser = Browser.ofPerson();
        Browser.Page part = browser.get(site.url + "/app?part=1");
        assertEquals(401, part.status());
        assertEquals(List.of(), part.cookies());
    }

    @Test
    void whoeverIsBlockedChangesNothingFromThatMoment() {
        Browser carl = site.signedOn("bob");
        String csrf = carl.get(site.url + "/app").csrf();
        site.database.run("delete from session where sig = ?", carl.cookie("sig"));
        Browser.Page page =
                Browser.ofScript(carl).post(site.url + "/app/create", Map.of("csrf", csrf, "name", "too-late"));
        assertEquals(401, page.status(), page.body());
    }

    @Test
    void aTicketIsGoodOnce() {
        Browser browser = Browser.ofPerson();
        Browser.Page form = browser.open(site.url + "/app/create");
        Browser.Page back = site.uic.signIn(browser, form, "ann", DashSite.PASSWORD);
        Browser.Page first = browser.get(back.location());
        assertEquals("/app/create", first.location());
        assertEquals(403, browser.get(back.location()).status());
        assertEquals(200, browser.get(site.url + "/app/create").status());
    }

    @Test
    void signingOutEndsTheSession() {
        Browser browser = site.signedOn("bob");
        String sig = browser.cookie("sig");
        Browser other = site.signedOn("bob");
        Browser.Page bye = browser.post(
                site.url + "/sso/logout",
                Map.of("csrf", browser.get(site.url + "/app").csrf()));
        assertEquals(site.uic.url + "/auth/bye", bye.location());
        assertEquals(
                "0", site.database.ask("select count(*) from session where sig in (?, ?)", sig, other.cookie("sig")));
    }
}
