package io.dinp.agent.docker;

/**
 * What every container of the node gets beside its memory.
 *
 * @param cpuShares weight against the other containers, 1024 is Docker's own default
 * @param pids most processes and threads
 */
public record ContainerLimits(int cpuShares, long pids) {}
