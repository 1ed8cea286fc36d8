package io.dinp.server.core;

import io.dinp.common.model.Constraints;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Tells an operator why nothing could be placed: what was needed, and of each node what it lacks, the one that comes
 * nearest first. The words change only with something that a plan depends on, so that they are told once.
 */
final class Shortage {

    private static final int NAMED = 6;

    private final int memoryMb;
    private final Constraints constraints;

    Shortage(int memoryMb, Constraints constraints) {
        this.memoryMb = memoryMb;
        this.constraints = constraints;
    }

    /**
     * A node as far as it bears on a placement.
     *
     * @param closed why nothing at all is placed there, in words that follow its address; "" when something may be
     * @param freeMb memory that nobody has been promised
     */
    record Candidate(NodeView node, String closed, long freeMb) {}

    private record Lack(int rank, long shortMb, String node, String words) {}

    /** The whole reason, bounded in length. */
    String tell(List<Candidate> candidates) {
        String needs = "needs " + memoryMb + " MB"
                + (constraints.terms().isEmpty() ? "" : " on a node with " + constraints) + ": ";
        if (candidates.isEmpty()) {
            return needs + "no node is known";
        }
        String named = candidates.stream()
                .map(this::lack)
                .sorted(Comparator.comparingInt(Lack::rank)
                        .thenComparingLong(Lack::shortMb)
                        .thenComparing(Lack::node))
                .limit(NAMED)
                .map(lack -> lack.node() + " " + lack.words())
                .collect(Collectors.joining("; "));
        int more = candidates.size() - NAMED;
        return needs + named + (more > 0 ? "; and " + more + " more, none of which takes it" : "");
    }

    private Lack lack(Candidate candidate) {
        NodeView node = candidate.node();
        long missing = memoryMb - candidate.freeMb();
        boolean fits = missing <= 0 && constraints.allow(node.labels());
        if (!candidate.closed().isEmpty()) {
            return new Lack(
                    fits ? 0 : 4, Math.max(0, missing), node.ip(), candidate.closed() + (fits ? ", it would fit" : ""));
        }
        if (!constraints.allow(node.labels())) {
            return new Lack(3, Math.max(0, missing), node.ip(), constraints.lack(node.labels()));
        }
        if (memoryMb > node.capacityMb()) {
            return new Lack(2, missing, node.ip(), "has " + node.capacityMb() + " MB in all");
        }
        if (missing > 0) {
            return new Lack(
                    1,
                    missing,
                    node.ip(),
                    "has " + Math.max(0, candidate.freeMb()) + " MB free, " + missing + " MB short");
        }
        return new Lack(1, 0, node.ip(), "has less free memory than that, by its kernel");
    }
}
