package io.dinp.server.sim;

import io.dinp.server.core.AppRow;
import io.dinp.server.core.DomainRow;
import io.dinp.server.core.NodeWish;
import io.dinp.server.core.Rollout;
import io.dinp.server.core.RolloutCommand;
import io.dinp.server.core.RolloutRules;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Those who want something: they deploy, scale, delete, change their minds, and write nonsense. */
final class People {

    private static final List<String> GOOD = List.of("app:1", "app:2", "app:3", "app:4");
    private static final List<String> BAD = List.of("nopull:1", "exits:1", "never:1", "dies:1", "sick:1");
    private static final int MAX_INSTANCES = 4;
    private static final int NONSENSE_MB = 1;
    private static final int MOST_RETRIES = 3;
    private static final long RETRY_MS = 20_000;

    private final World world;
    private final Random random;
    private final int most;
    private final Map<String, Integer> retries = new HashMap<>();
    private final Map<String, Long> retried = new HashMap<>();
    private long nextId = 1;

    /** People with at most so many apps. */
    People(World world, int most) {
        this.world = world;
        this.random = world.random;
        this.most = most;
    }

    /** Does one thing. */
    void act() {
        if (world.mysql.apps.isEmpty()) {
            create();
            return;
        }
        String app = anApp();
        switch (random.nextInt(18)) {
            case 0, 1, 2, 3 -> image(app, random.nextInt(3) == 0 ? pick(BAD) : pick(GOOD));
            case 4, 5, 6 -> scale(app, random.nextInt(MAX_INSTANCES + 1));
            case 7 -> env(app);
            case 8 -> delete(app);
            case 9, 10 -> create();
            case 11 -> change(app, "rules", row -> with(row, row.memoryMb(), row.env(), someRules()));
            case 12 -> say(app, pick(List.of(RolloutCommand.values())));
            case 13 -> change(app, "retry", row -> row.withStatus(0));
            case 14 ->
                change(
                        app,
                        "memory",
                        row -> with(
                                row,
                                random.nextInt(4) == 0 ? NONSENSE_MB : 128 << random.nextInt(3),
                                row.env(),
                                row.rules()));
            case 15 -> bind(app);
            default -> wish();
        }
    }

    /** Makes an app, or one that was deleted anew. */
    void create() {
        String app = "app" + random.nextInt(most);
        if (!world.mysql.apps.containsKey(app)) {
            world.trace.say(world.time.now(), "people: create {}", app);
            int instances = 1 + random.nextInt(Math.min(3, MAX_INSTANCES));
            AppRow row =
                    new AppRow(nextId++, app, pick(GOOD), 256, instances, 0, "", 0, new TreeMap<>(), someRules(), "");
            world.mysql.row(app, none -> row);
            world.laws.rowChanged(app);
        }
    }

    private RolloutRules someRules() {
        return new RolloutRules(
                random.nextBoolean() ? null : random.nextInt(3),
                random.nextInt(4) / 3,
                random.nextBoolean() ? null : random.nextInt(6));
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private String anApp() {
        return pick(List.copyOf(world.mysql.apps.keySet()));
    }

    private void change(String app, String what, UnaryOperator<AppRow> change) {
        world.mysql.row(app, change);
        world.trace.say(world.time.now(), "people: {} {}", what, world.mysql.apps.get(app));
        world.laws.rowChanged(app);
        if (random.nextBoolean()) {
            world.host.server().ifPresent(server -> server.signal());
        }
    }

    private void image(String app, String image) {
        change(app, "deploy", row -> {
            int seq = row.deploySeq() + random.nextInt(2);
            return with(row, image, row.memoryMb(), row.instances(), 0, seq, row.env(), row.rules());
        });
    }

    private void scale(String app, int instances) {
        change(
                app,
                "scale",
                row -> with(
                        row,
                        row.image(),
                        row.memoryMb(),
                        instances,
                        row.status(),
                        row.deploySeq(),
                        row.env(),
                        row.rules()));
    }

    private void env(String app) {
        change(app, "env", row -> {
            SortedMap<String, String> env = new TreeMap<>(row.env());
            env.put("K" + random.nextInt(2), "v" + random.nextInt(3));
            return with(row, row.memoryMb(), env, row.rules());
        });
    }

    private static AppRow with(AppRow row, int memoryMb, SortedMap<String, String> env, RolloutRules rules) {
        return with(row, row.image(), memoryMb, row.instances(), row.status(), row.deploySeq(), env, rules);
    }

    private static AppRow with(
            AppRow row,
            String image,
            int memoryMb,
            int instances,
            int status,
            int deploySeq,
            SortedMap<String, String> env,
            RolloutRules rules) {
        return new AppRow(
                row.id(),
                row.name(),
                image,
                memoryMb,
                instances,
                status,
                row.health(),
                deploySeq,
                env,
                rules,
                row.constraints());
    }

    private void delete(String app) {
        change(app, "delete " + app, row -> null);
    }

    /** Cordons or drains a node, or takes that back. */
    private void wish() {
        String ip = pick(List.copyOf(world.nodes.keySet()));
        boolean drains = random.nextInt(3) == 0;
        NodeWish wish = random.nextBoolean() ? NodeWish.NONE : new NodeWish(!drains, drains, 0);
        world.trace.say(world.time.now(), "people: {} {}", ip, wish);
        world.mysql.wish(ip, wish);
    }

    private void bind(String app) {
        world.mysql.bind(new DomainRow(app + "-" + random.nextInt(3) + ".example.org", app));
    }

    private void say(String app, RolloutCommand command) {
        world.trace.say(world.time.now(), "people: {} {}", command, app);
        world.host.server().ifPresent(server -> server.command(app, command));
    }

    /** Lets every deploy go on that somebody has stopped, and has those tried again that failed in the time of trouble. */
    void resume() {
        for (Rollout rollout : List.copyOf(world.mysql.rollouts.values())) {
            AppRow row = world.mysql.apps.get(rollout.app());
            if (rollout.paused()) {
                say(rollout.app(), RolloutCommand.RESUME);
            } else if (row != null && row.status() != 0 && mayRetry(row.name())) {
                change(row.name(), "retry", r -> r.withStatus(0));
            }
        }
    }

    private boolean mayRetry(String app) {
        long now = world.time.now();
        boolean due = now - retried.getOrDefault(app, now - RETRY_MS) >= RETRY_MS;
        if (due) {
            retried.put(app, now);
        }
        return due && retries.merge(app, 1, Integer::sum) <= MOST_RETRIES;
    }

    /** Wants only what can be had, and has everything tried again. */
    void mend() {
        world.nodes.keySet().forEach(ip -> world.mysql.wish(ip, NodeWish.NONE));
        for (String app : List.copyOf(world.mysql.apps.keySet())) {
            change(app, "mend", row -> {
                String image = GOOD.contains(row.image()) ? row.image() : pick(GOOD);
                int instances = Math.min(2, row.instances());
                return with(row, image, 256, instances, 0, row.deploySeq(), row.env(), row.rules());
            });
        }
    }
}
