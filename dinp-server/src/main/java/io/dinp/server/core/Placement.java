package io.dinp.server.core;

import io.dinp.common.model.Constraints;
import io.dinp.common.model.PullState;
import io.dinp.common.model.Revision;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/**
 * Finds a node for an instance and reserves its memory, on a copy of the nodes that lives for one plan. An app is spread
 * first (over the label, over nodes); among equals a node that has the image is taken, then the one with most room. The
 * spread counts the instances of the same revision before all others of the app: in a change those are about to go.
 */
final class Placement {

    private final List<Room> rooms = new ArrayList<>();
    /** The same by the addresses of their nodes. */
    private final Map<String, Room> byNode = new HashMap<>();
    /** By address those whose instances count for the spread, though nothing may be placed on some of them. */
    private final Map<String, Room> counted = new HashMap<>();

    private final Set<String> countedApps = new HashSet<>();
    private final List<NodeView> closed = new ArrayList<>();
    private final Map<String, NodeStanding> standings;
    private final Map<String, NodeWish> wishes;
    private final Map<String, String> told = new HashMap<>();
    private final String spreadLabel;

    Placement(Situation situation, Map<String, NodeStanding> standings) {
        this.standings = standings;
        this.wishes = situation.desired().nodes();
        this.spreadLabel = situation.policy().spreadLabel();
        for (NodeView node : situation.real().nodes().values()) {
            NodeWish wish = situation.desired().wish(node.ip());
            boolean able = standings.get(node.ip()) == NodeStanding.READY && node.agentPort() != 0;
            Room room = able && !wish.draining() ? new Room(node) : null;
            if (room != null) {
                counted.put(node.ip(), room);
            }
            if (room != null && wish.open() && situation.now() >= node.penaltyUntil()) {
                rooms.add(room);
                byNode.put(node.ip(), room);
            } else {
                closed.add(node);
            }
        }
    }

    /** Counts an app's instances for its spread, which has to be done before anything is asked for the app; a second time does nothing. */
    void count(String app, Collection<Instance> live, Collection<Instance> legacy) {
        if (countedApps.add(app)) {
            live.forEach(this::count);
            legacy.forEach(this::count);
        }
    }

    private void count(Instance instance) {
        Room room = counted.get(instance.node());
        if (room != null) {
            room.add(instance.app(), instance.revision());
        }
    }

    /**
     * The best node with room, its memory taken.
     *
     * @param constraints labels that the node has to have or not to have
     * @param avoided nodes that are taken only when no other has room
     */
    Optional<String> place(
            String app, Revision revision, Constraints constraints, Set<String> imageNames, Predicate<String> avoided) {
        String id = revision.id();
        int memoryMb = revision.memoryMb();
        Map<String, Integer> alikePerLabel = perLabel(room -> count(room.revisions(app), id));
        Map<String, Integer> allPerLabel = perLabel(room -> room.revisions(app).size());
        Offer best = null;
        for (Room room : rooms) {
            if (room.fits(memoryMb, constraints)) {
                String label = room.label(spreadLabel);
                List<String> there = room.revisions(app);
                Offer offer = new Offer(
                        room,
                        avoided.test(room.node.ip()),
                        alikePerLabel.getOrDefault(label, 0),
                        count(there, id),
                        allPerLabel.getOrDefault(label, 0),
                        there.size());
                if (best == null || offer.isBetterThan(best, imageNames)) {
                    best = offer;
                }
            }
        }
        if (best == null) {
            return Optional.empty();
        }
        take(best.room, app, id, memoryMb);
        return Optional.of(best.room.node.ip());
    }

    /**
     * A node with room and what is asked of it first; in primitive types, since each placing looks at every node.
     *
     * @param alikeInLabel instances of the same revision on the nodes of the same label
     * @param alike instances of the same revision on the node
     * @param allInLabel instances of the app on the nodes of the same label
     * @param all instances of the app on the node
     */
    private record Offer(Room room, boolean avoided, int alikeInLabel, int alike, int allInLabel, int all) {

        boolean isBetterThan(Offer other, Set<String> imageNames) {
            if (avoided != other.avoided) {
                return other.avoided;
            }
            int spread = spreadAgainst(other);
            if (spread != 0) {
                return spread < 0;
            }
            boolean there = room.has(imageNames);
            if (there != other.room.has(imageNames)) {
                return there;
            }
            if (room.free != other.room.free) {
                return room.free > other.room.free;
            }
            return room.node.ip().compareTo(other.room.node.ip()) < 0;
        }

        private int spreadAgainst(Offer other) {
            if (alikeInLabel != other.alikeInLabel) {
                return alikeInLabel - other.alikeInLabel;
            }
            if (alike != other.alike) {
                return alike - other.alike;
            }
            return allInLabel != other.allInLabel ? allInLabel - other.allInLabel : all - other.all;
        }
    }

    /** Undoes a placing, or takes a node's instance for gone. */
    void giveBack(String ip, String app, String revision, int memoryMb) {
        told.clear();
        room(ip).ifPresent(room -> room.giveBack(app, revision, memoryMb));
    }

    /** Undoes a giving back. */
    void take(String ip, String app, String revision, int memoryMb) {
        room(ip).ifPresent(room -> take(room, app, revision, memoryMb));
    }

    private void take(Room room, String app, String revision, int memoryMb) {
        told.clear();
        room.take(app, revision, memoryMb);
    }

    /** Per mille of the node's memory that is taken. */
    long fill(String ip) {
        return room(ip).map(Room::fill).orElse(0L);
    }

    private Optional<Room> room(String ip) {
        return Optional.ofNullable(byNode.get(ip));
    }

    /** What spoke for the node that {@link #place} has just chosen, for the person who asks why. */
    Map<String, String> inputs(
            String ip, String app, Revision revision, Constraints constraints, Set<String> imageNames) {
        int memoryMb = revision.memoryMb();
        Map<String, String> inputs = new LinkedHashMap<>();
        room(ip).ifPresent(room -> {
            long others = rooms.stream()
                    .filter(r -> r != room && r.fits(memoryMb, constraints))
                    .count();
            inputs.put("nodes with room", others + 1 + " of " + rooms.size() + " that take instances");
            inputs.put("free there", Math.min(room.free + memoryMb, room.node.memFree()) + " MB");
            inputs.put("of the app there", Integer.toString(room.revisions(app).size() - 1));
            inputs.put("of the revision there", Integer.toString(count(room.revisions(app), revision.id()) - 1));
            if (!room.label(spreadLabel).isEmpty()) {
                String label = room.label(spreadLabel);
                inputs.put(
                        "of the app in " + spreadLabel + " " + label,
                        Integer.toString(perLabel(r -> r.revisions(app).size()).get(label) - 1));
            }
            inputs.put("image is there", room.has(imageNames) ? "yes" : "no");
        });
        return inputs;
    }

    /** True when some node has room; nothing is taken. */
    boolean hasRoom(int memoryMb, Constraints constraints) {
        return rooms.stream().anyMatch(room -> room.fits(memoryMb, constraints));
    }

    /** Why nothing could be placed, in words that say what is missing and where it would fit. */
    String shortage(int memoryMb, Constraints constraints) {
        return told.computeIfAbsent(memoryMb + " " + constraints, key -> {
            List<Shortage.Candidate> candidates = new ArrayList<>();
            rooms.forEach(room -> candidates.add(new Shortage.Candidate(room.node, "", room.free)));
            closed.forEach(node ->
                    candidates.add(new Shortage.Candidate(node, whyClosed(node), node.capacityMb() - node.usedMb())));
            return new Shortage(memoryMb, constraints).tell(candidates);
        });
    }

    private String whyClosed(NodeView node) {
        NodeStanding standing = standings.getOrDefault(node.ip(), NodeStanding.LOST);
        NodeWish wish = wishes.getOrDefault(node.ip(), NodeWish.NONE);
        if (standing != NodeStanding.READY) {
            return "is " + standing.name().toLowerCase(Locale.ROOT);
        }
        if (!wish.open()) {
            return wish.draining() ? "is being drained" : "is cordoned";
        }
        return node.agentPort() == 0 ? "takes no orders" : "did not take the last order";
    }

    private Map<String, Integer> perLabel(ToIntFunction<Room> count) {
        Map<String, Integer> counts = new HashMap<>();
        if (!spreadLabel.isEmpty()) {
            counted.values()
                    .forEach(room -> counts.merge(room.label(spreadLabel), count.applyAsInt(room), Integer::sum));
        }
        return counts;
    }

    private static int count(List<String> revisions, String id) {
        int count = 0;
        for (int i = 0; i < revisions.size(); i++) {
            if (revisions.get(i).equals(id)) {
                count++;
            }
        }
        return count;
    }

    /** A node with what is still free on it. */
    private static final class Room {
        private final NodeView node;
        /** The revisions of the instances there of each app that was counted, one entry an instance. */
        private final Map<String, List<String>> perApp = new HashMap<>(2);

        private long free;

        Room(NodeView node) {
            this.node = node;
            this.free = node.capacityMb() - node.usedMb();
        }

        private void add(String app, String revision) {
            perApp.computeIfAbsent(app, key -> new ArrayList<>(1)).add(revision);
        }

        boolean fits(int memoryMb, Constraints constraints) {
            return usable() >= memoryMb && constraints.allow(node.labels());
        }

        long usable() {
            return Math.min(free, node.memFree());
        }

        boolean has(Set<String> imageNames) {
            return imageNames.stream().anyMatch(node.images()::contains)
                    || node.pulls().all().stream()
                            .anyMatch(pull -> pull.state() != PullState.FAILED && imageNames.contains(pull.image()));
        }

        /** Those of the app's instances, one entry an instance. */
        List<String> revisions(String app) {
            return perApp.getOrDefault(app, List.of());
        }

        String label(String key) {
            return key.isEmpty() ? "" : node.labels().getOrDefault(key, "");
        }

        void take(String app, String revision, int memoryMb) {
            free -= memoryMb;
            add(app, revision);
        }

        long fill() {
            return node.capacityMb() == 0 ? 0 : (node.capacityMb() - free) * 1000 / node.capacityMb();
        }

        void giveBack(String app, String revision, int memoryMb) {
            free += memoryMb;
            perApp.getOrDefault(app, new ArrayList<>()).remove(revision);
        }
    }
}
