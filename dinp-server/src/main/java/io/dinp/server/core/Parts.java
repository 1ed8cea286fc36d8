package io.dinp.server.core;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What every app has brought into the plan before, and what some of them bring instead into this one. */
final class Parts {

    private final Map<String, AppPart> parts;
    private final RouteTable tableBefore;
    private final Set<String> liveBefore;
    private final List<AppRoutes> routesGone = new ArrayList<>();
    private final List<AppRoutes> routesNew = new ArrayList<>();
    private final List<List<String>> liveGone = new ArrayList<>();
    private final List<List<String>> liveNew = new ArrayList<>();

    private Parts(Map<String, AppPart> parts, RouteTable tableBefore, Set<String> liveBefore) {
        this.parts = parts;
        this.tableBefore = tableBefore;
        this.liveBefore = liveBefore;
    }

    /** No app has been planned. */
    static Parts none() {
        return new Parts(new HashMap<>(), RouteTable.empty(), Set.of());
    }

    /** For the next plan, which begins with what these have come to; these are not to be used any more. */
    Parts next(RouteTable table, Set<String> live) {
        return new Parts(parts, table, live);
    }

    /** By app. */
    Map<String, AppPart> all() {
        return parts;
    }

    /** An app brings this into the plan, in place of what it brought before. */
    void put(String app, AppPart part) {
        AppPart known = parts.put(app, part);
        if (known == null || !known.routes().equals(part.routes())) {
            routesNew.add(part.routes());
            forgetRoutes(known);
        }
        if (known == null || !known.live().equals(part.live())) {
            liveNew.add(part.live());
            forgetLive(known);
        }
    }

    /** Nothing is left of an app. */
    void remove(String app) {
        AppPart known = parts.remove(app);
        forgetRoutes(known);
        forgetLive(known);
    }

    private void forgetRoutes(AppPart known) {
        if (known != null) {
            routesGone.add(known.routes());
        }
    }

    private void forgetLive(AppPart known) {
        if (known != null) {
            liveGone.add(known.live());
        }
    }

    /** The table that all of them make together: the one that is there, if it is the same. */
    RouteTable table(RouteTable there, Naming naming) {
        RouteTable wanted = tableBefore;
        if (!routesGone.isEmpty() || !routesNew.isEmpty()) {
            wanted = tableBefore.copy();
            // First all that go: a host name may pass from one app to another.
            for (AppRoutes routes : routesGone) {
                routes.removeFrom(wanted, naming);
            }
            for (AppRoutes routes : routesNew) {
                routes.addTo(wanted, naming);
            }
        }
        return wanted.sameAs(there) ? there : wanted;
    }

    /** The ids of the instances of all of them that have not come to their end: the set that is known, if it is the same. */
    Set<String> live(Set<String> known) {
        Set<String> live = liveBefore;
        if (!liveGone.isEmpty() || !liveNew.isEmpty()) {
            live = new HashSet<>(liveBefore);
            for (List<String> gone : liveGone) {
                gone.forEach(live::remove);
            }
            liveNew.forEach(live::addAll);
        }
        return live.equals(known) ? known : Collections.unmodifiableSet(live);
    }
}
