package io.dinp.agent.journal;

import io.dinp.agent.core.PortLeases;
import io.dinp.agent.core.PortRange;
import io.dinp.common.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The port leases with their file: a port that rests goes on resting when the agent comes back. Thread-safe. */
public final class PortBook {
    private static final Logger log = LoggerFactory.getLogger(PortBook.class);

    private final Path file;
    private final PortLeases leases;

    private PortBook(Path file, PortLeases leases) {
        this.file = file;
        this.leases = leases;
    }

    /** Reads the book of the state directory; when it is unreadable every port rests until the server releases it. */
    public static PortBook open(Path stateDir, PortRange range) throws IOException {
        Path file = stateDir.resolve("ports.json");
        return new PortBook(file, new PortLeases(range, read(file, range)));
    }

    /** Leases the port that has been out of use longest, empty when there is none. */
    public synchronized OptionalInt lease() {
        return leases.lease();
    }

    /** Takes back a lease that has come to nothing. */
    public synchronized void cancel(int port) {
        leases.cancel(port);
    }

    /** Marks the port of an instance that is there already. */
    public synchronized void claim(int port) {
        leases.claim(port);
    }

    /** Ends a lease; on disk before it returns. */
    public synchronized void rest(int port) {
        leases.rest(port);
        save();
    }

    /** Frees the resting ports among those that every router has forgotten. */
    public synchronized void release(Collection<Integer> ports) {
        if (leases.release(ports)) {
            save();
        }
    }

    /** The ports that wait for the server's word. */
    public synchronized List<Integer> resting() {
        return leases.resting();
    }

    /** Why there is no port. */
    public synchronized String shortage() {
        return leases.shortage();
    }

    private void save() {
        try {
            DurableFile.write(file, Json.writeBytes(leases.saved()));
        } catch (IOException e) {
            throw new UncheckedIOException("port book: " + e.getMessage(), e);
        }
    }

    private static PortLeases.Saved read(Path file, PortRange range) throws IOException {
        if (!Files.exists(file)) {
            return PortLeases.Saved.NONE;
        }
        try {
            return Json.read(Files.readAllBytes(file), PortLeases.Saved.class);
        } catch (RuntimeException | IOException e) {
            log.warn(
                    "port book set aside, every free port rests until the server releases it file={} reason={}",
                    DurableFile.setAside(file),
                    String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
            return PortLeases.allResting(range);
        }
    }
}
