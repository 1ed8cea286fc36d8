package io.dinp.dash.env;

import com.jfinal.core.ActionKey;
import io.dinp.dash.core.App;
import io.dinp.dash.core.EnvVar;
import io.dinp.web.Access;
import io.dinp.web.PageController;
import io.dinp.web.Verb;

/** {@code /env/…} and {@code /app/env/<id>}: the variables of an app. */
public final class EnvController extends PageController {

    /** The variables with a form for one more. */
    @Access(of = App.class)
    @ActionKey("/app/env")
    public void list() {
        show(subject(App.class));
    }

    /** Adds or changes the variable {@code k} of the app {@code app_id}. */
    @Access(value = Verb.POST, of = App.class, by = "app_id")
    public void add() {
        App app = subject(App.class);
        if (!done("/app/env/" + app.id(), () -> service(EnvService.class).put(app, EnvValidator.add(fields())))) {
            show(app);
        }
    }

    /** Deletes the variable {@code id}. */
    @Access(value = Verb.POST, of = EnvVar.class, by = "id")
    public void delete() {
        EnvVar variable = subject(EnvVar.class);
        done("/app/env/" + variable.appId(), () -> service(EnvService.class).delete(variable));
    }

    private void show(App app) {
        put("app", app).put("tab", "env").put("env", service(EnvService.class).list(app));
        page("dash/env/list.html");
    }
}
