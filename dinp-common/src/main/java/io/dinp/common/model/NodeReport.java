package io.dinp.common.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;

/**
 * A beat: what runs on a node. Only {@code Ip}, {@code MemFree} and {@code Containers} are the original's and required.
 *
 * @param memFree MB that could be used without swapping (MemAvailable)
 * @param node identity of the node, which outlives its address
 * @param seq raised with every beat of one agent process
 * @param capacityMb MB that instances may have in all, 0 when unknown
 * @param usedMb MB promised to instances and accepted orders
 * @param agentPort port of the agent's API, 0 for an agent that takes no orders
 * @param restingPorts freed host ports that wait to be released
 * @param images tags and digests of the images that the node has
 * @param token the cluster's shared secret
 * @param pulls what has become of the image orders; null from an agent that takes none
 * @param clock milliseconds that only ever go forward, at the moment of the report, whoever set the machine's date; orders say by it
 *     until when they hold; 0 from an agent that looks at no such limit
 */
public record NodeReport(
        @JsonProperty("Ip") String ip,
        @JsonProperty("MemFree") long memFree,
        @JsonProperty("Containers") List<ContainerReport> containers,
        @JsonProperty("Node") String node,
        @JsonProperty("Cluster") String cluster,
        @JsonProperty("Seq") long seq,
        @JsonProperty("BootId") String bootId,
        @JsonProperty("CapacityMb") long capacityMb,
        @JsonProperty("UsedMb") long usedMb,
        @JsonProperty("AgentPort") int agentPort,
        @JsonProperty("RestingPorts") List<Integer> restingPorts,
        @JsonProperty("Labels") Map<String, String> labels,
        @JsonProperty("Images") List<String> images,
        @JsonProperty("Token") String token,
        @JsonProperty("Version") String version,
        @JsonProperty("Pulls") List<ImagePull> pulls,
        @JsonProperty("Clock") long clock) {

    public NodeReport {
        ip = orEmpty(ip);
        containers = containers == null ? List.of() : List.copyOf(containers);
        node = orEmpty(node);
        cluster = orEmpty(cluster);
        bootId = orEmpty(bootId);
        restingPorts = restingPorts == null ? List.of() : List.copyOf(restingPorts);
        labels = labels == null ? Map.of() : Map.copyOf(labels);
        images = images == null ? List.of() : List.copyOf(images);
        token = orEmpty(token);
        version = orEmpty(version);
        pulls = pulls == null ? null : List.copyOf(pulls);
    }

    /** Of an agent that takes every order, however late it comes. */
    public NodeReport(
            String ip,
            long memFree,
            List<ContainerReport> containers,
            String node,
            String cluster,
            long seq,
            String bootId,
            long capacityMb,
            long usedMb,
            int agentPort,
            List<Integer> restingPorts,
            Map<String, String> labels,
            List<String> images,
            String token,
            String version,
            List<ImagePull> pulls) {
        this(
                ip,
                memFree,
                containers,
                node,
                cluster,
                seq,
                bootId,
                capacityMb,
                usedMb,
                agentPort,
                restingPorts,
                labels,
                images,
                token,
                version,
                pulls,
                0);
    }

    /** The same, made at that time of its sender's {@link #clock}. */
    public NodeReport at(long now) {
        return new NodeReport(
                ip,
                memFree,
                containers,
                node,
                cluster,
                seq,
                bootId,
                capacityMb,
                usedMb,
                agentPort,
                restingPorts,
                labels,
                images,
                token,
                version,
                pulls,
                now);
    }

    /** Of an agent that takes no image orders. */
    public NodeReport(
            String ip,
            long memFree,
            List<ContainerReport> containers,
            String node,
            String cluster,
            long seq,
            String bootId,
            long capacityMb,
            long usedMb,
            int agentPort,
            List<Integer> restingPorts,
            Map<String, String> labels,
            List<String> images,
            String token,
            String version) {
        this(
                ip,
                memFree,
                containers,
                node,
                cluster,
                seq,
                bootId,
                capacityMb,
                usedMb,
                agentPort,
                restingPorts,
                labels,
                images,
                token,
                version,
                null);
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "NodeReport[" + ip + " node=" + node + " seq=" + seq + " containers=" + containers.size() + "]";
    }
}
