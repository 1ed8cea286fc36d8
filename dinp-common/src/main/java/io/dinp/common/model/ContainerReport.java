package io.dinp.common.model;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * One container, or one order that has no container yet, in a beat. The first five fields are the original's, the rest may
 * be absent; without an instance id it is a container of the original.
 *
 * @param image text of the app's row, never the digest or id that Docker shows after a tag has moved
 * @param reason for a person: why it failed or is not ready
 * @param startedAt epoch milliseconds, 0 when it has not started
 * @param readyAt epoch milliseconds, 0 when it is not ready
 * @param leasedPort host port that is kept for it even while it does not run and {@code ports} is empty, 0 without one: routers may
 *     still send requests there after a power cut
 */
public record ContainerReport(
        @JsonProperty("Id") String id,
        @JsonProperty("Image") String image,
        @JsonProperty("AppName") String appName,
        @JsonProperty("Ports") List<PortMapping> ports,
        @JsonProperty("Status") String status,
        @JsonProperty("Instance") String instance,
        @JsonProperty("Revision") String revision,
        @JsonProperty("Cluster") String cluster,
        @JsonProperty("State") InstanceState state,
        @JsonProperty("Stage") FailureStage stage,
        @JsonProperty("Reason") String reason,
        @JsonProperty("ExitCode") Integer exitCode,
        @JsonProperty("OomKilled") boolean oomKilled,
        @JsonProperty("Ready") boolean ready,
        @JsonProperty("StartedAt") long startedAt,
        @JsonProperty("ReadyAt") long readyAt,
        @JsonProperty("MemoryMb") int memoryMb,
        @JsonProperty("Digest") String digest,
        @JsonProperty("LeasedPort") int leasedPort) {

    public ContainerReport {
        id = orEmpty(id);
        image = orEmpty(image);
        appName = orEmpty(appName);
        ports = ports == null ? List.of() : List.copyOf(ports);
        status = orEmpty(status);
        instance = orEmpty(instance);
        revision = orEmpty(revision);
        cluster = orEmpty(cluster);
        reason = orEmpty(reason);
        digest = orEmpty(digest);
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }

    /** Whether this is a container of the original: known by its {@code APP_NAME} alone. */
    @JsonIgnore
    public boolean isLegacy() {
        return instance.isEmpty();
    }
}
