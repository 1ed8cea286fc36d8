package io.dinp.dash.core;

import java.util.Map;
import java.util.function.Supplier;

/** A user with regard to rights: the one place that decides what somebody may see and change. */
public final class Viewer {
    private final int id;
    private final boolean admin;
    private final Supplier<Map<Integer, String>> source;
    private Map<Integer, String> teams;

    /**
     * A viewer for one request.
     *
     * @param source gives id and name of the user's teams; asked only when it matters
     */
    public Viewer(int id, boolean admin, Supplier<Map<Integer, String>> source) {
        this.id = id;
        this.admin = admin;
        this.source = source;
    }

    public int id() {
        return id;
    }

    /** Whether this user sees what others own. */
    public boolean isAdmin() {
        return admin;
    }

    /** Id and name of the teams that this user is in. */
    public Map<Integer, String> teams() {
        if (teams == null) {
            teams = source.get();
        }
        return teams;
    }

    /** An app or a domain is for its creator, the members of its team, and administrators. */
    public boolean mayUse(Owned thing) {
        return admin || thing.creator() == id || (thing.teamId() != 0 && teams().containsKey(thing.teamId()));
    }

    /** Whether this user may share {@code thing} (null: a new one) with that team; leaving a choice as it is always works. */
    public boolean mayShare(int teamId, Owned thing) {
        return teamId == 0 || teams().containsKey(teamId) || (thing != null && thing.teamId() == teamId);
    }
}
