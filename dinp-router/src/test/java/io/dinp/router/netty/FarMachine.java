package io.dinp.router.netty;

import io.dinp.common.model.HostPort;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another machine on a cable of its own, a network namespace that runs {@link FarApp}; it can die as a machine does: without a word. */
final class FarMachine implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 20;

    private final String name = "dinp-far" + ProcessHandle.current().pid();
    private final String net = "198.18." + ProcessHandle.current().pid() % 250 + ".";
    private final Process app;

    FarMachine() throws IOException, InterruptedException {
        remove();
        run("ip", "netns", "add", name);
        run("ip", "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", name);
        run("ip", "addr", "add", net + "1/30", "dev", name);
        run("ip", "link", "set", name, "up");
        inside("ip", "addr", "add", net + "2/30", "dev", "eth0");
        inside("ip", "link", "set", "eth0", "up");
        app = new ProcessBuilder(
                        "ip",
                        "netns",
                        "exec",
                        name,
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FarApp.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader said = new BufferedReader(new InputStreamReader(app.getInputStream(), StandardCharsets.UTF_8));
        if (!"listening".equals(said.readLine())) {
            throw new IOException("the far app does not start");
        }
    }

    HostPort address() {
        return new HostPort(net + "2", FarApp.PORT);
    }

    /** From now on it takes nothing in and says nothing. */
    void die() throws IOException, InterruptedException {
        inside("iptables", "-w", "-A", "INPUT", "-j", "DROP");
        inside("iptables", "-w", "-A", "OUTPUT", "-j", "DROP");
    }

    private void inside(String... command) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", name));
        words.addAll(List.of(command));
        run(words.toArray(String[]::new));
    }

    private static void run(String... command) throws IOException, InterruptedException {
        String failure = attempt(command);
        if (!failure.isEmpty()) {
            throw new IOException(String.join(" ", command) + ": " + failure);
        }
    }

    /** What is wrong with the outcome, "" when nothing is. */
    private static String attempt(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        boolean done = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
        return done ? "" : "failed, saying " + output;
    }

    /** Whatever an earlier process of this number has left. */
    private void remove() throws IOException, InterruptedException {
        attempt("ip", "netns", "del", name);
        attempt("ip", "link", "del", name);
    }

    @Override
    public void close() throws IOException {
        try {
            app.destroyForcibly().waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            remove();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the far machine is taken away", e);
        }
    }
}
