package io.dinp.dash.app;

import static io.dinp.web.Verb.GET;
import static io.dinp.web.Verb.POST;

import io.dinp.dash.core.App;
import io.dinp.dash.core.Deployed;
import io.dinp.dash.core.Deployment;
import io.dinp.dash.core.Forecast;
import io.dinp.dash.core.NewApp;
import io.dinp.dash.core.RolloutWish;
import io.dinp.dash.core.Viewer;
import io.dinp.dash.env.EnvService;
import io.dinp.dash.history.HistoryService;
import io.dinp.dash.node.Told;
import io.dinp.dash.node.WhatIf;
import io.dinp.dash.sso.Viewers;
import io.dinp.web.Access;
import io.dinp.web.Guard;
import io.dinp.web.PageController;
import io.dinp.web.Refusal;
import java.util.Map;

/** {@code /app/…}: the pages of apps, each a form that posts to its own path. */
public final class AppController extends PageController {

    /** The user's apps, or those whose names contain {@code query}. */
    @Access
    public void index() {
        String query = get("query", "");
        put("apps", apps().search(viewer(), query)).put("query", query).put("most", AppService.MOST_LISTED);
        page(isPart() ? "dash/app/list-rows.html" : "dash/app/list.html");
    }

    /** A new app. */
    @Access({GET, POST})
    public void create() {
        if (isPost() && done("/app", this::doCreate)) {
            return;
        }
        put("teams", viewer().teams()).put("image", get("image", ""));
        page("dash/app/create.html");
    }

    /** Team, health path, and how deploys are rolled. */
    @Access(
            value = {GET, POST},
            of = App.class)
    public void edit() {
        Viewer viewer = viewer();
        RolloutWish present = apps().rolloutWish(app());
        if (isPost()
                && done(
                        overview(),
                        () -> apps().edit(app(), validator().edit(fields(), app(), present, viewer), viewer))) {
            return;
        }
        put("teams", viewer.teams()).put("rollout", present);
        page("edit", "dash/app/edit.html");
    }

    /** A new version, the same one again, or with {@code history} one of the past. */
    @Access(
            value = {GET, POST},
            of = App.class)
    public void deploy() {
        Deployed past = past();
        if (isPost() && done(overview(), () -> doDeploy(past))) {
            return;
        }
        showDeploy(past);
    }

    /** What the deploy of the form would do; it does nothing. */
    @Access(value = POST, of = App.class)
    public void plan() {
        Deployed past = past();
        if (!done(overview(), () -> doPlan(past))) {
            showDeploy(past);
        }
    }

    /** The number of instances. */
    @Access(
            value = {GET, POST},
            of = App.class)
    public void scale() {
        if (isPost() && done(overview(), () -> apps().scale(app(), validator().scale(fields())))) {
            return;
        }
        page("scale", "dash/app/scale.html");
    }

    /** What runs, where, and why not: the app's first page. */
    @Access(of = App.class)
    public void instance() {
        Overview.show(this, app());
    }

    /** Deletes; the GET page says what goes and asks. */
    @Access(
            value = {GET, POST},
            of = App.class)
    public void delete() {
        if (isPost() && done("/app", () -> apps().delete(app()))) {
            return;
        }
        page("delete", "dash/app/delete.html");
    }

    private void doCreate() {
        Viewer viewer = viewer();
        NewApp wanted = validator().create(fields(), viewer);
        int id = apps().create(wanted, viewer, visitor().user().name());
        if (wantsPage()) {
            seeOther("/app/instance/" + id);
        } else {
            ok(Map.of("id", id));
        }
    }

    private void doDeploy(Deployed past) {
        Deployment wanted = validator().deploy(fields(), app());
        boolean withEnv = past != null && fields().flag("restore_env");
        apps().deploy(app(), wanted, withEnv ? past : null, visitor().user().name());
    }

    private void doPlan(Deployed past) {
        Told<Forecast> forecast =
                service(WhatIf.class).deployed(app(), validator().deploy(fields(), app()));
        if (wantsPage()) {
            keepForm();
            put("forecast", forecast);
            showDeploy(past);
        } else if (forecast.isKnown()) {
            ok(Map.of("plan", forecast.what()));
        } else {
            throw Refusal.unavailable(forecast.away());
        }
    }

    private void showDeploy(Deployed past) {
        Overview.state(this, app());
        put("past", past);
        put("env", service(EnvService.class).list(app()));
        page("deploy", isPart() ? "dash/app/deploy-state.html" : "dash/app/deploy.html");
    }

    private Deployed past() {
        String row = get("history", "");
        if (row.isEmpty()) {
            return null;
        }
        return service(HistoryService.class).find(app(), Guard.numberOf(row).orElseThrow(Refusal::notFound));
    }

    private App app() {
        return subject(App.class);
    }

    private Viewer viewer() {
        return service(Viewers.class).of(visitor());
    }

    private AppService apps() {
        return service(AppService.class);
    }

    private AppValidator validator() {
        return service(AppValidator.class);
    }

    private String overview() {
        return "/app/instance/" + app().id();
    }

    private void page(String tab, String view) {
        put("app", app()).put("tab", tab);
        page(view);
    }
}
