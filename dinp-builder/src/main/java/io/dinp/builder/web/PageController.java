package io.dinp.builder.web;

import com.jfinal.core.Controller;
import io.dinp.common.json.Json;
import io.dinp.common.sso.SsoClient;
import io.dinp.common.sso.SsoUser;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.servlet.ServletException;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.Part;

/** What the builder's controllers share: who asks, and how pages and errors are answered. */
abstract class PageController extends Controller {
    static final String MULTIPART = "multipart/form-data";

    private static final String USER = "user";
    private static final int LONGEST_FIELD = 16 << 10;

    private final WebParts parts;

    PageController(WebParts parts) {
        this.parts = parts;
    }

    WebParts parts() {
        return parts;
    }

    void user(SsoUser user) {
        setAttr(USER, user);
        setAttr("csrf", parts.csrf().of(sig()));
    }

    SsoUser user() {
        return getAttr(USER);
    }

    /** The session that the browser claims; not to be believed before uic has told its user. */
    String sig() {
        return getCookie(SsoClient.COOKIE, "");
    }

    /** Whether the answer is for a person in a browser; scripts get {@code {"msg":…}}. */
    boolean wantsPage() {
        String accept = getRequest().getHeader("Accept");
        return accept != null && accept.toLowerCase(Locale.ROOT).contains("text/html");
    }

    void page(String name) {
        getResponse().setHeader("Cache-Control", "no-store");
        render(name);
    }

    void json(Object answer) {
        getResponse().setHeader("Cache-Control", "no-store");
        renderText(Json.write(answer), "application/json; charset=utf-8");
    }

    void refuse(Refusal refusal) {
        refuse(refusal, "message.html");
    }

    /** Answers a refusal, to a browser by {@code page}, which finds the texts in {@code messages}. */
    void refuse(Refusal refusal, String page) {
        getResponse().setStatus(refusal.status());
        if (wantsPage()) {
            setAttr("status", refusal.status());
            setAttr("messages", refusal.messages());
            page(page);
        } else {
            json(Map.of("msg", refusal.getMessage()));
        }
    }

    /** Where the browser reached the builder, without a slash at the end. */
    String origin() {
        String configured = parts.config().external();
        return configured.isEmpty() ? "http://" + getRequest().getHeader("Host") : configured;
    }

    /** The path asked for, with its query. */
    static String pathOf(HttpServletRequest request) {
        String query = request.getQueryString();
        return request.getRequestURI() + (query == null ? "" : "?" + query);
    }

    /** Sets the session cookie; an empty sig removes it. */
    void setSig(String sig) {
        String secure = parts.config().external().startsWith("https:") ? "; Secure" : "";
        String age = sig.isEmpty() ? "; Max-Age=0" : "";
        getResponse()
                .addHeader(
                        "Set-Cookie", SsoClient.COOKIE + "=" + sig + "; Path=/; HttpOnly; SameSite=Lax" + secure + age);
    }

    /** A form field, the first value when it came more than once; empty when it did not come. */
    String field(String name) {
        if (isMultipart()
                && part(name).filter(part -> part.getSize() > LONGEST_FIELD).isPresent()) {
            throw new Refusal(413, name + ": is longer than " + LONGEST_FIELD + " bytes");
        }
        String value = getRequest().getParameter(name);
        return value == null ? "" : value;
    }

    /** Whether the form may carry a file. */
    boolean isMultipart() {
        String type = getRequest().getContentType();
        return type != null && type.toLowerCase(Locale.ROOT).startsWith(MULTIPART);
    }

    /** A part of a form that {@link #isMultipart}, its content not yet in memory. */
    Optional<Part> part(String name) {
        try {
            return Optional.ofNullable(getRequest().getPart(name));
        } catch (IOException | ServletException e) {
            throw new IllegalStateException("the form cannot be read", e);
        }
    }
}
