package io.dinp.agent.core;

import java.util.Map;

/**
 * What does not change about a node while its agent runs.
 *
 * @param ip the node's own address
 * @param identity random id of the node, kept on its disk
 * @param cluster cluster that it belongs to
 * @param bootId the machine's boot
 * @param agentPort port of the agent's API
 * @param labels what placement may spread by
 * @param token shared secret of the heartbeats
 * @param version version of the agent
 */
public record NodeFacts(
        String ip,
        String identity,
        String cluster,
        String bootId,
        int agentPort,
        Map<String, String> labels,
        String token,
        String version) {

    @Override
    public String toString() {
        return "NodeFacts[ip=" + ip + ", identity=" + identity + ", cluster=" + cluster + "]";
    }
}
