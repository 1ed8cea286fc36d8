package io.dinp.web;

import com.jfinal.aop.Interceptor;
import com.jfinal.aop.Invocation;
import io.dinp.common.config.Secret;
import io.dinp.common.sso.CsrfTokens;
import io.dinp.common.sso.SsoUnavailable;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one gate before every action. In this order: method (405), form (413), path (404), who (sign-in, 404), CSRF token of a change
 * (403), the object and the right to it (404). It also turns what an action throws into an answer without a stack trace.
 */
public final class Guard implements Interceptor {
    private static final Logger LOG = LoggerFactory.getLogger(Guard.class);
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int TOO_LARGE = 413;
    private static final int FAULT = 500;
    private static final int UNAVAILABLE = 503;
    private static final String FAULT_MESSAGE = "Something went wrong here. The log of this daemon has the details.";
    private static final int LONGEST_ID = 9;

    private final Identity identity;
    private final CsrfTokens csrf;
    private final Secret serviceToken;
    private final Map<Class<?>, ObjectLookup> lookups;

    /**
     * A gate with the rules of one daemon.
     *
     * @param serviceToken what {@link Who#SERVICE} must bring; when empty nobody can
     * @param lookups for each kind named by {@link Access#of}, how to find it
     */
    public Guard(Identity identity, CsrfTokens csrf, Secret serviceToken, Map<Class<?>, ObjectLookup> lookups) {
        this.identity = identity;
        this.csrf = csrf;
        this.serviceToken = serviceToken;
        this.lookups = Map.copyOf(lookups);
    }

    @Override
    public void intercept(Invocation call) {
        PageController request = (PageController) call.getController();
        try {
            if (admit(request, accessOf(call.getMethod()))) {
                call.invoke();
            }
        } catch (Refusal e) {
            request.refuse(e.status(), e.getMessage());
        } catch (SsoUnavailable e) {
            LOG.warn("{} failed: sign-on is away: {}", call.getActionKey(), e.getMessage());
            request.refuse(UNAVAILABLE, "Sign-on is away. Nothing was changed; try again soon.");
        } catch (DatabaseFault e) {
            fail(call, request, e);
        } catch (RuntimeException e) {
            LOG.error("{} failed", call.getActionKey(), e);
            request.refuse(FAULT, FAULT_MESSAGE);
        }
    }

    /** The demands of an action, never null: {@link Site} refuses to start with an action that has none. */
    public static Access accessOf(Method action) {
        Access access = action.getAnnotation(Access.class);
        if (access == null) {
            throw new IllegalStateException(action + " lacks @Access");
        }
        return access;
    }

    private boolean admit(PageController request, Access access) {
        checkMethod(request, access);
        readForm(request);
        String id = idOf(request, access);
        Visitor visitor = access.who() == Who.SERVICE ? service(request) : identity.visitor(request);
        request.visitedBy(visitor, csrf.of(visitor.session()));
        if (needsUser(access.who()) && !visitor.isKnown()) {
            identity.signIn(request);
            return false;
        }
        if (access.who() == Who.ADMIN && !visitor.user().isAdmin()) {
            throw Refusal.notFound();
        }
        if (request.verb() == Verb.POST && access.who() != Who.SERVICE) {
            checkCsrf(request, visitor);
        }
        if (access.of() != Void.class) {
            request.worksOn(find(access.of(), id, visitor));
        }
        return true;
    }

    private static void checkMethod(PageController request, Access access) {
        if (!Arrays.asList(access.value()).contains(request.verb())) {
            throw new Refusal(METHOD_NOT_ALLOWED, "this path answers " + Arrays.toString(access.value()) + " only");
        }
    }

    /** Reads all parameters, so that whatever fails in that is the request's fault and needs no person. */
    private static void readForm(PageController request) {
        try {
            request.getParaMap();
        } catch (RuntimeException e) {
            LOG.debug("a form was not read", e);
            throw new Refusal(TOO_LARGE, "The form cannot be read: at most 1 MB and 1000 fields are taken.");
        }
    }

    private static String idOf(PageController request, Access access) {
        boolean inPath = access.of() != Void.class && access.by().isEmpty();
        String para = request.getPara();
        if (inPath == (para == null || para.isEmpty())) {
            throw Refusal.notFound();
        }
        return inPath ? para : access.by().isEmpty() ? "" : request.get(access.by(), "");
    }

    private Visitor service(PageController request) {
        if (serviceToken.isEmpty() || !serviceToken.matches(request.get("token", ""))) {
            throw Refusal.notFound();
        }
        return new Visitor("", null);
    }

    private static boolean needsUser(Who who) {
        return who == Who.USER || who == Who.ADMIN;
    }

    private void checkCsrf(PageController request, Visitor visitor) {
        String sent = request.getHeader(CsrfTokens.HEADER);
        String token = sent == null ? request.get(CsrfTokens.FIELD) : sent;
        if (visitor.session().isEmpty() || !csrf.matches(visitor.session(), token)) {
            throw Refusal.forbidden("This form is too old or came from elsewhere. Open the page again and repeat.");
        }
    }

    private Object find(Class<?> kind, String id, Visitor visitor) {
        if (kind == String.class) {
            return id;
        }
        return numberOf(id)
                .flatMap(number -> lookups.get(kind).find(number, visitor))
                .orElseThrow(Refusal::notFound);
    }

    /** A row's id as it came with a request, empty when it is none. */
    public static Optional<Integer> numberOf(String id) {
        boolean number =
                !id.isEmpty() && id.length() <= LONGEST_ID && id.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? Optional.of(Integer.parseInt(id)) : Optional.empty();
    }

    private static void fail(Invocation call, PageController request, DatabaseFault e) {
        if (e.isAway()) {
            LOG.warn("{} failed: MySQL is away: {}", call.getActionKey(), e.getMessage());
            request.refuse(UNAVAILABLE, "The database is away. Nothing was changed; try again soon.");
        } else {
            LOG.error("{} failed", call.getActionKey(), e);
            request.refuse(FAULT, FAULT_MESSAGE);
        }
    }
}
