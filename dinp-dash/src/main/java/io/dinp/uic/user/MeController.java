package io.dinp.uic.user;

import static io.dinp.web.Verb.GET;
import static io.dinp.web.Verb.POST;

import io.dinp.uic.core.Account;
import io.dinp.web.Access;
import io.dinp.web.BadInput;
import io.dinp.web.Fields;
import io.dinp.web.PageController;
import io.dinp.web.Refusal;
import java.util.Map;

/** {@code /me}: what a user does with the own account. */
public final class MeController extends PageController {

    /** The profile. */
    @Access({GET, POST})
    public void index() {
        if (isPost() && done("/me", () -> users().edit(me().id(), UserValidator.profile(fields())))) {
            return;
        }
        put("account", me());
        page("uic/me/profile.html");
    }

    /** Another password; needs the present one, and ends all sessions. */
    @Access({GET, POST})
    public void password() {
        if (isPost() && done("/auth/login", this::changePassword)) {
            return;
        }
        page("uic/me/password.html");
    }

    private void changePassword() {
        Fields form = fields();
        String wanted = UserValidator.newPassword(form, "new_password");
        form.verify();
        try {
            service(LoginGate.class)
                    .enter(
                            visitor().user().name(),
                            form.verbatim("old_password"),
                            getRequest().getRemoteAddr());
        } catch (Refusal e) {
            throw new BadInput(
                    Map.of("old_password", "the present password is wrong, or there were too many attempts"));
        }
        users().setPassword(visitor().user().id(), wanted);
    }

    private Account me() {
        return users().find(visitor().user().id()).orElseThrow(Refusal::notFound);
    }

    private UserService users() {
        return service(UserService.class);
    }
}
