package io.dinp.dash.why;

import com.jfinal.core.ActionKey;
import io.dinp.dash.core.App;
import io.dinp.dash.core.Exit;
import io.dinp.dash.core.Stage;
import io.dinp.dash.core.Why;
import io.dinp.dash.node.ServerClient;
import io.dinp.dash.node.Told;
import io.dinp.web.Access;
import io.dinp.web.PageController;
import java.util.List;
import java.util.stream.Stream;

/** {@code /app/why/<id>} and {@code /app/exits/<id>}: what the server did with an app and what it saw die. */
public final class WhyController extends PageController {
    private static final int DECISIONS = 100;
    private static final int EXITS = 20;

    /** The server's last decisions about the app. */
    @Access(of = App.class)
    @ActionKey("/app/why")
    public void why() {
        Told<Why> told = server().read(Why.class, "app", app().name(), "why");
        Why why = told.or(new Why("", List.of()));
        put("away", told.away());
        put("summary", why.summary());
        put("decisions", why.decisions().stream().limit(DECISIONS).toList());
        page("why", "dash/why/list.html");
    }

    /** The instances that ended, with their last output. */
    @Access(of = App.class)
    @ActionKey("/app/exits")
    public void exits() {
        Told<Exit[]> told = server().read(Exit[].class, "app", app().name(), "exits");
        put("away", told.away());
        put("exits", Stream.of(told.or(new Exit[0])).limit(EXITS).map(Row::new).toList());
        page("exits", "dash/why/exits.html");
    }

    /** An exit as a page shows it. */
    public record Row(Exit end) {

        /** What was going on, to come after "ended" or "failed". */
        public String stage() {
            return Stage.words(end.stage() == null ? "" : end.stage());
        }

        /** The first digits of the revision, as the other pages show it. */
        public String revision() {
            String id = end.revision() == null ? "" : end.revision();
            return id.substring(0, Math.min(8, id.length()));
        }
    }

    private App app() {
        return subject(App.class);
    }

    private ServerClient server() {
        return service(ServerClient.class);
    }

    private void page(String tab, String view) {
        put("app", app()).put("tab", tab);
        page(view);
    }
}
