package io.dinp.agent;

import io.dinp.agent.core.ImageChoice;
import io.dinp.agent.core.PortRange;
import io.dinp.agent.docker.ContainerLimits;
import io.dinp.agent.docker.LocalImages.Account;
import io.dinp.common.config.Secret;
import io.dinp.common.config.Settings;
import io.dinp.common.model.HostPort;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What an operator may set; {@code conf/cfg.example.json} says what each key means.
 *
 * @param localIp address of the node, empty to find it
 * @param servers where the heartbeats go
 * @param interval between two beats when nothing changes
 * @param timeout for one beat to one server
 * @param docker endpoint of the engine
 * @param token shared secret of API and heartbeats
 * @param cluster name of the cluster
 * @param stateDir what must survive a restart
 * @param ports host ports for instances
 * @param memoryMb memory for instances and reserve, 0 for all that the machine has
 * @param reserveMb memory that instances never get
 * @param limits limits of every container
 * @param pulls most different images pulled at once
 * @param images which fetched images go again
 * @param registries accounts by registry
 * @param labels what placement may spread by
 * @param httpAddr address of the API
 * @param httpPort port of the API
 */
public record AgentConfig(
        String localIp,
        List<HostPort> servers,
        Duration interval,
        Duration timeout,
        URI docker,
        Secret token,
        String cluster,
        Path stateDir,
        PortRange ports,
        int memoryMb,
        int reserveMb,
        ContainerLimits limits,
        int pulls,
        ImageChoice.Rules images,
        Map<String, Account> registries,
        Map<String, String> labels,
        String httpAddr,
        int httpPort) {

    private static final int MAX_MB = 64 * 1024 * 1024;

    /** Reads the settings; what is wrong is noted in them. */
    public static AgentConfig of(Settings settings) {
        settings.ignored("debug", "the log's level is the environment variable DINP_LOG_LEVEL");
        settings.ignored("dockerPort", "the agent alone talks to Docker, over its socket");
        settings.ignored("go_max_procs", "there is no Go any more");
        return new AgentConfig(
                settings.text("localIp", ""),
                servers(settings),
                settings.seconds("interval", 5, 1, 3600),
                settings.millis("timeout", 1000, 10, 60_000),
                docker(settings),
                token(settings),
                cluster(settings),
                Path.of(settings.text("stateDir", "/var/lib/dinp/agent")).toAbsolutePath(),
                ports(settings),
                settings.integer("memory", 0, 0, MAX_MB),
                settings.integer("reserve", 256, 0, MAX_MB),
                new ContainerLimits(
                        settings.integer("cpuShares", 1024, 2, 262_144),
                        settings.integer("pidsLimit", 512, 16, 4_194_304)),
                settings.integer("pulls", 3, 1, 100),
                images(settings),
                registries(settings),
                settings.map("labels", Map.of()),
                settings.text("http.addr", "0.0.0.0"),
                settings.integer("http.port", 1971, 0, 65_535));
    }

    private static ImageChoice.Rules images(Settings settings) {
        return new ImageChoice.Rules(
                settings.integer("images.keep", 5, 0, 1000),
                settings.minutes("images.rest", 10, 1, 10_000).toMillis(),
                settings.integer("images.diskPercent", 80, 1, 100),
                settings.integer("images.inodePercent", 80, 1, 100));
    }

    private static List<HostPort> servers(Settings settings) {
        List<HostPort> servers = new ArrayList<>();
        for (String text : settings.list("servers", List.of("127.0.0.1:1970"))) {
            try {
                servers.add(HostPort.parse(text));
            } catch (IllegalArgumentException e) {
                settings.reject("servers", text, "use host:port, such as 10.0.0.1:1970");
            }
        }
        if (servers.isEmpty()) {
            settings.reject("servers", "", "name at least one server as host:port");
        }
        return servers;
    }

    private static URI docker(Settings settings) {
        String text = settings.text("docker", "unix:///var/run/docker.sock");
        if (!text.matches("(unix:///|tcp://).+")) {
            settings.reject("docker", text, "use unix:///path/of/docker.sock");
            return URI.create("unix:///var/run/docker.sock");
        }
        return URI.create(text);
    }

    private static Secret token(Settings settings) {
        Secret token = settings.secret("token", "");
        if (token.isEmpty()) {
            settings.reject(
                    "token", "", "set the server's agentToken, in the file or by " + settings.variable("token"));
        }
        return token;
    }

    private static String cluster(Settings settings) {
        String cluster = settings.text("cluster", "dinp");
        if (!cluster.matches("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}")) {
            settings.reject("cluster", cluster, "use letters, digits, '-', '_' and '.', at most 63");
        }
        return cluster;
    }

    private static PortRange ports(Settings settings) {
        String text = settings.text("ports", "20000-29999");
        try {
            return PortRange.parse(text);
        } catch (IllegalArgumentException e) {
            settings.reject("ports", text, "use a range such as 20000-29999");
            return new PortRange(20000, 29999);
        }
    }

    private static Map<String, Account> registries(Settings settings) {
        Map<String, Account> accounts = new LinkedHashMap<>();
        for (Map<String, String> one : settings.objects("registries")) {
            String registry = one.getOrDefault("registry", "");
            if (registry.isEmpty() || !one.keySet().equals(Set.of("registry", "user", "password"))) {
                settings.reject("registries", registry, "give each one registry, user and password");
            } else {
                accounts.put(registry, new Account(one.get("user"), new Secret(one.get("password"))));
            }
        }
        return accounts;
    }
}
