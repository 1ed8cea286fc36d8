package io.dinp.server.core;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** What every app has brought into the plan before, and what some of them bring instead into this one. */
final class Parts {

    private final Map<String, AppPart> parts;
    private final Set<String> restless;
    private final RouteTable tableBefore;
    private final Set<String> liveBefore;
    private final List<AppRoutes> routesGone = new ArrayList<>();
    private final List<AppRoutes> routesNew = new ArrayList<>();
    private final List<List<String>> liveGone = new ArrayList<>();
    private final List<List<String>> liveNew = new ArrayList<>();

    private Parts(Map<String, AppPart> parts, Set<String> restless, RouteTable tableBefore, Set<String> liveBefore) {
        this.parts = parts;
        this.restless = restless;
        this.tableBefore = tableBefore;
        this.liveBefore = liveBefore;
    }

    /** No app has been planned. */
    static Parts none() {
        return new Parts(new HashMap<>(), new HashSet<>(), RouteTable.empty(), Set.of());
    }

    /** For the next plan, which begins with what these have come to; these are not to be used any more. */
    Parts next(RouteTable table, Set<String> live) {
        return new Parts(parts, restless, table, live);
    }

    /** What is known of an app, null when it has not been planned. */
    AppPart get(String app) {
        return parts.get(app);
    }

    /** Tells of each app that has to be worked out again. */
    void forEachRestless(Consumer<String> told) {
        restless.forEach(told);
    }

    /** Tells of each app whose key of the table is one of those. */
    void forEachWithKey(Set<String> keys, Consumer<String> told) {
        if (!keys.isEmpty()) {
            parts.forEach((app, part) -> {
                if (keys.contains(part.routes().key())) {
                    told.accept(app);
                }
            });
        }
    }

    /** An app brings this into the plan, in place of what it brought before. */
    void put(String app, AppPart part) {
        AppPart known = parts.put(app, part);
        if (part.calm()) {
            restless.remove(app);
        } else {
            restless.add(app);
        }
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
        restless.remove(app);
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
        if (liveGone.isEmpty() && liveNew.isEmpty()) {
            return liveBefore;
        }
        Set<String> live = new HashSet<>(liveBefore);
        for (List<String> gone : liveGone) {
            gone.forEach(live::remove);
        }
        liveNew.forEach(live::addAll);
        // Worth a comparison only in a whole plan: otherwise something has changed.
        return liveGone.isEmpty() && live.equals(known) ? known : Collections.unmodifiableSet(live);
    }
}
