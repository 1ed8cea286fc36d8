package io.dinp.dash.app;

import io.dinp.dash.core.App;
import io.dinp.dash.core.AppSummary;
import io.dinp.dash.node.Live;
import io.dinp.dash.node.ServerClient;
import io.dinp.web.PageController;

/** An app's first page: what runs, where, and why not. What is refused by it is shown on it again. */
public final class Overview {
    private Overview() {}

    /** Answers with the page, or with the part of it that changes by itself. */
    public static void show(PageController request, App app) {
        request.put("app", app).put("tab", "instance");
        state(request, app);
        request.page(request.isPart() ? "dash/app/instance-rows.html" : "dash/app/instance.html");
    }

    /** Puts how the app stands into a page. */
    static void state(PageController request, App app) {
        Live live = request.service(ServerClient.class).status(app.name());
        AppSummary stored = request.service(AppService.class).summary(app);
        boolean crashing = live.app().nextStart() > System.currentTimeMillis();
        request.put("summary", stored.now(live.app(), crashing)).put("live", live);
    }
}
