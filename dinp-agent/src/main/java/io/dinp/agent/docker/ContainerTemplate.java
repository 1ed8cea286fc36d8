package io.dinp.agent.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.RestartPolicy;
import java.util.List;
import java.util.Map;

/**
 * Turns an order into Docker's words. An app is a stranger's code: it gets its memory and no swap, a bounded number of
 * processes, no new privileges, and of root's capabilities only those that an ordinary web server in a container uses to
 * change its user and own its files.
 */
final class ContainerTemplate {
    /** The port on which every app listens (contract). */
    static final ExposedPort APP_PORT = ExposedPort.tcp(8080);

    private static final long MIB = 1024L * 1024;
    private static final Capability[] KEPT = {
        Capability.CHOWN,
        Capability.DAC_OVERRIDE,
        Capability.FOWNER,
        Capability.KILL,
        Capability.NET_BIND_SERVICE,
        Capability.SETGID,
        Capability.SETUID
    };
    private static final Map<String, String> LOG_ROTATION = Map.of("max-size", "10m", "max-file", "3");

    private final ContainerLimits limits;

    ContainerTemplate(ContainerLimits limits) {
        this.limits = limits;
    }

    CreateContainerCmd command(DockerClient docker, ContainerOrder order) {
        return docker.createContainerCmd(order.image())
                .withName(order.name())
                .withEnv(order.env().entrySet().stream()
                        .map(variable -> variable.getKey() + "=" + variable.getValue())
                        .toList())
                .withLabels(order.labels())
                .withStopSignal("SIGTERM")
                .withExposedPorts(APP_PORT)
                .withHostConfig(host(order));
    }

    private HostConfig host(ContainerOrder order) {
        Ports ports = new Ports();
        ports.bind(APP_PORT, Ports.Binding.bindIpAndPort(order.hostIp(), order.hostPort()));
        return HostConfig.newHostConfig()
                .withPortBindings(ports)
                .withPublishAllPorts(false)
                .withMemory(order.memoryMb() * MIB)
                .withMemorySwap(order.memoryMb() * MIB)
                .withPidsLimit(limits.pids())
                .withCpuShares(limits.cpuShares())
                .withSecurityOpts(List.of("no-new-privileges"))
                .withCapDrop(Capability.ALL)
                .withCapAdd(KEPT)
                .withLogConfig(new LogConfig(LogConfig.LoggingType.JSON_FILE, LOG_ROTATION))
                .withRestartPolicy(RestartPolicy.noRestart());
    }
}
