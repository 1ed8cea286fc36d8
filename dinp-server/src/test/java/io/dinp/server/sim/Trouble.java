package io.dinp.server.sim;

import io.dinp.server.core.AppRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/** What goes wrong. Each fault ends by itself some time later; {@link #heal} ends them all. */
final class Trouble {

    /** How much may go wrong. */
    enum Degree {
        /** Nothing. */
        NONE,
        /** The control plane and the ways to it, for so short that nobody has to lose an instance. */
        CONTROL,
        /** Everything. */
        ALL
    }

    private static final int SHORT_MS = 8_000;
    private static final int LONG_MS = 60_000;

    private final World world;
    private final Random random;
    private final Degree degree;
    private final List<Runnable> cures = new ArrayList<>();
    private final TreeMap<String, AppRow> lostRows = new TreeMap<>();
    private boolean rowsAreLost;

    Trouble(World world, Degree degree) {
        this.world = world;
        this.random = world.random;
        this.degree = degree;
    }

    /** Lets something go wrong, as far as the degree allows. */
    void act() {
        if (degree == Degree.NONE) {
            slowRequest();
        } else if (degree == Degree.ALL && random.nextInt(3) == 0) {
            takeSomething();
        } else {
            disturb();
        }
    }

    private int about(int ms) {
        return 1 + random.nextInt(random.nextBoolean() ? ms : ms / 10);
    }

    private void during(int ms, String what, Runnable begin, Runnable end) {
        world.trace.say(world.time.now(), "trouble: {} for {} ms", what, ms);
        begin.run();
        cures.add(end);
        world.time.after(ms, end);
    }

    private void disturb() {
        switch (random.nextInt(15)) {
            case 0 -> restartServer();
            case 1 -> {
                restartServer();
                world.time.after(about(SHORT_MS), this::restartServer);
            }
            case 2 ->
                during(about(LONG_MS), "MySQL away", () -> world.mysql.away = true, () -> world.mysql.away = false);
            case 3 ->
                during(about(LONG_MS), "MySQL flaky", () -> world.mysql.flaky = true, () -> world.mysql.flaky = false);
            case 4 ->
                during(about(LONG_MS), "Redis away", () -> world.redis.away = true, () -> world.redis.away = false);
            case 5 ->
                during(about(LONG_MS), "Redis flaky", () -> world.redis.flaky = true, () -> world.redis.flaky = false);
            case 6 -> {
                if (random.nextBoolean()) {
                    flush();
                } else {
                    world.redis.save();
                    world.time.after(about(LONG_MS), world.redis::putBack);
                }
            }
            case 7 -> cutRouter();
            case 8 -> aRouter().forEach(router -> router.restart(about(SHORT_MS)));
            case 9 -> aNode().agentRestart(about(SHORT_MS));
            case 10 ->
                during(
                        about(LONG_MS),
                        "orders suffer",
                        () -> world.network.ordersSuffer = true,
                        () -> world.network.ordersSuffer = false);
            case 11 ->
                during(
                        about(LONG_MS),
                        "beats suffer",
                        () -> world.network.beatsSuffer = true,
                        () -> world.network.beatsSuffer = false);
            case 12 -> mute(about(SHORT_MS));
            case 13 -> engineDown();
            default -> {
                slowRequest();
                loseRows();
            }
        }
    }

    private void takeSomething() {
        switch (random.nextInt(7)) {
            case 0 -> aNode().powerCut(about(LONG_MS));
            case 1 -> aNode().agentRestart(about(LONG_MS));
            case 2 -> mute(about(LONG_MS));
            case 3, 4 -> cutNodes(1 + random.nextInt(world.nodes.size()));
            case 5 -> anInstance().forEach(container -> container.sick = true);
            default -> crash();
        }
    }

    private void restartServer() {
        world.host.restart(about(SHORT_MS), random.nextInt(20_000) - 10_000);
    }

    private void flush() {
        world.nodes.values().forEach(node -> {
            if (world.time.now() - world.network.heard(node.ip)
                    > 2 * world.policy.interval().toMillis()) {
                world.laws.nothingPromised();
            }
        });
        world.redis.flush();
    }

    private List<SimRouter> aRouter() {
        List<SimRouter> all = List.copyOf(world.routers.values());
        return all.isEmpty() ? all : List.of(all.get(random.nextInt(all.size())));
    }

    private SimNode aNode() {
        return List.copyOf(world.nodes.values()).get(random.nextInt(world.nodes.size()));
    }

    private List<SimContainer> anInstance() {
        List<SimContainer> all = List.copyOf(aNode().journal.values());
        return all.isEmpty() ? all : List.of(all.get(random.nextInt(all.size())));
    }

    private void crash() {
        SimNode node = aNode();
        List<String> all = List.copyOf(node.journal.keySet());
        if (!all.isEmpty()) {
            node.crash(all.get(random.nextInt(all.size())));
        }
    }

    private void cutRouter() {
        aRouter()
                .forEach(router -> during(
                        about(2 * LONG_MS), router.id + " cut off", () -> router.cut(true), () -> router.cut(false)));
    }

    private void mute(int ms) {
        String ip = aNode().ip;
        during(ms, "beats of " + ip + " lost", () -> world.network.mute.add(ip), () -> world.network.mute.remove(ip));
    }

    private void cutNodes(int count) {
        List<String> ips = world.nodes.keySet().stream().limit(count).toList();
        int ms = about(2 * LONG_MS);
        during(ms, "cut off " + ips, () -> world.network.cut.addAll(ips), () -> world.network.cut.removeAll(ips));
    }

    private void engineDown() {
        SimNode node = aNode();
        during(
                about(SHORT_MS),
                "engine of " + node.ip + " mute",
                () -> node.engineDown = true,
                () -> node.engineDown = false);
    }

    private void slowRequest() {
        aRouter().forEach(router -> router.request(about(LONG_MS)));
    }

    /** The table of a platform with many apps is emptied by accident, and put back before a second has passed. */
    private void loseRows() {
        // More than the ten that may go at once, also when some are created again meanwhile.
        if (world.mysql.apps.size() > 14 && lostRows.isEmpty()) {
            lostRows.putAll(world.mysql.apps);
            rowsAreLost = true;
            during(
                    200 + random.nextInt(700),
                    "the rows are lost",
                    () -> world.mysql.replaceRows(new TreeMap<>()),
                    this::putRowsBack);
        }
    }

    private void putRowsBack() {
        if (rowsAreLost) {
            rowsAreLost = false;
            TreeMap<String, AppRow> back = new TreeMap<>(lostRows);
            back.putAll(world.mysql.apps);
            world.mysql.replaceRows(back);
            back.keySet().forEach(world.laws::rowChanged);
            // A second look at the same loss would be believed, so the next accident is not to come too soon.
            world.time.after(5_000, lostRows::clear);
        }
    }

    /** Ends everything that goes wrong. */
    void heal() {
        world.trace.say(world.time.now(), "HEALED");
        cures.forEach(Runnable::run);
        world.network.cut.clear();
        world.network.mute.clear();
        world.nodes.values().forEach(node -> node.journal.values().forEach(container -> container.sick = false));
    }
}
