package io.dinp.e2e.bed;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A real Docker engine in a network namespace of its own: one node. Its images stay on disk between runs, its containers do not.
 */
public final class Engine {
    private static final int APP_PORT = 8080;

    private final Site site;
    private final int node;
    private final Path home;
    private Process daemon;

    Engine(Site site, int node) {
        this.site = site;
        this.node = node;
        this.home = site.home().resolve(name());
    }

    /** The node's name within the bed, {@code n1}. */
    public String name() {
        return "n" + node;
    }

    /** The name of the network namespace. */
    public String namespace() {
        return site.namespace(node);
    }

    /** The node's address on the bridge. */
    public String address() {
        return site.nodeAddress(node);
    }

    /** The socket's path, as the agent's and builder's configuration want it. */
    public Path socket() {
        return home.resolve("docker.sock");
    }

    /** Starts the engine without any container of an earlier run. */
    void start(String insecureRegistry) {
        boot(insecureRegistry);
        removeContainers();
    }

    /** Starts the engine as its machine would at boot. */
    void boot(String insecureRegistry) {
        try {
            Files.createDirectories(home);
            Files.deleteIfExists(home.resolve("docker.pid"));
            daemon = new ProcessBuilder(command(insecureRegistry))
                    .redirectErrorStream(true)
                    .redirectOutput(home.resolve("dockerd.log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start dockerd " + name(), e);
        }
        Await.until(Duration.ofSeconds(30), "engine " + name() + " answers", this::answersWhileAlive, this::log);
    }

    /** SIGSTOP for the engine; its containers serve on. */
    public void pause() {
        Signals.stop(daemon.pid());
    }

    /** SIGCONT for the engine. */
    public void resume() {
        Signals.go(daemon.pid());
    }

    /** Ends the engine and all its containers at once, by SIGKILL, as a power cut would. */
    public void powerOff() {
        List<Long> apps = docker("ps", "-q")
                .lines()
                .map(id -> Long.parseLong(docker("inspect", "-f", "{{.State.Pid}}", id)))
                .toList();
        List<ProcessHandle> all = new ArrayList<>(Leftovers.processesOf(home));
        apps.forEach(pid -> ProcessHandle.of(pid).ifPresent(all::add));
        all.forEach(ProcessHandle::destroyForcibly);
        Await.until(
                Duration.ofSeconds(10),
                "node " + name() + " is dead",
                () -> all.stream().noneMatch(ProcessHandle::isAlive));
    }

    /** Ends the engine and with it its containers. */
    void stop() {
        if (daemon == null) {
            return;
        }
        if (daemon.isAlive()) {
            removeContainers();
        }
        daemon.destroy();
        try {
            if (!daemon.waitFor(20, TimeUnit.SECONDS)) {
                daemon.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            daemon.destroyForcibly();
        }
    }

    /** Runs {@code docker} against this engine; it must succeed. */
    public String docker(String... arguments) {
        return Shell.run(cli(arguments));
    }

    /** Runs {@code docker} against this engine. */
    public Shell.Result attempt(String... arguments) {
        return Shell.attempt(cli(arguments));
    }

    /** The containers of DINP apps here, running or not. One cheap call: tests ask for it many times a second. */
    public List<Container> containers() {
        JsonNode all = new EngineApi(socket())
                .get("/containers/json?all=1&filters=%7B%22label%22%3A%5B%22io.dinp.app%22%5D%7D");
        List<Container> containers = new ArrayList<>();
        all.forEach(one -> containers.add(container(one)));
        return containers;
    }

    private Container container(JsonNode json) {
        JsonNode labels = json.path("Labels");
        String published = "";
        for (JsonNode port : json.path("Ports")) {
            if (port.path("PrivatePort").asInt() == APP_PORT && port.has("PublicPort")) {
                published =
                        port.path("IP").asText() + ":" + port.path("PublicPort").asInt();
            }
        }
        return new Container(
                this,
                json.path("Id").asText(),
                labels.path("io.dinp.app").asText(),
                json.path("State").asText(),
                labels.path("io.dinp.instance").asText(),
                labels.path("e2e.version").asText(),
                published);
    }

    /**
     * One container of an app, as the engine lists it.
     *
     * @param version a label of its image
     * @param published the address that the node publishes 8080 at, {@code ip:port}; empty when it does not run
     */
    public record Container(
            Engine engine, String id, String app, String state, String instance, String version, String published) {
        /** Whether Docker calls it running. */
        public boolean running() {
            return state.equals("running");
        }

        /** Kills the app's process from outside, as the kernel's OOM killer would; answers when, in {@link System#nanoTime()}. */
        public long kill() {
            long pid = Long.parseLong(engine.docker("inspect", "-f", "{{.State.Pid}}", id));
            ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
            long now = System.nanoTime();
            process.destroyForcibly();
            return now;
        }

        /** The environment that the app sees. */
        public Map<String, String> env() {
            return engine.docker("inspect", "-f", "{{range .Config.Env}}{{println .}}{{end}}", id)
                    .lines()
                    .filter(line -> line.contains("="))
                    .collect(Collectors.toMap(
                            line -> line.substring(0, line.indexOf('=')),
                            line -> line.substring(line.indexOf('=') + 1)));
        }
    }

    private List<String> command(String insecureRegistry) {
        List<String> words =
                new ArrayList<>(List.of("setsid", "nsenter", "--net=/var/run/netns/" + namespace(), "dockerd"));
        words.addAll(List.of("--data-root", home.resolve("data").toString()));
        words.addAll(List.of("--exec-root", home.resolve("exec").toString()));
        words.addAll(List.of("--pidfile", home.resolve("docker.pid").toString()));
        words.addAll(List.of("-H", "unix://" + socket(), "--bip", site.containerRange(node)));
        words.addAll(List.of("--config-file", configuration(insecureRegistry).toString()));
        return words;
    }

    /** A file of its own: the machine's daemon.json is for the machine's engine. */
    private Path configuration(String insecureRegistry) {
        String json = "{\"userland-proxy\": false, \"insecure-registries\": [\"" + insecureRegistry + "\"]}";
        try {
            return Files.writeString(home.resolve("daemon.json"), json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean answersWhileAlive() {
        if (!daemon.isAlive()) {
            throw new AssertionError("dockerd " + name() + " ended with " + daemon.exitValue() + log());
        }
        return attempt("version").ok();
    }

    private List<String> cli(String... arguments) {
        return Stream.concat(
                        Stream.of("docker", "--config", home.resolve("cli").toString(), "-H", "unix://" + socket()),
                        Stream.of(arguments))
                .toList();
    }

    private void removeContainers() {
        List<String> ids = docker("ps", "-aq").lines().toList();
        if (!ids.isEmpty()) {
            docker(Stream.concat(Stream.of("rm", "-f", "-v"), ids.stream()).toArray(String[]::new));
        }
    }

    private String log() {
        return Logs.tail(home.resolve("dockerd.log"), 20);
    }
}
