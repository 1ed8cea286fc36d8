package io.dinp.e2e.bed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * MySQL, Redis and the registry as containers of the machine's own engine, each with a password, published on the bridge only.
 * Their images are the Hub's unless {@code TEST_IMAGE_<NAME>} names another.
 */
public final class Infrastructure {
    /** The password of every part of the infrastructure: the tests keep nothing secret, but nothing is open either. */
    public static final String PASSWORD = "registry-secret";

    static final int MYSQL_PORT = 13306;
    static final int REDIS_PORT = 16379;
    static final int REGISTRY_PORT = 15000;
    private static final String BCRYPT = "$2y$05$012345678901234567890umVJQQrRerOja/6f.tkakf2oP0X7eGAW";
    private static final List<String> PARTS = List.of("mysql", "redis", "registry");

    private final Site site;

    Infrastructure(Site site) {
        this.site = site;
    }

    /** The registry as engines and images name it. */
    public String registry() {
        return site.address() + ":" + REGISTRY_PORT;
    }

    void start() {
        startMysql();
        startRedis();
        startRegistry();
    }

    void remove() {
        for (String part : PARTS) {
            Shell.attempt("docker", "rm", "-f", "-v", container(part));
        }
    }

    /** Puts the base images that the builder's templates name into the registry, through the address that Docker trusts. */
    void pushBases() {
        String local = "127.0.0.1:" + site.loopbackRegistryPort();
        Await.until(
                Duration.ofSeconds(30),
                "the registry takes a login",
                () -> attempt("login", "-u", "dinp", "-p", PASSWORD, local));
        for (String base : List.of("binary", "gunicorn")) {
            String target = local + "/dinp/" + base + ":1";
            Shell.run("docker", "tag", image("dinp-test/" + base + ":1", base), target);
            Shell.run(cli("push", "-q", target));
            Shell.run("docker", "rmi", target);
        }
    }

    /** Signs an engine's command line on to the registry. */
    void login(Engine engine) {
        engine.docker("login", "-u", "dinp", "-p", PASSWORD, registry());
    }

    /** Runs a statement by the {@code mysql} client that comes with the server. */
    public void mysqlClient(String statement) {
        Shell.run("docker", "exec", container("mysql"), "mysql", "-udinp", "-p" + PASSWORD, "dinp", "-e", statement);
    }

    /** Stops a part as its operator would; its data stay. */
    public void stop(String part) {
        Shell.run("docker", "stop", "-t", "10", container(part));
    }

    /** Kills a part; its data stay as they are at that moment. */
    public void kill(String part) {
        Shell.run("docker", "kill", container(part));
    }

    /** Starts a part that was stopped or killed. */
    public void restart(String part) {
        Shell.run("docker", "start", container(part));
    }

    /** Freezes a part: its connections stay open and nobody answers. */
    public void freeze(String part) {
        Shell.run("docker", "pause", container(part));
    }

    /** Lets a frozen part go on. */
    public void thaw(String part) {
        Shell.run("docker", "unpause", container(part));
    }

    /** Kills Redis and throws its data away. */
    public void destroyRedis() {
        Shell.run("docker", "rm", "-f", "-v", container("redis"));
    }

    /** Keeps what Redis holds now, for {@link #putRedisBack}. */
    public void saveRedis() {
        Shell.run(
                "docker",
                "exec",
                container("redis"),
                "sh",
                "-c",
                "rm -rf /data/saved && cp -a /data/appendonlydir /data/saved");
    }

    /** Kills Redis and starts it with the data that were saved, as after a backup was restored. */
    public void putRedisBack() {
        kill("redis");
        Shell.run(
                "docker",
                "run",
                "--rm",
                "--volumes-from",
                container("redis"),
                "--entrypoint",
                "sh",
                image("redis:7", "redis"),
                "-c",
                "rm -rf /data/appendonlydir && mv /data/saved /data/appendonlydir");
        restart("redis");
    }

    /** Starts an empty Redis. */
    public void startRedis() {
        run(
                "redis",
                image("redis:7", "redis"),
                List.of("-p", published(site.address(), REDIS_PORT, 6379)),
                "redis-server",
                "--requirepass",
                PASSWORD,
                "--appendonly",
                "yes");
    }

    private void startMysql() {
        List<String> options = List.of(
                "-p",
                published(site.address(), MYSQL_PORT, 3306),
                "-e",
                "MYSQL_ROOT_PASSWORD=" + PASSWORD,
                "-e",
                "MYSQL_DATABASE=dinp",
                "-e",
                "MYSQL_USER=dinp",
                "-e",
                "MYSQL_PASSWORD=" + PASSWORD);
        run("mysql", image("mysql:8.4", "mysql"), options, "mysqld");
    }

    private void startRegistry() {
        Path users = site.run().resolve("htpasswd");
        try {
            Files.writeString(users, "dinp:" + BCRYPT + "\n", StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        run(
                "registry",
                image("registry:2", "registry"),
                List.of(
                        "-p",
                        published(site.address(), REGISTRY_PORT, 5000),
                        "-p",
                        published("127.0.0.1", site.loopbackRegistryPort(), 5000),
                        "-v",
                        users + ":/auth/htpasswd:ro",
                        "-v",
                        container("registry") + ":/var/lib/registry",
                        "-e",
                        "REGISTRY_AUTH=htpasswd",
                        "-e",
                        "REGISTRY_AUTH_HTPASSWD_REALM=dinp",
                        "-e",
                        "REGISTRY_AUTH_HTPASSWD_PATH=/auth/htpasswd",
                        "-e",
                        "REGISTRY_STORAGE_DELETE_ENABLED=true"));
    }

    private void run(String part, String image, List<String> options, String... command) {
        List<String> words = new ArrayList<>(List.of("docker", "run", "-d", "--name", container(part)));
        words.addAll(options);
        words.add(image);
        words.addAll(List.of(command));
        Shell.run(words);
    }

    private boolean attempt(String... arguments) {
        return Shell.attempt(cli(arguments)).ok();
    }

    private List<String> cli(String... arguments) {
        return Stream.concat(
                        Stream.of(
                                "docker", "--config", site.run().resolve("cli").toString()),
                        Stream.of(arguments))
                .toList();
    }

    private static String published(String address, int outside, int inside) {
        return address + ":" + outside + ":" + inside;
    }

    private String container(String part) {
        return site.name() + "-" + part;
    }

    private static String image(String original, String name) {
        return System.getenv().getOrDefault("TEST_IMAGE_" + name.toUpperCase(Locale.ROOT), original);
    }
}
