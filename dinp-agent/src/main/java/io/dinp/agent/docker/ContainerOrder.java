package io.dinp.agent.docker;

import java.util.Map;

/**
 * The container that is wanted for an instance.
 *
 * @param name its name on the engine
 * @param image reference that the engine resolves on its own disk
 * @param hostIp address on which 8080 is published, the node's own
 * @param hostPort port on which 8080 is published
 * @param memoryMb memory limit in MiB
 * @param env whole environment
 * @param labels whole labels
 */
public record ContainerOrder(
        String name,
        String image,
        String hostIp,
        int hostPort,
        int memoryMb,
        Map<String, String> env,
        Map<String, String> labels) {}
