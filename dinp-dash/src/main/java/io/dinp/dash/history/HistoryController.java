package io.dinp.dash.history;

import com.jfinal.core.ActionKey;
import io.dinp.dash.core.App;
import io.dinp.web.Access;
import io.dinp.web.PageController;

/** {@code /app/history/<id>}: what was deployed, each row a way back. */
public final class HistoryController extends PageController {

    /** The newest deploys. */
    @Access(of = App.class)
    @ActionKey("/app/history")
    public void list() {
        App app = subject(App.class);
        put("app", app)
                .put("tab", "history")
                .put("history", service(HistoryService.class).list(app));
        page("dash/history/list.html");
    }
}
