package io.dinp.agent.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.ContainerPort;
import com.github.dockerjava.api.model.NetworkSettings;
import com.github.dockerjava.api.model.Ports;
import io.dinp.agent.core.Inspected;
import io.dinp.agent.core.Listed;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** Reads the engine's answers into the agent's own records. */
final class ContainerReader {
    private static final long MIB = 1024L * 1024;

    private ContainerReader() {}

    static Listed listed(Container container) {
        ContainerPort[] ports = container.getPorts() == null ? new ContainerPort[0] : container.getPorts();
        return new Listed(
                container.getId(),
                "running".equals(container.getState()),
                Objects.requireNonNullElse(container.getStatus(), ""),
                Arrays.stream(ports).anyMatch(ContainerReader::isAppPort),
                container.getLabels() == null ? Map.of() : Map.copyOf(container.getLabels()));
    }

    static Inspected inspected(InspectContainerResponse container) {
        InspectContainerResponse.ContainerState state = container.getState();
        Map<String, String> labels = container.getConfig().getLabels();
        Long memory = container.getHostConfig().getMemory();
        return new Inspected(
                container.getId(),
                Objects.requireNonNullElse(container.getConfig().getImage(), ""),
                Boolean.TRUE.equals(state.getRunning()),
                millis(state.getStartedAt()),
                state.getExitCodeLong() == null ? 0 : state.getExitCodeLong().intValue(),
                Boolean.TRUE.equals(state.getOOMKilled()),
                address(container.getNetworkSettings()),
                publicPort(container.getNetworkSettings()),
                memory == null ? 0 : (int) (memory / MIB),
                env(container.getConfig().getEnv()),
                labels == null ? Map.of() : Map.copyOf(labels));
    }

    private static boolean isAppPort(ContainerPort port) {
        return Objects.equals(port.getPrivatePort(), ContainerTemplate.APP_PORT.getPort())
                && "tcp".equals(port.getType())
                && port.getPublicPort() != null
                && !String.valueOf(port.getIp()).contains(":");
    }

    private static String address(NetworkSettings network) {
        Map<String, ContainerNetwork> networks = network.getNetworks();
        return networks == null
                ? ""
                : networks.values().stream()
                        .map(ContainerNetwork::getIpAddress)
                        .filter(ip -> ip != null && !ip.isEmpty())
                        .findFirst()
                        .orElse("");
    }

    /** The IPv4 binding of 8080/tcp and nothing else, 0 without one. */
    private static int publicPort(NetworkSettings network) {
        Ports ports = network.getPorts();
        Ports.Binding[] bindings = ports == null ? null : ports.getBindings().get(ContainerTemplate.APP_PORT);
        if (bindings == null) {
            return 0;
        }
        return Arrays.stream(bindings)
                .filter(binding -> !String.valueOf(binding.getHostIp()).contains(":"))
                .mapToInt(binding -> Integer.parseInt(binding.getHostPortSpec()))
                .findFirst()
                .orElse(0);
    }

    private static Map<String, String> env(String[] variables) {
        Map<String, String> env = new HashMap<>();
        for (String variable : variables == null ? new String[0] : variables) {
            int equals = variable.indexOf('=');
            if (equals > 0) {
                env.put(variable.substring(0, equals), variable.substring(equals + 1));
            }
        }
        return env;
    }

    /** The engine writes the year 1 for never. */
    private static long millis(String time) {
        return time == null || time.isEmpty()
                ? 0
                : Math.max(0, Instant.parse(time).toEpochMilli());
    }
}
