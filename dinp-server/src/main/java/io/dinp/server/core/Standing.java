package io.dinp.server.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * How an app stands in a situation: its instances by what they are worth to it.
 *
 * @param serving reached by requests, on nodes that are not lost
 * @param starting ordered and not serving yet
 * @param going taken out of the routes on the way to their stop
 * @param away out of sight with their node
 */
record Standing(List<Instance> serving, List<Instance> starting, List<Instance> going, List<Instance> away) {

    static Standing of(String app, Situation situation) {
        Standing standing = new Standing(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        DesiredApp desired = situation.desired().apps().get(app);
        String key =
                desired != null && !desired.routed() ? "" : situation.naming().keyOf(app);
        Set<String> endpoints = Set.copyOf(situation.routes().table().endpointsOf(key));
        for (NodeView node : situation.real().nodes().values()) {
            boolean lost = situation.progress().standings().get(node.ip()) == NodeStanding.LOST;
            for (Instance instance : node.instances()) {
                if (instance.app().equals(app) && instance.live()) {
                    boolean reached = key.isEmpty() || endpoints.contains(instance.address());
                    standing.sort(instance, lost, reached, situation);
                }
            }
        }
        return standing;
    }

    private void sort(Instance instance, boolean lost, boolean reached, Situation situation) {
        if (lost) {
            away.add(instance);
        } else if (situation.progress().draining().contains(instance.id())) {
            going.add(instance);
        } else if (instance.servable() && reached) {
            serving.add(instance);
        } else {
            starting.add(instance);
        }
    }
}
