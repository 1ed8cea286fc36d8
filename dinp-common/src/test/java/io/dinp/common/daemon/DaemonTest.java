package io.dinp.common.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DaemonTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<String> done = new ArrayList<>();

    @TempDir
    Path folder;

    @Test
    void theVersionNeedsNoConfiguration() {
        assertEquals(0, run("-v"));
        assertTrue(out().startsWith("dinp-toy "), out());
    }

    @Test
    void aConfigurationIsChecked() throws IOException {
        assertEquals(0, run("-c", file("{\"port\": 1}"), "--check-config"));
        assertTrue(out().endsWith("ok\n"), out());
        assertEquals(List.of(), done);
    }

    @Test
    void aConfigurationIsPrintedWithoutSecrets() throws IOException {
        assertEquals(0, run("-c", file("{\"token\": \"geheim\"}"), "--print-config"));
        assertTrue(out().contains("\"port\" : 80") && out().contains("****") && !out().contains("geheim"), out());
    }

    @Test
    void whatIsWrongIsToldAtOnceAndEndsWith1() throws IOException {
        assertEquals(1, run("-c", file("{\"port\": \"x\", \"prot\": 1}")));
        assertTrue(err().contains("port 'x'") && err().contains("prot"), err());
        assertFalse(err().contains("Exception"), err());
        assertEquals(List.of(), done);
    }

    @Test
    void aMissingFileIsTold() {
        assertEquals(1, run("-c", folder.resolve("none.json").toString()));
        assertTrue(err().contains("none.json"), err());
    }

    @Test
    void wrongUseIsToldWithTheUsage() {
        assertEquals(2, run("--nonsense"));
        assertEquals(2, run("-c"));
        assertTrue(err().contains("--nonsense") && err().contains("usage: dinp-toy -c cfg.json"), err());
    }

    @Test
    void aSubCommandGetsItsArgumentsAndGivesItsStatus() throws IOException {
        assertEquals(7, run("-c", file("{}"), "create-user", "root", "--role", "root"));
        assertEquals(List.of("80 [root, --role, root]"), done);
    }

    @Test
    void aDaemonThatCannotStartStopsItsPartsAndEndsWith1() throws IOException {
        Starter<Integer> broken = (config, life) -> {
            life.own("part", () -> done.add("closed"));
            throw new IOException("port taken");
        };
        assertEquals(1, run(broken, "-c", file("{}")));
        assertEquals(List.of("closed"), done);
    }

    @Test
    void aDaemonRunsUntilItIsStopped() throws IOException {
        Starter<Integer> starter = (config, life) -> {
            life.own("first", () -> done.add("first"));
            life.own("second", () -> done.add("second"));
            done.add("started " + config);
            life.stop();
        };
        assertEquals(0, run(starter, "-c", file("{\"port\": 8080}")));
        assertEquals(List.of("started 8080", "second", "first"), done);
    }

    private int run(String... args) {
        return run((config, life) -> done.add("started"), args);
    }

    private int run(Starter<Integer> starter, String... args) {
        return Daemon.run(
                "toy",
                Arrays.asList(args),
                settings -> {
                    settings.secret("token", "");
                    return settings.integer("port", 80, 1, 65535);
                },
                starter,
                Map.of("create-user", (config, arguments) -> {
                    done.add(config + " " + arguments);
                    return 7;
                }),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private String file(String json) throws IOException {
        return Files.writeString(folder.resolve("cfg.json"), json).toString();
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
