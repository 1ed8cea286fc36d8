package io.dinp.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.e2e.bed.Await;
import io.dinp.e2e.bed.DaemonProcess;
import io.dinp.e2e.bed.EchoImages;
import io.dinp.e2e.bed.Engine.Container;
import io.dinp.e2e.bed.TestBed;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** The shortest way through DINP: a row that a person writes with the {@code mysql} client, changes and deletes. */
@ExtendWith(TestBedExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class D1RowIT {
    private static final String APP = "byhand";

    private final TestBed bed;
    private final Platform dinp;

    D1RowIT(TestBed bed) {
        this.bed = bed;
        this.dinp = new Platform(bed);
    }

    @Test
    void aPlainInsertBecomesAnAppThatCanBeChangedAndDeleted() throws IOException {
        client("insert into app(name,creator,image,memory,instance) values('%s',1,'%s',128,1)"
                .formatted(APP, bed.echo().image(EchoImages.V1)));
        Duration first = dinp.awaitAnswer(APP, Duration.ofSeconds(20));
        assertTrue(dinp.get(APP, "/").body().startsWith(APP + " v1 "));
        contractOfTheContainer();

        client("update app set image='%s', instance=2 where name='%s'"
                .formatted(bed.echo().image(EchoImages.V2), APP));
        Duration changed = Await.until(
                Duration.ofSeconds(30),
                "two of v2",
                () -> dinp.versions(APP).equals(List.of("v2", "v2")),
                () -> dinp.explain(APP));
        dinp.awaitOrder();
        assertTrue(dinp.get(APP, "/").body().startsWith(APP + " v2 "));

        client("delete from app where name='%s'".formatted(APP));
        Duration gone = Await.until(
                Duration.ofSeconds(60),
                "nothing left",
                () -> dinp.containers(APP).isEmpty(),
                () -> dinp.explain(APP));
        dinp.awaitOrder();
        assertEquals(404, dinp.get(APP, "/").status());
        Figures.print(
                "D1",
                "row by the mysql client: first 200 after %s, changed in %s, deleted in %s"
                        .formatted(Figures.seconds(first), Figures.seconds(changed), Figures.seconds(gone)));
    }

    @Test
    void startTimesAndMemoryAreReported() {
        for (DaemonProcess daemon : bed.daemons()) {
            Figures.print(
                    "B4",
                    "%s healthy %s after the start of all at once, resident %d MB"
                            .formatted(daemon.name(), Figures.seconds(daemon.startTime()), daemon.residentMb()));
        }
    }

    private void contractOfTheContainer() {
        Container container = dinp.containers(APP).get(0);
        Map<String, String> env = container.env();
        assertEquals(APP, env.get("APP_NAME"));
        assertEquals(container.engine().address(), env.get("HOST_IP"));
        assertTrue(env.containsKey("SCRIBE_IP") && env.containsKey("SCRIBE_PORT"), env::toString);
        assertEquals(1, dinp.server("/app/" + APP).size());
        assertTrue(dinp.server("/nodes").has(container.engine().address()));
    }

    /** The client that comes with the server's image, as a person on that machine would type it. */
    private void client(String statement) {
        bed.infrastructure().mysqlClient(statement);
    }
}
