package io.dinp.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dinp.e2e.bed.Await;
import io.dinp.e2e.bed.DaemonProcess;
import io.dinp.e2e.bed.EchoImages;
import io.dinp.e2e.bed.TestBed;
import io.dinp.e2e.load.Load;
import io.dinp.e2e.load.LoadReport;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Every daemon, MySQL and Redis killed with SIGKILL in random order again and again, and started again a while later, while the
 * app under load is deployed and scaled. As long as one router and one instance live, no request may fail.
 * {@code -De2e.soakSeconds=600} is the length, hours are possible; {@code -De2e.seed=…} repeats a run.
 */
@Order(5)
@Machines
@ExtendWith(TestBedExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class N5Soak {
    private static final Duration SOAK = Duration.ofSeconds(Long.getLong("e2e.soakSeconds", 45));
    private static final long SEED = Long.getLong("e2e.seed", System.nanoTime());
    private static final String APP = "soaked";
    private static final List<String> VERSIONS = List.of(EchoImages.V1, EchoImages.V2);
    private static final List<String> STORES = List.of("mysql", "redis");
    private static final int LONGEST_PAUSE_MS = 1500;
    private static final int LONGEST_ABSENCE_MS = 6000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final TestBed bed;
    private final Platform dinp;
    private final Random random = new Random(SEED);
    private final Deque<String> round = new ArrayDeque<>();
    private final Map<String, Long> dead = new TreeMap<>();
    private final Map<String, Integer> kills = new TreeMap<>();
    private Load load;

    N5Soak(TestBed bed) {
        this.bed = bed;
        this.dinp = new Platform(bed);
    }

    @BeforeAll
    void threeInstancesUnderLoad() {
        dinp.insert(APP, EchoImages.V1, 3);
        dinp.awaitEveryRouter(APP, PATIENCE);
        dinp.awaitOrder();
        load = Load.start(bed.routers(), List.of(APP), bed.domain());
        load.balance();
        load.runFor(Duration.ofSeconds(2));
    }

    @AfterAll
    void end() {
        load.stop();
        raise(true);
        awaitHealthy();
        dinp.deleteAll();
    }

    @Test
    @Timeout(unit = TimeUnit.HOURS, value = 24)
    void everythingIsKilledAgainAndAgain() {
        long end = System.nanoTime() + SOAK.toNanos();
        int changes = 0;
        while (System.nanoTime() < end) {
            load.runFor(Duration.ofMillis(random.nextInt(LONGEST_PAUSE_MS)));
            raise(false);
            if (random.nextInt(4) == 0) {
                changes += change() ? 1 : 0;
            } else {
                killOne();
            }
        }
        raise(true);
        awaitHealthy();
        Duration order = Await.until(
                PATIENCE, "in order", () -> dinp.disorder().isEmpty(), () -> dinp.disorder() + dinp.explain(APP));
        load.runFor(Duration.ofSeconds(2));
        LoadReport report = load.cut();
        Figures.print(
                "N5",
                "seed %d: %s killed, %d changes in %s; in order %s after the end; %s"
                        .formatted(SEED, kills, changes, Figures.seconds(SOAK), Figures.seconds(order), report));
        assertEquals(0, report.failed(), report::toString);
    }

    /** Each has its turn once in every round, in an order that is new each time. */
    private void killOne() {
        if (round.isEmpty()) {
            List<String> all = new ArrayList<>(STORES);
            bed.daemons().forEach(daemon -> all.add(daemon.name()));
            Collections.shuffle(all, random);
            round.addAll(all);
        }
        String victim = round.removeFirst();
        long back = System.nanoTime() + random.nextInt(LONGEST_ABSENCE_MS) * 1_000_000L;
        boolean spared = victim.startsWith("router") && !anotherServes(bed.daemon(victim));
        if (!spared && !dead.containsKey(victim)) {
            kill(victim);
            dead.put(victim, back);
            kills.merge(victim, 1, Integer::sum);
        }
    }

    /** The promise holds while one router lives, so the last one that serves is spared. */
    private boolean anotherServes(DaemonProcess victim) {
        return bed.routers().stream()
                .filter(router -> !router.getAddress().equals(victim.address().getAddress()))
                .anyMatch(this::serves);
    }

    private boolean serves(InetSocketAddress router) {
        return dinp.answers(router, APP);
    }

    private void kill(String victim) {
        if (STORES.contains(victim)) {
            bed.infrastructure().kill(victim);
        } else {
            bed.daemon(victim).kill();
        }
    }

    /** Starts what has been dead for its time, or everything; also what has ended by itself, as a service manager would. */
    private void raise(boolean all) {
        long now = System.nanoTime();
        for (String name : List.copyOf(dead.keySet())) {
            if (all || dead.get(name) - now <= 0) {
                dead.remove(name);
                start(name);
            }
        }
        bed.daemons().stream()
                .filter(daemon -> !daemon.alive() && !dead.containsKey(daemon.name()))
                .forEach(daemon -> {
                    kills.merge(daemon.name() + " by itself", 1, Integer::sum);
                    daemon.start();
                });
    }

    private void start(String name) {
        if (STORES.contains(name)) {
            bed.infrastructure().restart(name);
        } else {
            bed.daemon(name).start();
        }
    }

    private void awaitHealthy() {
        Await.until(PATIENCE, "every daemon is healthy", () -> {
            raise(true);
            return bed.daemons().stream().allMatch(DaemonProcess::healthy);
        });
    }

    /** Another version or another number of instances, when MySQL is there to take it. */
    private boolean change() {
        if (!bed.mysql().answers()) {
            return false;
        }
        dinp.redeploy(APP, VERSIONS.get(random.nextInt(2)), 2 + random.nextInt(3));
        return true;
    }
}
