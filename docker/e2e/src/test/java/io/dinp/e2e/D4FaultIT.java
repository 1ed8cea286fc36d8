package io.dinp.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dinp.e2e.bed.Await;
import io.dinp.e2e.bed.DaemonProcess;
import io.dinp.e2e.bed.EchoImages;
import io.dinp.e2e.bed.Infrastructure;
import io.dinp.e2e.bed.TestBed;
import io.dinp.e2e.load.Load;
import io.dinp.e2e.load.LoadReport;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Each part of the control plane away for half a minute, one after the other, under load: nothing that runs may notice. One load
 * runs through the class; the ten seconds after one fault are the seconds before the next.
 */
@Order(1)
@ExtendWith(TestBedExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.MethodName.class)
class D4FaultIT {
    private static final String APP = "steady";
    private static final String OTHER = "bystander";
    private static final Duration BEFORE = Duration.ofSeconds(5);
    private static final Duration FAULT = Duration.ofSeconds(30);
    private static final Duration AFTER = Duration.ofSeconds(10);

    private final TestBed bed;
    private final Infrastructure infrastructure;
    private final Platform dinp;
    private Load load;

    D4FaultIT(TestBed bed) {
        this.bed = bed;
        this.infrastructure = bed.infrastructure();
        this.dinp = new Platform(bed);
    }

    @BeforeAll
    void twoInstancesUnderLoad() {
        dinp.insert(OTHER, EchoImages.V1, 1);
        dinp.awaitAnswer(OTHER, Duration.ofMinutes(1));
        load = dinp.underLoad(APP, EchoImages.V1, 2);
        load.runFor(BEFORE);
    }

    @AfterAll
    void end() {
        load.stop();
        dinp.deleteAll();
    }

    @Test
    void serverKilled() {
        DaemonProcess server = bed.daemon("server");
        fault("server killed 30 s", server::kill, server::startAndWait);
    }

    @Test
    void mysqlStopped() {
        fault("MySQL stopped 30 s", () -> infrastructure.stop("mysql"), () -> {
            infrastructure.restart("mysql");
            awaitMysql();
        });
    }

    @Test
    void mysqlFrozen() {
        fault("MySQL frozen 30 s", () -> infrastructure.freeze("mysql"), () -> infrastructure.thaw("mysql"));
    }

    @Test
    void redisStoppedWithData() {
        fault(
                "Redis stopped with its data 30 s",
                () -> infrastructure.stop("redis"),
                () -> infrastructure.restart("redis"));
    }

    @Test
    void redisKilledWithoutData() {
        fault("Redis killed, its data lost, 30 s", infrastructure::destroyRedis, infrastructure::startRedis);
    }

    @Test
    void redisFrozen() {
        fault("Redis frozen 30 s", () -> infrastructure.freeze("redis"), () -> infrastructure.thaw("redis"));
    }

    @Test
    void agentKilled() {
        DaemonProcess agent = bed.daemon("agent-n1");
        fault("agent killed 30 s", agent::kill, agent::startAndWait);
    }

    /** Not an instance of the loaded app: what a killed process has in its hands is lost whatever the platform does. */
    @Test
    void registryDeadWhileAnInstanceIsKilled() {
        infrastructure.stop("registry");
        String before = dinp.containers(OTHER).get(0).id();
        dinp.containers(OTHER).get(0).kill();
        Duration back = Await.until(
                Duration.ofSeconds(20),
                OTHER + " runs again without the registry",
                () -> dinp.answers(OTHER) && dinp.containers(OTHER).stream().noneMatch(c -> c.id().equals(before)),
                () -> dinp.explain(OTHER));
        infrastructure.restart("registry");
        inOrderAndNothingFailed("registry dead while an instance is killed, back in " + Figures.seconds(back));
    }

    private void fault(String what, Runnable begin, Runnable end) {
        begin.run();
        load.runFor(FAULT);
        end.run();
        inOrderAndNothingFailed(what);
    }

    private void inOrderAndNothingFailed(String what) {
        Duration order = dinp.awaitOrder();
        load.runFor(AFTER.minus(order));
        LoadReport report = load.cut();
        Figures.print("D4", what + ": in order after " + Figures.seconds(order) + "; " + report);
        assertEquals(0, report.failed(), report::toString);
        dinp.awaitOrder();
    }

    private void awaitMysql() {
        Await.until(Duration.ofSeconds(30), "MySQL takes connections again", bed.mysql()::answers);
    }
}
