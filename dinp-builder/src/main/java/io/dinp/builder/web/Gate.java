package io.dinp.builder.web;

import com.jfinal.aop.Interceptor;
import com.jfinal.aop.Invocation;
import io.dinp.common.sso.CsrfTokens;
import io.dinp.common.sso.SsoClient;
import io.dinp.common.sso.SsoUnavailable;
import io.dinp.common.sso.SsoUser;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import javax.servlet.http.HttpServletRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before every action: method, path, sign-on and CSRF token are checked here and nowhere else, and whatever an
 * action throws becomes a page that tells no more than it should.
 */
final class Gate implements Interceptor {
    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);

    @Override
    public void intercept(Invocation invocation) {
        PageController page = (PageController) invocation.getController();
        try {
            if (mayPass(invocation.getMethod().getAnnotation(Endpoint.class), page)) {
                invocation.invoke();
            }
        } catch (Refusal refusal) {
            page.refuse(refusal);
        } catch (SsoUnavailable e) {
            LOG.warn("sign-on is away", e);
            page.refuse(new Refusal(503, "the sign-on service does not answer, try again in a moment"));
        } catch (RuntimeException e) {
            page.refuse(refusalFor(e, page));
        }
    }

    /** Whether the action is to be invoked; false when the answer is given already. */
    private static boolean mayPass(Endpoint endpoint, PageController page) {
        HttpServletRequest request = page.getRequest();
        String method = request.getMethod().equals("HEAD") ? "GET" : request.getMethod();
        if (endpoint == null || endpoint.withPart() == (page.getPara() == null)) {
            throw Refusal.notFound();
        }
        if (!Arrays.asList(endpoint.methods()).contains(method)) {
            page.getResponse().setHeader("Allow", String.join(", ", endpoint.methods()));
            throw new Refusal(405, "this address does not take " + request.getMethod());
        }
        if (endpoint.open()) {
            return true;
        }
        if (!page.parts().ready().getAsBoolean()) {
            throw new Refusal(503, "the builder waits for its database, try again in a moment");
        }
        return mayPassAsUser(page, method);
    }

    private static boolean mayPassAsUser(PageController page, String method) {
        SsoClient sso = page.parts().sso();
        Optional<SsoUser> user = method.equals("GET") ? sso.user(page.sig()) : sso.userNow(page.sig());
        if (user.isEmpty()) {
            if (!method.equals("GET") || !page.wantsPage()) {
                throw new Refusal(401, "sign in first");
            }
            signIn(page);
            return false;
        }
        if (!method.equals("GET")) {
            checkSameOrigin(page);
            checkToken(page);
        }
        page.user(user.get());
        return true;
    }

    /** Always a fresh sig: one that the browser already had may have been put there by somebody who knows it. */
    private static void signIn(PageController page) {
        SsoClient sso = page.parts().sso();
        String sig = sso.newSig();
        page.setSig(sig);
        String next = URLEncoder.encode(PageController.pathOf(page.getRequest()), StandardCharsets.UTF_8);
        page.redirect(
                sso.loginUrl(sig, page.origin() + "/sso/callback?next=" + next).toString());
    }

    /** Refuses another site's form before its body is read; a request without the header still needs the token. */
    private static void checkSameOrigin(PageController page) {
        String origin = page.getRequest().getHeader("Origin");
        if (origin != null && !origin.equals(page.origin()) && !sameHost(origin, page.getRequest())) {
            throw new Refusal(403, "this form was sent from another site");
        }
    }

    private static boolean sameHost(String origin, HttpServletRequest request) {
        try {
            return URI.create(origin).getRawAuthority() != null
                    && URI.create(origin).getRawAuthority().equalsIgnoreCase(request.getHeader("Host"));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static void checkToken(PageController page) {
        String header = page.getRequest().getHeader(CsrfTokens.HEADER);
        String token = header == null ? page.field(CsrfTokens.FIELD) : header;
        if (!page.parts().csrf().matches(page.sig(), token)) {
            throw new Refusal(403, CsrfTokens.FIELD + ": the token of the form is missing or old, open the form again");
        }
    }

    private static Refusal refusalFor(RuntimeException e, PageController page) {
        Throwable cause = e;
        while (cause.getCause() != null && !(cause instanceof Refusal) && !(cause instanceof SQLException)) {
            cause = cause.getCause();
        }
        if (cause instanceof Refusal refusal) {
            return refusal;
        }
        if (cause instanceof SQLException) {
            LOG.warn("database is away path={}", page.getRequest().getRequestURI(), cause);
            return new Refusal(503, "the builder's database does not answer, try again in a moment");
        }
        if (cause.getClass().getSimpleName().contains("TooBig")
                || cause.getClass().getSimpleName().contains("TooLarge")) {
            return new Refusal(413, "file: is larger than the limit, leave out what the app does not need");
        }
        LOG.error("request failed path={}", page.getRequest().getRequestURI(), e);
        return new Refusal(500, "something went wrong in the builder, its log tells more");
    }
}
