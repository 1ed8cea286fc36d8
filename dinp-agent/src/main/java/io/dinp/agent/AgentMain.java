package io.dinp.agent;

import io.dinp.agent.core.LocalIp;
import io.dinp.agent.core.NodeFacts;
import io.dinp.agent.docker.ContainerEvents;
import io.dinp.agent.docker.DockerCalls;
import io.dinp.agent.docker.DockerEngine;
import io.dinp.agent.docker.LocalImages;
import io.dinp.agent.http.AgentApi;
import io.dinp.agent.images.ImageBook;
import io.dinp.agent.images.ImageCleaning;
import io.dinp.agent.images.ImagePulls;
import io.dinp.agent.images.ImageSupply;
import io.dinp.agent.instances.Instances;
import io.dinp.agent.instances.LegacyContainers;
import io.dinp.agent.instances.Lookout;
import io.dinp.agent.journal.ImageFile;
import io.dinp.agent.journal.Journal;
import io.dinp.agent.journal.NodeIdentity;
import io.dinp.agent.journal.PortBook;
import io.dinp.agent.node.Machine;
import io.dinp.agent.probe.Prober;
import io.dinp.agent.rpc.Heartbeats;
import io.dinp.common.config.ConfigException;
import io.dinp.common.daemon.Daemon;
import io.dinp.common.daemon.Lifecycle;
import io.dinp.common.daemon.Ticker;
import io.dinp.common.http.ApiServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Wires the agent together: journal, Docker, instances, API, heartbeats. */
public final class AgentMain {
    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(2);

    private static final Duration CLEAN_INTERVAL = Duration.ofMinutes(1);

    private AgentMain() {}

    /** Runs the agent; the options are those of every daemon. */
    public static void main(String[] args) {
        Daemon.main("agent", args, AgentConfig::of, (config, life) -> start(config, life, Machine.bootId()));
    }

    /**
     * Starts the agent's parts and answers the port of its API.
     *
     * @param bootId the machine's boot; a test says another one to play a power cut
     */
    static int start(AgentConfig config, Lifecycle life, String bootId) throws IOException {
        String ip = localIp(config);
        Journal journal = life.own("journal", Journal.open(config.stateDir(), life.health()));
        PortBook ports = PortBook.open(config.stateDir(), config.ports());
        ApiServer server = ApiServer.bind("agent", config.httpAddr(), config.httpPort(), life.health(), config.token());
        NodeFacts node = facts(config, ip, bootId, server.port());

        DockerCalls calls = life.own("docker", new DockerCalls(config.docker()));
        DockerEngine engine = new DockerEngine(calls, config.limits());
        LocalImages images = life.own("pulls", new LocalImages(calls, config.registries(), config.pulls()));
        ImageBook book = new ImageBook(new ImageFile(config.stateDir()));
        ImageSupply supply = new ImageSupply(images, book, System::currentTimeMillis);
        Prober prober = new Prober(Duration.ofSeconds(1), Duration.ofSeconds(5));
        Heartbeats beats = life.own(
                "heartbeats", new Heartbeats(config.servers(), config.timeout(), config.token(), ports::release));
        Signals signals = new Signals();
        Instances instances = life.own(
                "instances",
                new Instances(
                        node, journal, ports, engine, supply, prober, System::currentTimeMillis, signals::changed));
        LegacyContainers legacy = new LegacyContainers(engine, prober);
        Lookout lookout = new Lookout(engine, images, instances, legacy, life.health(), signals::changed);
        ImagePulls pulls = life.own("image-orders", new ImagePulls(supply, signals::changed));
        AgentLoop loop = new AgentLoop(node, capacityMb(config), lookout, instances, ports, pulls, beats);
        ImageCleaning cleaning =
                new ImageCleaning(images, book, instances::entries, config.images(), System::currentTimeMillis);

        Ticker beat = life.own("beat", new Ticker("beat", config.interval(), loop::tick));
        Ticker look = life.own("look", new Ticker("look", LOOK_INTERVAL, lookout::look));
        Ticker clean = life.own("images", new Ticker("images", CLEAN_INTERVAL, cleaning::look));
        signals.onChange(beat::signal);
        ContainerEvents events = life.own(
                "events",
                new ContainerEvents(
                        calls,
                        event -> {
                            instances.event(event);
                            legacy.event(event);
                            look.signal();
                        },
                        look::signal));

        instances.resume();
        beats.start();
        events.start();
        look.start();
        beat.start();
        clean.start();
        new AgentApi(instances, pulls, node.cluster(), Machine::steadyMillis).serve(server);
        life.own("api", server).start();
        return server.port();
    }

    private static String localIp(AgentConfig config) throws IOException {
        try {
            return LocalIp.choose(config.localIp(), Machine.nics(), Machine.defaultSource());
        } catch (IllegalArgumentException e) {
            throw new ConfigException(List.of(e.getMessage()));
        }
    }

    private static NodeFacts facts(AgentConfig config, String ip, String bootId, int port) throws IOException {
        return new NodeFacts(
                ip,
                NodeIdentity.of(config.stateDir()),
                config.cluster(),
                bootId,
                port,
                config.labels(),
                config.token().value(),
                Daemon.version());
    }

    private static long capacityMb(AgentConfig config) throws IOException {
        long memory = config.memoryMb() == 0 ? Machine.memory().totalMb() : config.memoryMb();
        return Math.max(0, memory - config.reserveMb());
    }
}
