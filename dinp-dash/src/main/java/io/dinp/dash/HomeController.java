package io.dinp.dash;

import io.dinp.web.Access;
import io.dinp.web.PageController;

/** {@code /}: leads to the apps. */
public final class HomeController extends PageController {

    /** To the list of apps. */
    @Access
    public void index() {
        seeOther("/app");
    }
}
