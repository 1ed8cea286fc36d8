package io.dinp.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dinp.e2e.bed.Await;
import io.dinp.e2e.bed.EchoImages;
import io.dinp.e2e.bed.Engine;
import io.dinp.e2e.bed.Engine.Container;
import io.dinp.e2e.bed.TestBed;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/** How quickly DINP notices and acts; the figures are the issue's. Nothing else runs beside it. */
@Isolated
@ExtendWith(TestBedExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class D5SpeedIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration TEN_APPS = Duration.ofSeconds(8);

    /** Where the bare engines alone need most of the target, so often their time; DINP needs 1.2 times it. */
    private static final int SHARE = 2;

    private final TestBed bed;
    private final Platform dinp;

    D5SpeedIT(TestBed bed) {
        this.bed = bed;
        this.dinp = new Platform(bed);
    }

    @AfterEach
    void tidy() {
        dinp.deleteAll();
    }

    @Test
    void aRowAnswersSoon() {
        dinp.insert("fresh", EchoImages.V1, 1);
        Duration first = dinp.awaitAnswer("fresh", PATIENCE);
        Figures.print("D5", "row written to first 200: " + Figures.seconds(first));
        Figures.atMost(Duration.ofSeconds(3), first, "row written to first 200");
    }

    @Test
    void aKilledInstanceLeavesTheTableAndIsReplaced() {
        dinp.insert("pair", EchoImages.V1, 2);
        dinp.awaitAnswer("pair", PATIENCE);
        dinp.awaitOrder();
        Container victim = dinp.containers("pair").get(0);
        String address = victim.published();
        long killed = victim.kill();
        Await.until(
                PATIENCE,
                "out of the table",
                () -> !dinp.routerTable("pair").contains(address),
                () -> dinp.explain("pair"));
        Duration out = Await.since(killed);
        Await.until(
                PATIENCE,
                "replaced and routed",
                () -> dinp.routerTable("pair").size() == 2,
                () -> dinp.explain("pair"));
        Duration replaced = Await.since(killed);
        Figures.print(
                "D5",
                "killed instance out of table %s, replaced and routed %s"
                        .formatted(Figures.seconds(out), Figures.seconds(replaced)));
        Figures.atMost(Duration.ofMillis(500), out, "leaving the table");
        Figures.atMost(Duration.ofSeconds(2), replaced, "the replacement");
    }

    @Test
    void theOnlyInstanceComesBack() throws IOException {
        dinp.insert("solo", EchoImages.V1, 1);
        dinp.awaitAnswer("solo", PATIENCE);
        dinp.awaitOrder();
        String before = dinp.get("solo", "/").body();
        long killed = dinp.containers("solo").get(0).kill();
        Await.until(
                PATIENCE,
                "another instance answers",
                () -> {
                    var answer = dinp.get("solo", "/");
                    return answer.status() == 200 && !answer.body().equals(before);
                },
                () -> dinp.explain("solo"));
        Duration back = Await.since(killed);
        Figures.print("D5", "the only instance killed, back after " + Figures.seconds(back));
        Figures.atMost(Duration.ofSeconds(3), back, "the only instance's return");
    }

    /** The peer on the same machine: as many on each node, published, and nothing besides. */
    private Duration twentyContainersOfTheEnginesAlone() {
        List<Engine> engines = bed.engines().subList(0, 2);
        long begin = System.nanoTime();
        engines.parallelStream().forEach(engine -> {
            for (int i = 0; i < 10; i++) {
                String image = bed.echo().image(EchoImages.V1);
                engine.docker("run", "-d", "--name", "bare-" + i, "-p", "127.0.0.1::8080", image);
            }
        });
        Duration started = Await.since(begin);
        for (Engine engine : engines) {
            for (int i = 0; i < 10; i++) {
                engine.docker("rm", "-f", "bare-" + i);
            }
        }
        return started;
    }

    @Test
    void tenAppsAtOnce() {
        List<String> apps = IntStream.range(0, 10).mapToObj(i -> "ten" + i).toList();
        long written = System.nanoTime();
        apps.forEach(app -> dinp.insert(app, EchoImages.V1, 2));
        Await.until(
                PATIENCE,
                "twenty instances routed",
                () -> apps.stream().allMatch(app -> dinp.routerTable(app).size() == 2),
                () -> dinp.explain(""));
        Duration all = Await.since(written);
        assertEquals(10, apps.stream().filter(dinp::answers).count());
        Figures.print("D5", "ten apps with two instances each at once: " + Figures.seconds(all));
        dinp.awaitOrder();
        apps.forEach(dinp::delete);
        dinp.awaitOrder();
        Duration bare = twentyContainersOfTheEnginesAlone();
        Figures.print("D5", "the same containers started by the bare engines: " + Figures.seconds(bare));
        Duration slowMachine = bare.multipliedBy(SHARE);
        Duration limit = slowMachine.compareTo(TEN_APPS) > 0 ? slowMachine : TEN_APPS;
        Figures.atMost(limit, all, "ten apps with two instances each");
    }
}
