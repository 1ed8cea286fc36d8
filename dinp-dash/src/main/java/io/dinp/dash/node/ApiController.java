package io.dinp.dash.node;

import io.dinp.dash.core.App;
import io.dinp.web.Access;
import io.dinp.web.PageController;

/** {@code /api/…}: what the server says, for scripts. */
public final class ApiController extends PageController {

    /** The containers of an app, passed on from the server. */
    @Access(of = App.class)
    public void instances() {
        json(service(ServerClient.class).containers(subject(App.class).name()));
    }

    /** State and instances of an app. */
    @Access(of = App.class)
    public void status() {
        json(service(ServerClient.class).status(subject(App.class).name()));
    }
}
