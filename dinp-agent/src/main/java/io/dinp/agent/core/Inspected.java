package io.dinp.agent.core;

import java.util.Map;

/**
 * A container looked at closely.
 *
 * @param id the engine's id
 * @param image the image text that it was created from
 * @param running whether its process lives
 * @param startedAt last start, epoch milliseconds, 0 before the first one
 * @param exitCode exit code of the last run
 * @param oomKilled whether the kernel ended the last run for want of memory
 * @param address its own address in the engine's network, empty when it has none
 * @param publicPort host port of the IPv4 binding of 8080/tcp, 0 without one
 * @param memoryMb its memory limit in MiB, 0 for none
 * @param env its environment
 * @param labels its labels
 */
public record Inspected(
        String id,
        String image,
        boolean running,
        long startedAt,
        int exitCode,
        boolean oomKilled,
        String address,
        int publicPort,
        int memoryMb,
        Map<String, String> env,
        Map<String, String> labels) {}
