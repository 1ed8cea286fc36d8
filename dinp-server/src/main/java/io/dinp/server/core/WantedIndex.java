package io.dinp.server.core;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What every plan asks of all apps that are wanted, looked for once for each read of them.
 *
 * @param of what it was made from
 * @param domains the custom domains of each app
 * @param unrouted apps that have no route because an earlier one has the same host name
 * @param anyBound whether some app may not run on every node
 */
record WantedIndex(DesiredState of, Map<String, List<String>> domains, List<String> unrouted, boolean anyBound) {

    static WantedIndex of(DesiredState desired) {
        Map<String, List<String>> domains = new HashMap<>();
        desired.domains()
                .forEach((host, app) ->
                        domains.computeIfAbsent(app, a -> new ArrayList<>()).add(host));
        List<String> unrouted = new ArrayList<>();
        boolean anyBound = false;
        for (DesiredApp app : desired.apps().values()) {
            if (!app.routed() && !app.faulty()) {
                unrouted.add(app.name());
            }
            anyBound = anyBound || app.bound();
        }
        return new WantedIndex(desired, domains, unrouted, anyBound);
    }

    /** The index of a state: this one, when it was made from the same. */
    @SuppressWarnings(
            "ReferenceEquality") // mostly it is the same read; to compare two would cost as much as another index
    WantedIndex whenOf(DesiredState desired) {
        return desired == of ? this : of(desired);
    }
}
