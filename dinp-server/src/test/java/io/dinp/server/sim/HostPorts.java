package io.dinp.server.sim;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.IntConsumer;

/** The host ports of a simulated node: the one that has been free for longest is leased next, a freed one rests until it is released. */
final class HostPorts {

    private static final int FIRST = 20_000;

    private final LinkedHashSet<Integer> free = new LinkedHashSet<>();
    private final LinkedHashSet<Integer> resting = new LinkedHashSet<>();

    HostPorts(int count) {
        for (int port = 0; port < count; port++) {
            free.add(FIRST + port);
        }
    }

    /** A port for an instance, 0 when none is free. */
    int lease() {
        if (free.isEmpty()) {
            return 0;
        }
        int port = free.iterator().next();
        free.remove(port);
        return port;
    }

    /** The instance is gone; what requests still come are not for the next one. */
    void rest(int port) {
        if (port > 0) {
            resting.add(port);
        }
    }

    /** Those that wait for the server's word. */
    List<Integer> resting() {
        return List.copyOf(resting);
    }

    /**
     * Takes the server's word that these ports may be used again.
     *
     * @param each told of each that was waiting for it
     */
    void release(Collection<Integer> ports, IntConsumer each) {
        for (Integer port : ports) {
            if (resting.remove(port)) {
                free.add(port);
                each.accept(port);
            }
        }
    }
}
