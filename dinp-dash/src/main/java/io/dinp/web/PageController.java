package io.dinp.web;

import com.jfinal.core.Controller;
import com.jfinal.core.NotAction;
import io.dinp.common.json.Json;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What all controllers share. Each page answers in two ways: browsers ({@code Accept: text/html}) get pages, and after a
 * change a redirect; all others get JSON, {@code {"msg":""}} when all is well.
 */
public abstract class PageController extends Controller {
    private static final int SEE_OTHER = 303;
    private static final int UNAUTHORIZED = 401;

    private final Map<String, Object> model = new HashMap<>();
    private Visitor visitor = new Visitor("", null);
    private Object subject;

    /** The templates of this daemon, which the site hands to every controller through the servlet context. */
    private Pages pages() {
        return (Pages) getRequest().getServletContext().getAttribute(Pages.class.getName());
    }

    /** The daemon's one service of a class. */
    @NotAction
    public <T> T service(Class<T> type) {
        return type.cast(getRequest().getServletContext().getAttribute(type.getName()));
    }

    /** The request's method; one that nobody uses counts as neither, so null. */
    @NotAction
    public Verb verb() {
        return switch (getRequest().getMethod()) {
            case "GET", "HEAD" -> Verb.GET;
            case "POST" -> Verb.POST;
            default -> null;
        };
    }

    @NotAction
    public boolean isPost() {
        return verb() == Verb.POST;
    }

    /** Whether a person's browser asks, to be answered by a page. */
    @NotAction
    public boolean wantsPage() {
        String accept = getHeader("Accept");
        return accept != null && accept.contains("text/html");
    }

    /** Whether an open page looks at a part of itself again, by itself. */
    @NotAction
    public boolean isPart() {
        return get("part") != null;
    }

    @NotAction
    public Visitor visitor() {
        return visitor;
    }

    /** The form as sent. */
    @NotAction
    public Fields fields() {
        return new Fields(this::get);
    }

    /** The object that the guard found for this request. */
    @NotAction
    public <T> T subject(Class<T> kind) {
        return kind.cast(subject);
    }

    /** Puts a value into the page. */
    @NotAction
    public PageController put(String name, Object value) {
        model.put(name, value);
        return this;
    }

    /** Answers with a page. */
    @NotAction
    public void page(String view) {
        page(view, 200);
    }

    /** Answers with JSON and {@code "msg":""}; {@code more} is added. */
    @NotAction
    public void ok(Map<String, ?> more) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("msg", "");
        body.putAll(more);
        json(body);
    }

    /** Answers 200 with any JSON. */
    @NotAction
    public void json(Object body) {
        renderText(Json.write(body), "application/json; charset=UTF-8");
    }

    /**
     * Runs a change and answers, unless the change did so itself: a redirect to {@code next} for browsers, JSON for
     * others. When a browser's change is refused the caller shows its form again; message and fields are then in the page already.
     *
     * @return whether the request is answered
     */
    @NotAction
    public boolean done(String next, Runnable change) {
        try {
            change.run();
        } catch (Refusal e) {
            if (!wantsPage() || e.status() == Refusal.notFound().status()) {
                throw e;
            }
            model.put("error", e.getMessage());
            model.put("errors", e instanceof BadInput bad ? bad.errors() : Map.of());
            keepForm();
            getResponse().setStatus(e.status());
            return false;
        }
        if (getRender() != null) {
            return true;
        }
        if (wantsPage()) {
            seeOther(next);
        } else {
            ok(Map.of());
        }
        return true;
    }

    /** Has the page show its form as it was sent. */
    @NotAction
    public void keepForm() {
        model.put("form", formAsSent());
    }

    /**
     * Sends the browser elsewhere by GET.
     *
     * @param location ASCII without spaces: of others Undertow writes the low byte only, so they would arrive as another
     *     address
     */
    @NotAction
    public void seeOther(String location) {
        if (!location.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException("no address: " + location);
        }
        getResponse().setStatus(SEE_OTHER);
        getResponse().setHeader("Location", location);
        renderNull();
    }

    /**
     * Sets a session cookie that scripts cannot read and other sites' forms do not carry, and that never leaves TLS when
     * the proxy in front says, by {@code X-Forwarded-Proto}, that the browser came by it.
     *
     * @param keep false removes it
     */
    @NotAction
    public void keepCookie(String name, String value, boolean keep) {
        boolean tls = getRequest().isSecure() || "https".equals(getHeader("X-Forwarded-Proto"));
        String end = (tls ? "; Secure" : "") + (keep ? "" : "; Max-Age=0");
        getResponse().addHeader("Set-Cookie", name + "=" + value + "; Path=/; HttpOnly; SameSite=Lax" + end);
    }

    /** Answers that the request is not served, as a page or as JSON. */
    @NotAction
    public void refuse(int status, String message) {
        getResponse().setStatus(status);
        if (wantsPage()) {
            page("shared/refused.html", status, message);
        } else {
            json(Map.of("msg", message));
        }
    }

    /** Answers a script that nobody is signed in; browsers are sent to sign in instead. */
    @NotAction
    public void refuseStranger() {
        refuse(UNAUTHORIZED, "sign in first");
    }

    final void visitedBy(Visitor who, String csrfToken) {
        visitor = who;
        model.put("csrf", csrfToken);
        if (who.isKnown()) {
            model.put("me", who.user());
        }
    }

    final void worksOn(Object found) {
        subject = found;
    }

    private void page(String view, int status, String message) {
        model.put("status", status);
        model.put("message", message);
        page(view, status);
    }

    private void page(String view, int status) {
        if (status != 200) {
            getResponse().setStatus(status);
        }
        model.putIfAbsent("form", Map.of());
        model.putIfAbsent("errors", Map.of());
        renderHtml(pages().render(view, model));
    }

    private Map<String, String> formAsSent() {
        Map<String, String> sent = new HashMap<>();
        getParaMap().forEach((name, values) -> {
            if (!name.endsWith("password")) {
                sent.put(name, values[0]);
            }
        });
        return sent;
    }
}
