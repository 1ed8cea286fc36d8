package io.dinp.server.core;

import io.dinp.common.model.PullState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Finds a node for an instance and reserves its memory, on a copy of the nodes that lives for one plan. An app is spread
 * first (over the label, over nodes); among equals a node that has the image is taken, then the one with most room.
 */
final class Placement {

    private final List<Room> rooms = new ArrayList<>();
    private final String spreadLabel;
    private boolean refusing;

    Placement(RealState real, Map<String, NodeStanding> standings, Policy policy, long now) {
        this.spreadLabel = policy.spreadLabel();
        for (NodeView node : real.nodes().values()) {
            if (standings.get(node.ip()) != NodeStanding.READY || node.agentPort() == 0) {
                continue;
            }
            if (now < node.penaltyUntil()) {
                refusing = true;
            } else {
                rooms.add(new Room(node));
            }
        }
    }

    /**
     * The best node with room, its memory taken.
     *
     * @param avoided nodes that are taken only when no other has room
     */
    Optional<String> place(String app, int memoryMb, Set<String> imageNames, Predicate<String> avoided) {
        Map<String, Integer> perLabel = perLabel(app);
        Optional<Room> best = rooms.stream()
                .filter(room -> room.fits(memoryMb))
                .min(Comparator.<Room, Boolean>comparing(room -> avoided.test(room.node.ip()))
                        .thenComparing(room -> perLabel.getOrDefault(room.label(spreadLabel), 0))
                        .thenComparing(room -> room.count(app))
                        .thenComparing(room -> !room.has(imageNames))
                        .thenComparing(room -> -room.free)
                        .thenComparing(room -> room.node.ip()));
        best.ifPresent(room -> room.take(app, memoryMb));
        return best.map(room -> room.node.ip());
    }

    /** Undoes a placing, or takes a node's instance for gone. */
    void giveBack(String ip, String app, int memoryMb) {
        room(ip).ifPresent(room -> room.giveBack(app, memoryMb));
    }

    /** Undoes a giving back. */
    void take(String ip, String app, int memoryMb) {
        room(ip).ifPresent(room -> room.take(app, memoryMb));
    }

    private Optional<Room> room(String ip) {
        return rooms.stream().filter(room -> room.node.ip().equals(ip)).findFirst();
    }

    /** What spoke for the node that {@link #place} has just chosen, for the person who asks why. */
    Map<String, String> inputs(String ip, String app, int memoryMb, Set<String> imageNames) {
        Map<String, String> inputs = new LinkedHashMap<>();
        room(ip).ifPresent(room -> {
            long others =
                    rooms.stream().filter(r -> r != room && r.fits(memoryMb)).count();
            inputs.put("nodes with room", others + 1 + " of " + rooms.size() + " that take instances");
            inputs.put("free there", Math.min(room.free + memoryMb, room.node.memFree()) + " MB");
            inputs.put("of the app there", Integer.toString(room.count(app) - 1));
            if (!room.label(spreadLabel).isEmpty()) {
                String label = room.label(spreadLabel);
                inputs.put(
                        "of the app in " + spreadLabel + " " + label,
                        Integer.toString(perLabel(app).get(label) - 1));
            }
            inputs.put("image is there", room.has(imageNames) ? "yes" : "no");
        });
        return inputs;
    }

    /** Why nothing could be placed, in words that say what is missing. */
    String shortage(int memoryMb) {
        if (rooms.isEmpty() && refusing) {
            return "the nodes did not take the last order: trying again";
        }
        if (rooms.isEmpty()) {
            return "no node takes instances: none is ready";
        }
        Room widest = rooms.stream()
                .max(Comparator.comparingLong(Room::usable).thenComparing(room -> room.node.ip()))
                .orElseThrow();
        return "no node has room for " + memoryMb + " MB: the most is " + Math.max(0, widest.usable()) + " MB on "
                + widest.node.ip();
    }

    private Map<String, Integer> perLabel(String app) {
        Map<String, Integer> counts = new HashMap<>();
        rooms.forEach(room -> counts.merge(room.label(spreadLabel), room.count(app), Integer::sum));
        return counts;
    }

    /** A node with what is still free on it. */
    private static final class Room {
        private final NodeView node;
        private final Map<String, Integer> perApp = new HashMap<>();
        private long free;

        Room(NodeView node) {
            this.node = node;
            this.free = node.capacityMb() - node.usedMb();
            for (Instance instance : node.instances()) {
                if (instance.live()) {
                    perApp.merge(instance.app(), 1, Integer::sum);
                }
            }
        }

        boolean fits(int memoryMb) {
            return usable() >= memoryMb;
        }

        long usable() {
            return Math.min(free, node.memFree());
        }

        boolean has(Set<String> imageNames) {
            return imageNames.stream().anyMatch(node.images()::contains)
                    || node.pulls().all().stream()
                            .anyMatch(pull -> pull.state() != PullState.FAILED && imageNames.contains(pull.image()));
        }

        int count(String app) {
            return perApp.getOrDefault(app, 0);
        }

        String label(String key) {
            return key.isEmpty() ? "" : node.labels().getOrDefault(key, "");
        }

        void take(String app, int memoryMb) {
            free -= memoryMb;
            perApp.merge(app, 1, Integer::sum);
        }

        void giveBack(String app, int memoryMb) {
            free += memoryMb;
            perApp.merge(app, -1, Integer::sum);
        }
    }
}
