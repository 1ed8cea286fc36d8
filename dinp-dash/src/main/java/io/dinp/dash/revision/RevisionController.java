package io.dinp.dash.revision;

import com.jfinal.core.ActionKey;
import io.dinp.dash.core.App;
import io.dinp.dash.core.EnvVar;
import io.dinp.dash.core.PastRevision;
import io.dinp.dash.env.EnvService;
import io.dinp.dash.node.ServerClient;
import io.dinp.dash.node.Told;
import io.dinp.web.Access;
import io.dinp.web.Fields;
import io.dinp.web.PageController;
import io.dinp.web.Verb;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code /app/revisions/<id>} and {@code /app/rollback/<id>}: image, memory and environment of then, together. */
public final class RevisionController extends PageController {
    private static final int SHOWN = 20;
    private static final int LONGEST_ID = 64;
    private static final Pattern ID = Pattern.compile("[0-9a-f]{6,64}");

    /** The last revisions, each a way back. */
    @Access(of = App.class)
    @ActionKey("/app/revisions")
    public void list() {
        show();
    }

    /** Makes the app again what {@code revision} was. */
    @Access(value = Verb.POST, of = App.class)
    @ActionKey("/app/rollback")
    public void rollback() {
        if (!done("/app/instance/" + app().id(), this::doRollback)) {
            show();
        }
    }

    private void doRollback() {
        Fields form = fields();
        String revision = form.required("revision", LONGEST_ID);
        if (!ID.matcher(revision).matches()) {
            form.reject("revision", "revision must be 6 to 64 hexadecimal digits, not '" + revision + "'");
        }
        form.verify();
        service(ServerClient.class)
                .order(Map.of("revision", revision, "user", visitor().user().name()), "app", app().name(), "rollback");
    }

    private void show() {
        Told<PastRevision[]> told =
                service(ServerClient.class).read(PastRevision[].class, "app", app().name(), "revisions");
        List<String> names =
                service(EnvService.class).list(app()).stream().map(EnvVar::k).toList();
        put("app", app()).put("tab", "revisions");
        put("away", told.away());
        put("names", names);
        put("revisions", Stream.of(told.or(new PastRevision[0])).limit(SHOWN).toList());
        page("dash/revision/list.html");
    }

    private App app() {
        return subject(App.class);
    }
}
