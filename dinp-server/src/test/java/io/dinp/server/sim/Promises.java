package io.dinp.server.sim;

import io.dinp.server.core.AppRow;
import java.util.Map;
import java.util.TreeMap;

/** How many instances of each app must serve: as many as once did, less those that a fault took or a person gave up. */
final class Promises {

    /** Longer than Redis takes for a write when it is slow: so long after it was begun one may still be done. */
    static final long WRITTEN_MS = 2_500;

    /** Longer than the server and the routers wait between two looks at Redis. */
    private static final long NOTICED_MS = 1_500;

    private final World world;
    /** Nobody may take one of these away. */
    private final Map<String, Integer> promised = new TreeMap<>();
    /** How many of them were taken since by something that nobody ordered. */
    private final Map<String, Integer> taken = new TreeMap<>();
    /** When a node of theirs was last silent for so long that it may be taken for lost. */
    private final Map<String, Long> silentAt = new TreeMap<>();

    Promises(World world) {
        this.world = world;
    }

    /** One that served was taken by something that nobody ordered. */
    void taken(String app) {
        taken.merge(app, 1, Integer::sum);
    }

    /** Somebody has written an app's row. */
    void rowChanged(String app) {
        AppRow row = world.mysql.apps.get(app);
        int most = row == null ? 0 : Math.max(0, World.wanted(row) - row.rules().unavailable());
        promised.computeIfPresent(app, (name, count) -> Math.min(count, most));
    }

    /** Nothing is promised any more until all is in order again. */
    void forget() {
        promised.replaceAll((app, count) -> 0);
    }

    /** Whoever was promised instances has them; whoever is in order is promised what it has. */
    void check() {
        takeSick();
        promised.forEach((app, count) -> {
            int left = count - taken.getOrDefault(app, 0);
            if (left > 0) {
                served(app, left);
            }
        });
        for (AppRow row : world.mysql.apps.values()) {
            int most = Math.max(0, World.wanted(row) - row.rules().unavailable());
            boolean less = promised.getOrDefault(row.name(), 0) < most || taken.containsKey(row.name());
            if (less && isSettled(row)) {
                promised.put(row.name(), most);
                taken.remove(row.name());
            }
        }
    }

    private void served(String app, int count) {
        String key = World.NAMING.keyOf(app);
        if (!world.redis.epoch().isEmpty() && !world.redis.isPutBack()) {
            int serving = world.serving(app, world.redis.table().endpointsOf(key));
            world.require(serving >= count, "{} serves by {} instances of {} promised", app, serving, count);
        }
        for (SimRouter router : world.routers.values()) {
            if (router.isCurrent() && router.version() == world.redis.version() && !isMisled(router)) {
                int serving = world.serving(app, router.table().endpointsOf(key));
                world.require(
                        serving >= count,
                        "{} serves by {} instances of {} promised through router {}",
                        app,
                        serving,
                        count,
                        router.id);
            }
        }
    }

    /** One that was away reads a Redis that has just been put back, and can only know from others, who look each second, that it was. */
    private boolean isMisled(SimRouter router) {
        return world.redis.isFreshlyPutBack(NOTICED_MS) && !router.hasServedLater();
    }

    private boolean isSettled(AppRow row) {
        return world.inOrder(row.name())
                && isKnown(row.name())
                && world.nodes.values().stream().noneMatch(node -> holds(node, row.name()) && isSuspect(node))
                && world.host
                        .latest()
                        .map(s -> s.desired().apps().get(row.name()))
                        .filter(app -> app.row().withStatus(0).equals(row.withStatus(0)))
                        .isPresent();
    }

    /**
     * A write that was begun before the server knew them to serve may still be on its way: after a power cut or a silence they are not promised at
     * once, and a beat may be longer on its way than they were.
     */
    private boolean isKnown(String app) {
        boolean heard = world.time.now() - silentAt.getOrDefault(app, -WRITTEN_MS - 1) > WRITTEN_MS;
        return heard
                && world.nodes.values().stream()
                        .allMatch(node -> node.journal.values().stream()
                                .filter(c -> c.spec.app().equals(app) && c.serves())
                                .allMatch(c ->
                                        world.time.now() - world.network.heardOf(node.ip, c.servesSince) > WRITTEN_MS));
    }

    private static boolean holds(SimNode node, String app) {
        return node.journal.values().stream().anyMatch(c -> c.spec.app().equals(app));
    }

    private boolean isSuspect(SimNode node) {
        return world.time.now() - world.network.heard(node.ip)
                > world.policy.interval().toMillis() * 3 / 2;
    }

    /**
     * What a node serves that is about to be taken for lost is nobody's fault. Asked after each event, since a beat may come between
     * the plan that takes the node for lost and the write that it leads to.
     */
    void takeSilentNodes() {
        long limit = world.policy.interval().toMillis() * world.policy.staleIntervals() - 1_000;
        for (SimNode node : world.nodes.values()) {
            if (world.time.now() - world.network.heard(node.ip) > limit) {
                node.journal.values().forEach(c -> silent(c.spec.app()));
            }
        }
    }

    private void silent(String app) {
        promised.computeIfPresent(app, (name, count) -> 0);
        silentAt.put(app, world.time.now());
    }

    /** One that has been sick for so long may go without a successor. */
    private void takeSick() {
        world.host
                .latest()
                .ifPresent(situation -> situation.verdicts().values().forEach(verdict -> {
                    if (situation.now() - verdict.since() > 25_000) {
                        promised.computeIfPresent(verdict.app(), (app, count) -> 0);
                    }
                }));
    }
}
