package io.dinp.agent.core;

import io.dinp.common.model.InstanceState;
import java.util.Optional;

/**
 * What a look at its container means for an instance. The same rule serves an event, the regular look, a restart of the
 * agent and the first look after a power cut.
 */
public final class Observation {
    private Observation() {}

    /**
     * The entry after the look; the same object when nothing follows.
     *
     * @param entry the instance; only one that runs or has exited is judged, a worker is busy with the others
     * @param seen its container, empty when the engine has none
     * @param bootId the boot of the machine now
     */
    public static Entry judge(Entry entry, Optional<Inspected> seen, String bootId) {
        boolean running = seen.isPresent() && seen.get().running();
        if (entry.state() == InstanceState.RUNNING) {
            if (running) {
                return sameRun(entry, seen.get()) ? entry : entry.started(seen.get(), bootId);
            }
            return isOfBoot(entry, bootId) ? ended(entry, seen) : entry.again();
        }
        if (entry.state() == InstanceState.EXITED) {
            if (running) {
                return entry.started(seen.get(), bootId);
            }
            return hasServedBefore(entry, bootId) ? entry.again() : entry;
        }
        return entry;
    }

    /** Whether the list and the journal disagree, so that a closer look is due. */
    public static boolean isDue(Entry entry, Optional<Listed> listed, String bootId) {
        boolean running = listed.isPresent() && listed.get().running();
        return switch (entry.state()) {
            case RUNNING -> !running;
            case EXITED -> running || hasServedBefore(entry, bootId);
            default -> false;
        };
    }

    /** Words for the end of a process. */
    public static String exitReason(int code, boolean oomKilled, int memoryMb) {
        return "exited with code " + code + (oomKilled ? " (out of memory, limit " + memoryMb + " MB)" : "");
    }

    private static boolean isOfBoot(Entry entry, String bootId) {
        return entry.run().bootId().equals(bootId);
    }

    /** An orderly shutdown ends containers one by one before the power goes: those come back too. */
    private static boolean hasServedBefore(Entry entry, String bootId) {
        return entry.run().readyAt() > 0 && !isOfBoot(entry, bootId);
    }

    private static boolean sameRun(Entry entry, Inspected seen) {
        return entry.run().startedAt() == seen.startedAt()
                && entry.run().publicPort() == seen.publicPort()
                && entry.run().containerId().equals(seen.id());
    }

    private static Entry ended(Entry entry, Optional<Inspected> seen) {
        if (seen.isEmpty()) {
            return entry.exited(null, false, "its container was removed by somebody else");
        }
        Inspected last = seen.get();
        String why = exitReason(last.exitCode(), last.oomKilled(), entry.spec().memoryMb());
        return entry.exited(last.exitCode(), last.oomKilled(), why);
    }
}
