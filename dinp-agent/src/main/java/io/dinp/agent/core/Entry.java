package io.dinp.agent.core;

import io.dinp.common.model.FailureStage;
import io.dinp.common.model.InstanceSpec;
import io.dinp.common.model.InstanceState;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One instance of the journal: the order, how far it has come, and what became of it. Each method that ends in another state
 * answers the entry unchanged when its state does not allow that, so late news never undoes a stop.
 *
 * @param spec the order; of an adopted container only what its labels tell
 * @param port leased host port, 0 when none was free
 * @param adopted whether the entry was made from a container that the journal did not know
 * @param state how far it has come
 * @param stage where it failed, null when it did not
 * @param reason why it failed, exited or waits; empty when there is nothing to say
 * @param graceSeconds time between SIGTERM and SIGKILL once it is stopping
 * @param run what is known of its container
 * @param lastLines last output of a container that has ended
 */
public record Entry(
        InstanceSpec spec,
        int port,
        boolean adopted,
        InstanceState state,
        FailureStage stage,
        String reason,
        int graceSeconds,
        Run run,
        List<String> lastLines) {

    private static final int MAX_REASON = 600;
    private static final int MAX_LINE = 1000;
    private static final Map<InstanceState, Set<InstanceState>> NEXT = next();

    /** Takes a copy of the lines, cut since an app may write a megabyte without an end of line; absent fields of an older journal get their empty values. */
    public Entry {
        reason = reason == null ? "" : shorten(reason, MAX_REASON);
        run = run == null ? Run.NONE : run;
        lastLines = lastLines == null
                ? List.of()
                : lastLines.stream().map(line -> shorten(line, MAX_LINE)).toList();
    }

    /** A new order with its port. */
    public static Entry accepted(InstanceSpec spec, int port) {
        return new Entry(spec, port, false, InstanceState.ACCEPTED, null, "", 0, Run.NONE, List.of());
    }

    /** A new order that cannot be begun. */
    public static Entry refused(InstanceSpec spec, String reason) {
        return new Entry(spec, 0, false, InstanceState.FAILED, FailureStage.CREATE, reason, 0, Run.NONE, List.of());
    }

    /** An instance whose container is there although the journal does not know it, not yet judged. */
    public static Entry adopted(InstanceSpec fromLabels, int port, Inspected seen, String digest, String bootId) {
        Run run = Run.NONE.of(digest).started(seen, bootId);
        return new Entry(fromLabels, port, true, InstanceState.RUNNING, null, "", 0, run, List.of());
    }

    /** Id of the instance. */
    public String instance() {
        return spec.instance();
    }

    /** The image is being fetched. */
    public Entry pulling() {
        return to(InstanceState.PULLING, null, "", run);
    }

    /** The image is here; its container comes next. */
    public Entry creating(String digest) {
        return to(InstanceState.CREATING, null, "", run.of(digest));
    }

    /** Another port for a container that was never published, because somebody else holds the first one. */
    public Entry onPort(int otherPort) {
        return new Entry(
                spec, otherPort, adopted, InstanceState.CREATING, null, "", graceSeconds, run.in(""), lastLines);
    }

    /** The container exists; its start comes next. */
    public Entry starting(String containerId, String digest) {
        return to(InstanceState.STARTING, null, "", run.in(containerId).of(digest));
    }

    /** The container runs; it is not ready yet. */
    public Entry started(Inspected seen, String bootId) {
        return to(InstanceState.RUNNING, null, "", run.started(seen, bootId));
    }

    /** The probe has succeeded. */
    public Entry ready(long now) {
        return state == InstanceState.RUNNING ? to(InstanceState.RUNNING, null, "", run.readyAt(now)) : this;
    }

    /** Its process has ended without an order. */
    public Entry exited(Integer code, boolean oom, String why) {
        return to(InstanceState.EXITED, FailureStage.EXIT, why, run.ended(code, oom));
    }

    /** It could not be brought up. */
    public Entry failed(FailureStage where, String why) {
        return to(InstanceState.FAILED, where, why, run.unready());
    }

    /** To be brought up again on its port, from the beginning. */
    public Entry again() {
        return to(InstanceState.ACCEPTED, null, "", run.in(""));
    }

    /** To be stopped and removed. */
    public Entry stopping(int grace) {
        Entry next = to(InstanceState.STOPPING, null, "", run.unready());
        return new Entry(
                spec,
                port,
                adopted,
                next.state,
                stage,
                next.reason,
                state == next.state ? graceSeconds : grace,
                next.run,
                lastLines);
    }

    /** With what the container has said last; the last line becomes part of the reason. */
    public Entry withLastLines(List<String> lines) {
        return new Entry(spec, port, adopted, state, stage, reason + lastOutput(lines), graceSeconds, run, lines);
    }

    /** An exited one with what a closer look at its container has shown. */
    public Entry exitedAs(Inspected seen, List<String> lines) {
        if (state != InstanceState.EXITED) {
            return this;
        }
        String why = Observation.exitReason(seen.exitCode(), seen.oomKilled(), spec.memoryMb()) + lastOutput(lines);
        Run last = run.ended(seen.exitCode(), seen.oomKilled());
        return new Entry(spec, port, adopted, state, stage, why, graceSeconds, last, lines);
    }

    /** With the full order in place of what the labels told. */
    public Entry withSpec(InstanceSpec full) {
        return new Entry(full, port, false, state, stage, reason, graceSeconds, run, lastLines);
    }

    /** Whether the order is this one: an adopted container's labels hold only a part of it. */
    public boolean isOrder(InstanceSpec other) {
        return adopted
                ? spec.instance().equals(other.instance())
                        && spec.app().equals(other.app())
                        && spec.revision().equals(other.revision())
                : spec.equals(other);
    }

    private Entry to(InstanceState next, FailureStage where, String why, Run newRun) {
        if (!NEXT.get(state).contains(next)) {
            return this;
        }
        return new Entry(spec, port, adopted, next, where, why, graceSeconds, newRun, List.of());
    }

    private static String lastOutput(List<String> lines) {
        String last = lines.stream().filter(line -> !line.isBlank()).reduce("", (a, b) -> b);
        return last.isEmpty()
                ? ""
                : "; last output: " + last.replaceAll("\\p{Cntrl}+", " ").strip();
    }

    private static String shorten(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most - 1) + "…";
    }

    private static Map<InstanceState, Set<InstanceState>> next() {
        Set<InstanceState> onTheWay = EnumSet.allOf(InstanceState.class);
        onTheWay.remove(InstanceState.ACCEPTED);
        Map<InstanceState, Set<InstanceState>> next = new EnumMap<>(InstanceState.class);
        next.put(InstanceState.ACCEPTED, onTheWay);
        next.put(InstanceState.PULLING, onTheWay);
        next.put(InstanceState.CREATING, onTheWay);
        next.put(InstanceState.STARTING, onTheWay);
        next.put(
                InstanceState.RUNNING,
                EnumSet.of(
                        InstanceState.RUNNING,
                        InstanceState.ACCEPTED,
                        InstanceState.EXITED,
                        InstanceState.FAILED,
                        InstanceState.STOPPING));
        next.put(
                InstanceState.EXITED,
                EnumSet.of(InstanceState.ACCEPTED, InstanceState.RUNNING, InstanceState.STOPPING));
        next.put(InstanceState.FAILED, EnumSet.of(InstanceState.STOPPING));
        next.put(InstanceState.STOPPING, EnumSet.noneOf(InstanceState.class));
        return next;
    }
}
