package io.dinp.uic;

import io.dinp.web.Access;
import io.dinp.web.PageController;

/** {@code /}: leads to the user's own account. */
public final class HomeController extends PageController {

    /** To the profile. */
    @Access
    public void index() {
        seeOther("/me");
    }
}
