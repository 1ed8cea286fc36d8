package io.dinp.dash.sso;

import io.dinp.common.sso.SsoClient;
import io.dinp.common.sso.SsoTeam;
import io.dinp.dash.core.Viewer;
import io.dinp.web.Visitor;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes viewers with rights of signed-in visitors; uic is asked for the teams only when they matter. */
public final class Viewers {
    private final SsoClient uic;

    public Viewers(SsoClient uic) {
        this.uic = uic;
    }

    /** The viewer behind a signed-in {@code visitor}. */
    public Viewer of(Visitor visitor) {
        int id = visitor.user().id();
        return new Viewer(id, visitor.user().isAdmin(), () -> teams(id));
    }

    private Map<Integer, String> teams(int userId) {
        Map<Integer, String> teams = new LinkedHashMap<>();
        for (SsoTeam team : uic.teams(userId)) {
            teams.put(team.id(), team.name());
        }
        return teams;
    }
}
