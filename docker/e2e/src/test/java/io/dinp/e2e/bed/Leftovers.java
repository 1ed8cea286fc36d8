package io.dinp.e2e.bed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What an aborted run has left behind: processes whose command line names this test bed's own folder. Nothing else is touched.
 */
final class Leftovers {
    private Leftovers() {}

    /** Ends the processes and removes what lasts for one run; the engines' images stay. */
    static void remove(Site site) {
        List<ProcessHandle> own = processesOf(site.home());
        own.forEach(ProcessHandle::destroy);
        Await.until(
                Duration.ofSeconds(25),
                "processes of an earlier run end",
                () -> own.stream().noneMatch(ProcessHandle::isAlive));
        deleteTree(site.run());
    }

    /** The processes whose command line names something in a folder. */
    static List<ProcessHandle> processesOf(Path folder) {
        return ProcessHandle.allProcesses()
                .filter(process -> commandLine(process.pid()).contains(folder + "/"))
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .toList();
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline"));
        } catch (IOException e) {
            return "";
        }
    }

    private static void deleteTree(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
