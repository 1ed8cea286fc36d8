package io.dinp.server.sim;

import io.dinp.common.model.ContainerReport;
import io.dinp.common.model.FailureStage;
import io.dinp.common.model.InstanceSpec;
import io.dinp.common.model.InstanceState;
import io.dinp.common.model.PortMapping;
import java.util.HexFormat;
import java.util.List;

/** One entry of an agent's journal, and the process that it is about. */
final class SimContainer {

    final InstanceSpec spec;
    final int port;
    private final String digest;
    InstanceState state = InstanceState.ACCEPTED;
    FailureStage stage;
    String reason = "";
    Integer exitCode;
    int boot;
    long startedAt;
    long readyAt;
    /** Whether the agent's probe has succeeded. */
    boolean ready;
    /** Whether its process runs, and so holds the port. */
    boolean running;
    /** Whether the health monitor finds it sick. */
    boolean sick;
    /** Since when it has served without a break, by the world's clock. */
    long servesSince = Long.MAX_VALUE;
    /** Raised with each step, so that an earlier wish to take one comes to nothing. */
    long turn;

    SimContainer(InstanceSpec spec, int port) {
        this.spec = spec;
        this.port = port;
        this.digest = digestOf(spec.image());
    }

    /** What a pull of an image gives. */
    static String digestOf(String image) {
        return "sha256:" + "0".repeat(56) + HexFormat.of().toHexDigits(image.hashCode());
    }

    /** True when it would answer a request. */
    boolean serves() {
        return running && ready && state == InstanceState.RUNNING;
    }

    /** True while it uses memory, or soon will. */
    boolean usesMemory() {
        return state != InstanceState.EXITED && state != InstanceState.FAILED;
    }

    boolean behaves(String how) {
        return spec.image().contains(how);
    }

    ContainerReport report() {
        boolean published = startedAt > 0 && (state == InstanceState.RUNNING || state == InstanceState.STOPPING);
        return new ContainerReport(
                "c-" + spec.instance(),
                spec.image(),
                spec.app(),
                published ? List.of(new PortMapping(port)) : List.of(),
                "",
                spec.instance(),
                spec.revision(),
                "dinp",
                state,
                stage,
                reason,
                exitCode,
                false,
                ready,
                startedAt,
                readyAt,
                spec.memoryMb(),
                startedAt > 0 ? digest : "",
                port);
    }

    @Override
    public String toString() {
        return spec.app() + "/" + spec.instance().substring(0, 6) + " " + spec.image() + " :" + port + " " + state
                + (ready ? " ready" : "") + (running ? "" : " down") + (sick ? " sick" : "");
    }

    /** Its process has ended by itself. */
    void exited() {
        state = InstanceState.EXITED;
        stage = FailureStage.EXIT;
        exitCode = 137;
        ready = false;
    }

    /** It could not be brought up. */
    void failed(FailureStage where, String why) {
        state = InstanceState.FAILED;
        stage = where;
        reason = why;
        ready = false;
    }
}
