package io.dinp.builder.web;

import io.dinp.common.metrics.Metrics;

/** What is not a page of builds: health, metrics, signing out. */
public final class ServiceController extends PageController {
    private static final String BEARER = "Bearer ";

    ServiceController(WebParts parts) {
        super(parts);
    }

    /** {@code ok}, or 503 with the reasons. */
    @Endpoint(open = true)
    public void health() {
        boolean ready = parts().ready().getAsBoolean();
        getResponse().setStatus(ready && parts().health().isOk() ? 200 : 503);
        renderText(ready || !parts().health().isOk() ? parts().health().text() : "mysql: not reached yet");
    }

    /** Metrics for Prometheus, to the bearer of {@code token} when there is one. */
    @Endpoint(open = true)
    public void metrics() {
        String authorization = getRequest().getHeader("Authorization");
        String given = authorization != null && authorization.startsWith(BEARER)
                ? authorization.substring(BEARER.length())
                : "";
        if (!parts().config().token().isEmpty() && !parts().config().token().matches(given)) {
            throw new Refusal(401, "send the header 'Authorization: Bearer <token>'");
        }
        renderText(Metrics.text(), "text/plain; version=0.0.4; charset=utf-8");
    }

    /** Asks, and by POST ends all sessions of the user, as the contract has it. */
    @Endpoint(methods = {"GET", "POST"})
    public void logout() {
        if (getRequest().getMethod().equals("POST")) {
            parts().sso().logout(sig());
            setSig("");
            setAttr("signedOut", true); // no redirect: it would end at uic, which form-action forbids
            page("logout.html");
        } else {
            page("logout.html");
        }
    }
}
