package io.dinp.uic.user;

import static io.dinp.web.Verb.GET;
import static io.dinp.web.Verb.POST;

import io.dinp.uic.core.Account;
import io.dinp.web.Access;
import io.dinp.web.Fields;
import io.dinp.web.PageController;
import io.dinp.web.Refusal;
import io.dinp.web.Who;
import java.util.Map;

/** {@code /user/…}: accounts, for administrators, and what services and pages look up about users. */
public final class UserController extends PageController {

    /** All users, or those found by {@code query}. */
    @Access(who = Who.ADMIN)
    public void index() {
        String query = get("query", "");
        put("accounts", users().list(query)).put("query", query).put("most", UserService.MOST_LISTED);
        page("uic/user/list.html");
    }

    /** A new user. */
    @Access(
            value = {GET, POST},
            who = Who.ADMIN)
    public void create() {
        if (isPost() && done("/user", this::doCreate)) {
            return;
        }
        page("uic/user/create.html");
    }

    /** Role and, when given, a new password. */
    @Access(
            value = {GET, POST},
            who = Who.ADMIN,
            of = Account.class)
    public void edit() {
        if (isPost() && done("/user", this::doEdit)) {
            return;
        }
        put("account", subject(Account.class)).put("actor", actor());
        page("uic/user/edit.html");
    }

    /** Users found by {@code query}. */
    @Access
    public void query() {
        json(Map.of("users", users().search(get("query", ""))));
    }

    private void doCreate() {
        Fields form = fields();
        UserValidator.NewUser user = UserValidator.create(form);
        int id = users().create(user, Account.NORMAL, visitor().user().id());
        if (!wantsPage()) {
            ok(Map.of("id", id));
        }
    }

    private void doEdit() {
        Account actor = actor();
        Account user = subject(Account.class);
        Fields form = fields();
        int role = form.integer("role", user.role(), Account.BLOCKED, Account.ROOT);
        String password = form.verbatim("new_password");
        if (!password.isEmpty()) {
            UserValidator.newPassword(form, "new_password");
        }
        form.verify();
        users().setRole(user, role, actor);
        if (!password.isEmpty()) {
            users().setPassword(user.id(), password);
        }
    }

    private Account actor() {
        return users().find(visitor().user().id()).orElseThrow(Refusal::notFound);
    }

    private UserService users() {
        return service(UserService.class);
    }
}
