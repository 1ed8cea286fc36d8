package io.dinp.agent.core;

/**
 * What is known of the container of an instance.
 *
 * @param containerId the engine's id, empty before it is created
 * @param digest digest of the image that it was made from, empty when it has none
 * @param address its own address in the engine's network, empty while it does not run
 * @param publicPort host port of the IPv4 binding of 8080/tcp as last read, 0 while it does not run
 * @param bootId the boot of the machine in which it was last started
 * @param startedAt that start, epoch milliseconds, 0 before the first one
 * @param readyAt when it became ready, epoch milliseconds, 0 when it never did
 * @param ready whether it may get requests
 * @param exitCode exit code, null while there is none
 * @param oomKilled whether the kernel ended it for want of memory
 */
public record Run(
        String containerId,
        String digest,
        String address,
        int publicPort,
        String bootId,
        long startedAt,
        long readyAt,
        boolean ready,
        Integer exitCode,
        boolean oomKilled) {

    /** Of an instance without a container. */
    public static final Run NONE = new Run("", "", "", 0, "", 0, 0, false, null, false);

    Run of(String newDigest) {
        return new Run(
                containerId, newDigest, address, publicPort, bootId, startedAt, readyAt, ready, exitCode, oomKilled);
    }

    Run in(String newContainerId) {
        return new Run(newContainerId, digest, "", 0, "", 0, 0, false, null, false);
    }

    Run started(Inspected seen, String boot) {
        return new Run(
                seen.id(), digest, seen.address(), seen.publicPort(), boot, seen.startedAt(), 0, false, null, false);
    }

    Run readyAt(long now) {
        return new Run(containerId, digest, address, publicPort, bootId, startedAt, now, true, exitCode, oomKilled);
    }

    Run unready() {
        return new Run(
                containerId, digest, address, publicPort, bootId, startedAt, readyAt, false, exitCode, oomKilled);
    }

    Run ended(Integer code, boolean oom) {
        return new Run(containerId, digest, "", 0, bootId, startedAt, readyAt, false, code, oom);
    }
}
