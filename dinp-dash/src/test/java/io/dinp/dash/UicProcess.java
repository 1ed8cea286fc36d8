package io.dinp.dash;

import io.dinp.common.testing.Await;
import io.dinp.web.Browser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A real uic in a process of its own, known to these tests by its command line and its HTTP only. */
final class UicProcess implements AutoCloseable {
    static final String TOKEN = "shared-token";

    private final Path config;
    private final Path log;
    private final Process process;
    final String url;

    UicProcess(Path folder, String database, int port, String callback) throws IOException {
        url = "http://127.0.0.1:" + port;
        config = folder.resolve("uic.json");
        log = folder.resolve("uic.log");
        Files.writeString(config, """
                {"http":{"addr":"127.0.0.1","port":%d},"db":{"dsn":"%s"},"token":"%s","callbacks":["%s"]}
                """.formatted(port, database, TOKEN, callback));
        process = program(List.of())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Await.until(Duration.ofSeconds(60), "uic answers, see " + log, () -> process.isAlive() && isHealthy());
    }

    /** Creates a user by uic's own sub-command, the password on its standard input. */
    void createUser(String name, String role, String password) throws IOException, InterruptedException {
        Process command = program(List.of("create-user", name, "--role", role, "--password-stdin"))
                .redirectErrorStream(true)
                .redirectOutput(log.resolveSibling("create-user.log").toFile())
                .start();
        try (var in = command.outputWriter()) {
            in.write(password + "\n");
        }
        if (!command.waitFor(60, TimeUnit.SECONDS) || command.exitValue() != 0) {
            throw new IllegalStateException(Files.readString(log.resolveSibling("create-user.log")));
        }
    }

    /** Fills in the sign-in form that a browser was led to. */
    Browser.Page signIn(Browser browser, Browser.Page form, String name, String password) {
        Map<String, String> fields = form.hidden();
        fields.put("name", name);
        fields.put("password", password);
        return browser.post(url + "/auth/login", fields);
    }

    private ProcessBuilder program(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.dinp.uic.UicMain",
                "-c",
                config.toString()));
        command.addAll(arguments);
        return new ProcessBuilder(command);
    }

    private boolean isHealthy() {
        try {
            return Browser.ofPerson().get(url + "/health").status() == 200;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().orTimeout(15, TimeUnit.SECONDS).join();
    }
}
