package io.dinp.builder.web;

import io.dinp.common.sso.ReturnPath;
import java.util.List;

/** The return from uic after a sign-on. */
public final class SignOnController extends PageController {
    SignOnController(WebParts parts) {
        super(parts);
    }

    /** Exchanges the ticket for the session; only the browser that holds the sig's cookie can. */
    @Endpoint(open = true)
    public void callback() {
        String next = ReturnPath.safe(field("next"));
        if (parts().sso().attach(sig(), field("ticket"))) {
            redirect(next);
            return;
        }
        setAttr("next", next);
        refuse(new Refusal(
                403,
                List.of("the sign-in was not completed: its ticket is used, too old, or of another browser window")));
    }
}
