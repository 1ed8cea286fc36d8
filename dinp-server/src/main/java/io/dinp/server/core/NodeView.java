package io.dinp.server.core;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A node as the server knows it at one moment.
 *
 * @param ip its address, where its containers are published and its agent listens
 * @param agentPort port of the agent's API, 0 when the node takes no orders (an agent of the original)
 * @param reported false when it is only known from MySQL and has not been heard since this server started
 * @param lastSeen epoch ms of the last good beat, by the server's clock
 * @param downAt epoch ms since when its agent says that the engine does not answer, 0 when all is well
 * @param usedMb memory promised already: containers, accepted orders, and orders on their way
 * @param memFree free memory in MB as the kernel has it; it only forbids
 * @param penaltyUntil epoch ms until which nothing is placed here because an order went wrong
 * @param instances what it reported, merged with the orders under way
 * @param pulls images that it was told to have ready
 */
public record NodeView(
        String ip,
        int agentPort,
        boolean reported,
        long lastSeen,
        long downAt,
        long capacityMb,
        long usedMb,
        long memFree,
        Set<String> images,
        Map<String, String> labels,
        long penaltyUntil,
        List<Instance> instances,
        Pulls pulls) {

    /** Copies its collections. */
    public NodeView {
        images = Set.copyOf(images);
        labels = Map.copyOf(labels);
        instances = List.copyOf(instances);
    }

    /** True when another view of the node has only another beat behind it: another time, and other free memory. */
    boolean differsInTheBeatOnly(NodeView other) {
        NodeView asThen = new NodeView(
                ip,
                agentPort,
                reported,
                other.lastSeen,
                downAt,
                capacityMb,
                usedMb,
                other.memFree,
                images,
                labels,
                penaltyUntil,
                instances,
                pulls);
        return asThen.equals(other);
    }

    /** Of an agent that takes no image orders. */
    public NodeView(
            String ip,
            int agentPort,
            boolean reported,
            long lastSeen,
            long downAt,
            long capacityMb,
            long usedMb,
            long memFree,
            Set<String> images,
            Map<String, String> labels,
            long penaltyUntil,
            List<Instance> instances) {
        this(
                ip,
                agentPort,
                reported,
                lastSeen,
                downAt,
                capacityMb,
                usedMb,
                memFree,
                images,
                labels,
                penaltyUntil,
                instances,
                Pulls.UNKNOWN);
    }

    /** The same node, heard at another time. */
    NodeView seen(long newLastSeen, long newDownAt) {
        return new NodeView(
                ip,
                agentPort,
                reported,
                newLastSeen,
                newDownAt,
                capacityMb,
                usedMb,
                memFree,
                images,
                labels,
                penaltyUntil,
                instances,
                pulls);
    }

    /** The same node after its containers and images have changed. */
    NodeView with(List<Instance> newInstances, long newUsedMb, Set<String> newImages, Pulls newPulls) {
        return new NodeView(
                ip,
                agentPort,
                reported,
                lastSeen,
                downAt,
                capacityMb,
                newUsedMb,
                memFree,
                newImages,
                labels,
                penaltyUntil,
                newInstances,
                newPulls);
    }
}
