package io.dinp.uic.team;

import static io.dinp.web.Verb.GET;
import static io.dinp.web.Verb.POST;

import com.jfinal.core.ActionKey;
import io.dinp.uic.core.Team;
import io.dinp.uic.user.UserValidator;
import io.dinp.web.Access;
import io.dinp.web.Fields;
import io.dinp.web.PageController;
import io.dinp.web.Refusal;
import io.dinp.web.Who;
import java.util.List;
import java.util.Map;

/** {@code /team/…}: teams, and what services ask about membership. */
public final class TeamController extends PageController {
    private static final int LONGEST_RESUME = 255;
    private static final int LONGEST_MEMBERS = 10_000;
    private static final int LONGEST_ID = 9;

    /** The teams that the user is in or runs; administrators see all. */
    @Access
    public void index() {
        int id = visitor().user().id();
        put("teams", visitor().user().isAdmin() ? teams().all() : teams().visibleTo(id));
        page("uic/team/list.html");
    }

    /** A new team. */
    @Access({GET, POST})
    public void create() {
        if (isPost() && done("/team", this::doCreate)) {
            return;
        }
        page("uic/team/create.html");
    }

    /** Purpose and members, for whoever runs the team. */
    @Access(
            value = {GET, POST},
            of = Team.class)
    public void edit() {
        Team team = subject(Team.class);
        if (isPost() && done("/team", () -> doEdit(team))) {
            return;
        }
        put("team", team);
        page("uic/team/edit.html");
    }

    /** For services: the teams of a user by id. */
    @Access(who = Who.SERVICE, of = String.class)
    public void mine() {
        String id = subject(String.class);
        if (id.length() > LONGEST_ID || !id.chars().allMatch(Character::isDigit)) {
            throw Refusal.notFound();
        }
        answer(teams().of(Integer.parseInt(id)));
    }

    /** For services: the members of the team {@code name}. */
    @Access(who = Who.SERVICE)
    public void users() {
        json(Map.of("users", teams().members(get("name", ""))));
    }

    /** For services: teams found by {@code query}. */
    @Access(who = Who.SERVICE)
    public void query() {
        answer(teams().search(get("query", "")));
    }

    /** For services: whether the user {@code name} is in any of {@code teams}, as the text 1 or 0. */
    @Access(who = Who.SERVICE)
    @ActionKey("/user/in")
    public void userIn() {
        renderText(teams().isIn(get("name", ""), get("teams", "")) ? "1" : "0");
    }

    private void doCreate() {
        Fields form = fields();
        String name = UserValidator.name(form, "name");
        String resume = form.text("resume", LONGEST_RESUME);
        String members = form.text("members", LONGEST_MEMBERS);
        form.verify();
        int id = teams().create(name, resume, members, visitor().user().id());
        if (!wantsPage()) {
            ok(Map.of("id", id));
        }
    }

    private void doEdit(Team team) {
        Fields form = fields();
        String resume = form.text("resume", LONGEST_RESUME);
        String members = form.text("members", LONGEST_MEMBERS);
        form.verify();
        teams().edit(team, resume, members);
    }

    private void answer(List<Team> teams) {
        json(Map.of("teams", teams));
    }

    private TeamService teams() {
        return service(TeamService.class);
    }
}
