package io.dinp.server.core;

import io.dinp.common.model.FailureStage;
import io.dinp.common.model.InstanceState;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * One container of an app as its node reported it, or an order for one that is on its way.
 *
 * @param id chosen by the server; the container's id for a container of the original
 * @param revision id of the revision it was made from, "" for a container of the original
 * @param node IPv4 address of its node
 * @param address {@code ip:port} where its 8080 is published, or will be again: "" before its node has leased it a port
 * @param ready the agent's probe has succeeded
 * @param startedAt epoch ms by the node's clock, 0 when not started
 * @param image text of the app's row it was made from
 * @param stage where it failed, null when it did not
 * @param legacy a container of the original: it counts and is routed, and nobody stops it
 */
public record Instance(
        String id,
        String app,
        String revision,
        String node,
        String address,
        InstanceState state,
        boolean ready,
        long startedAt,
        int memoryMb,
        String image,
        String digest,
        FailureStage stage,
        String reason,
        Integer exitCode,
        boolean oomKilled,
        boolean legacy) {

    private static final Set<InstanceState> LIVE = EnumSet.of(
            InstanceState.ACCEPTED,
            InstanceState.PULLING,
            InstanceState.CREATING,
            InstanceState.STARTING,
            InstanceState.RUNNING);

    /** True from the accepted order until it stops, exits or fails. */
    public boolean live() {
        return LIVE.contains(state);
    }

    /** True when it has come to an end that nobody ordered. */
    public boolean fallen() {
        return state == InstanceState.EXITED || state == InstanceState.FAILED;
    }

    /** True when requests may be sent to it. */
    public boolean servable() {
        return state == InstanceState.RUNNING && ready && !address.isEmpty();
    }

    /** An instance that has just been ordered. */
    public static Instance ordered(Action.Start start) {
        var spec = start.spec();
        return new Instance(
                spec.instance(),
                spec.app(),
                spec.revision(),
                start.node(),
                "",
                InstanceState.ACCEPTED,
                false,
                0,
                spec.memoryMb(),
                spec.image(),
                "",
                null,
                "",
                null,
                false,
                false);
    }

    /** The same instance when it has become ready at an address. */
    Instance serving(String newAddress, long now) {
        return new Instance(
                id,
                app,
                revision,
                node,
                newAddress,
                InstanceState.RUNNING,
                true,
                now,
                memoryMb,
                image,
                digest,
                stage,
                reason,
                exitCode,
                oomKilled,
                legacy);
    }

    /** The same instance after an order to stop it has been sent. */
    public Instance stopping() {
        return new Instance(
                id,
                app,
                revision,
                node,
                address,
                InstanceState.STOPPING,
                ready,
                startedAt,
                memoryMb,
                image,
                digest,
                stage,
                reason,
                exitCode,
                oomKilled,
                legacy);
    }

    /** Why it came to its end, in one line for an operator. */
    public String cause() {
        boolean exited = stage == null || stage == FailureStage.EXIT;
        String how = exited ? "exited" : stage.name().toLowerCase(Locale.ROOT) + " failed";
        if (exited && exitCode != null) {
            how += " with code " + exitCode;
        }
        if (oomKilled) {
            how += ", out of memory";
        }
        if (reason == null || how.startsWith(reason)) {
            return how;
        }
        return reason.startsWith(how) ? reason : how + ": " + reason;
    }
}
