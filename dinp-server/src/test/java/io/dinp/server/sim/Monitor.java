package io.dinp.server.sim;

/** The health monitor: at its interval it tells the server of each sick instance. */
final class Monitor {

    private static final long INTERVAL_MS = 5_000;

    private final World world;

    Monitor(World world) {
        this.world = world;
        world.time.after(INTERVAL_MS, this::round);
    }

    private void round() {
        for (SimNode node : world.nodes.values()) {
            for (SimContainer container : node.journal.values()) {
                if (container.sick && container.running) {
                    world.host.server().ifPresent(server -> server.replace(container.spec.instance(), "500"));
                }
            }
        }
        world.time.after(INTERVAL_MS, this::round);
    }
}
