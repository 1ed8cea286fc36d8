package io.dinp.dash.domain;

import static io.dinp.web.Verb.GET;
import static io.dinp.web.Verb.POST;

import com.jfinal.core.ActionKey;
import io.dinp.dash.app.AppService;
import io.dinp.dash.app.AppValidator;
import io.dinp.dash.core.App;
import io.dinp.dash.core.Domain;
import io.dinp.dash.core.Viewer;
import io.dinp.dash.sso.Viewers;
import io.dinp.web.Access;
import io.dinp.web.Fields;
import io.dinp.web.PageController;
import io.dinp.web.Refusal;
import java.util.List;
import java.util.Map;

/** {@code /domain/…} and {@code /app/domain/<id>}: custom domains and what they lead to. */
public final class DomainController extends PageController {

    /** All domains of the user. */
    @Access
    public void index() {
        put("domains", domains().list(viewer()));
        page("dash/domain/list.html");
    }

    /** The domains of one app, and those that could be bound to it. */
    @Access(of = App.class)
    @ActionKey("/app/domain")
    public void ofApp() {
        App app = subject(App.class);
        put("app", app).put("tab", "domain");
        Viewer viewer = viewer();
        List<Domain> bound = domains().of(app);
        put("bound", bound).put("mine", bound.stream().filter(viewer::mayUse).toList());
        put("free", domains().list(viewer).stream().filter(d -> !d.isBound()).toList());
        page("dash/domain/of-app.html");
    }

    /** A new domain. */
    @Access({GET, POST})
    public void create() {
        if (isPost() && done("/domain", this::doCreate)) {
            return;
        }
        put("teams", viewer().teams());
        page("dash/domain/create.html");
    }

    /** The team of a domain. */
    @Access(
            value = {GET, POST},
            of = Domain.class)
    public void edit() {
        if (isPost() && done("/domain", this::doEdit)) {
            return;
        }
        put("entry", domain()).put("teams", viewer().teams());
        page("dash/domain/edit.html");
    }

    /** Binds to the app {@code app_id}. */
    @Access(
            value = {GET, POST},
            of = Domain.class)
    public void bind() {
        if (isPost() && done("/domain", this::doBind)) {
            return;
        }
        put("entry", domain()).put("apps", service(AppService.class).list(viewer()));
        page("dash/domain/bind.html");
    }

    /** Unbinds. */
    @Access(value = POST, of = Domain.class)
    public void unbind() {
        done("/domain", () -> domains().unbind(domain()));
    }

    /** Deletes. */
    @Access(value = POST, of = Domain.class)
    public void delete() {
        done("/domain", () -> domains().delete(domain()));
    }

    private void doCreate() {
        Fields form = fields();
        Viewer viewer = viewer();
        String name = service(DomainValidator.class).create(form);
        int team = AppValidator.team(form, viewer, null);
        form.verify();
        int id = domains().create(name, team, viewer, visitor().user().name());
        if (!wantsPage()) {
            ok(Map.of("id", id));
        }
    }

    private void doEdit() {
        Fields form = fields();
        Viewer viewer = viewer();
        int team = AppValidator.team(form, viewer, domain());
        form.verify();
        domains().edit(domain(), team, viewer);
    }

    private void doBind() {
        Fields form = fields();
        int appId = form.integer("app_id", 0, 1, Integer.MAX_VALUE);
        form.verify();
        Viewer viewer = viewer();
        App app = service(AppService.class).find(appId).filter(viewer::mayUse).orElseThrow(Refusal::notFound);
        domains().bind(domain(), app, viewer.id());
    }

    private Domain domain() {
        return subject(Domain.class);
    }

    private Viewer viewer() {
        return service(Viewers.class).of(visitor());
    }

    private DomainService domains() {
        return service(DomainService.class);
    }
}
