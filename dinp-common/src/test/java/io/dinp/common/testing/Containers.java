package io.dinp.common.testing;

import io.dinp.common.config.Dsn;
import io.dinp.common.config.Secret;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.mysql.MySQLContainer;
import org.testcontainers.utility.DockerImageName;

/** Real MySQL, Redis and registry for integration tests: started at the first use, one of each for all tests of a module. */
public final class Containers {
    /** Redis runs with this password. */
    public static final Secret REDIS_PASSWORD = new Secret("redis-test");

    private static final int REDIS_PORT = 6379;
    private static final int REGISTRY_PORT = 5000;
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private Containers() {}

    private static final class Mysql {
        @SuppressWarnings("resource") // lives as long as the test JVM, whose end removes it
        static final MySQLContainer INSTANCE = start(new MySQLContainer(DockerImageName.parse("mysql:8.4"))
                .withUsername("root")
                .withPassword("mysql-test"));
    }

    private static final class Redis {
        @SuppressWarnings("resource") // lives as long as the test JVM, whose end removes it
        static final GenericContainer<?> INSTANCE = start(new GenericContainer<>(DockerImageName.parse("redis:7"))
                .withCommand("redis-server", "--requirepass", REDIS_PASSWORD.value())
                .withExposedPorts(REDIS_PORT));
    }

    private static final class Registry {
        @SuppressWarnings("resource") // lives as long as the test JVM, whose end removes it
        static final GenericContainer<?> INSTANCE = start(new GenericContainer<>(DockerImageName.parse("registry:2"))
                .withExposedPorts(REGISTRY_PORT)
                .waitingFor(Wait.forListeningPort()));
    }

    private static <C extends GenericContainer<?>> C start(C container) {
        container.start();
        Runtime.getRuntime().addShutdownHook(new Thread(container::stop, "remove-container"));
        return container;
    }

    /** The running MySQL. */
    public static MySQLContainer mysql() {
        return Mysql.INSTANCE;
    }

    /** An empty database of its own. */
    public static Dsn emptyDatabase() {
        String name = "test" + DATABASES.incrementAndGet();
        MySQLContainer mysql = mysql();
        try (Connection connection = mysql.createConnection("");
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name + " character set utf8mb4");
        } catch (SQLException e) {
            throw new IllegalStateException("could not create the database " + name, e);
        }
        return Dsn.mysql("root:" + mysql.getPassword() + "@tcp(" + mysql.getHost() + ":"
                + mysql.getMappedPort(MySQLContainer.MYSQL_PORT) + ")/" + name);
    }

    /** The running Redis, which wants {@link #REDIS_PASSWORD}. */
    public static GenericContainer<?> redis() {
        return Redis.INSTANCE;
    }

    /** {@code host:port} of Redis. */
    public static String redisAddress() {
        return redis().getHost() + ":" + redis().getMappedPort(REDIS_PORT);
    }

    /** The running registry, open to all. */
    public static GenericContainer<?> registry() {
        return Registry.INSTANCE;
    }

    /** {@code host:port} of the registry, on loopback, which Docker allows without TLS. */
    public static String registryAddress() {
        return "127.0.0.1:" + registry().getMappedPort(REGISTRY_PORT);
    }
}
