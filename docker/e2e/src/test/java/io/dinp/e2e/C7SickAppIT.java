package io.dinp.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dinp.e2e.bed.Await;
import io.dinp.e2e.bed.EchoImages;
import io.dinp.e2e.bed.Engine.Container;
import io.dinp.e2e.bed.TestBed;
import io.dinp.e2e.client.RawHttp;
import io.dinp.e2e.client.RawHttp.Call;
import io.dinp.e2e.load.Load;
import io.dinp.e2e.load.LoadReport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Instances that go on answering requests while their health path says 500: the health monitor has them replaced, one after the
 * other, and no request is lost meanwhile.
 */
@ExtendWith(TestBedExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class C7SickAppIT {
    private static final String APP = "sickly";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final TestBed bed;
    private final Platform dinp;
    private Load load;

    C7SickAppIT(TestBed bed) {
        this.bed = bed;
        this.dinp = new Platform(bed);
    }

    @BeforeAll
    void twoInstancesUnderLoad() {
        dinp.insert(APP, EchoImages.V1, 2, "/health");
        load = dinp.load(APP);
        load.runFor(Duration.ofSeconds(2));
    }

    @AfterAll
    void end() {
        load.stop();
        dinp.deleteAll();
    }

    @Test
    void theSickOneOfTwoIsReplacedAndTheOtherIsLeftAlone() throws IOException {
        List<Container> before = dinp.containers(APP);
        fallSick(before.get(0));
        Duration replaced = awaitGone(before.subList(0, 1));
        assertEquals(
                1,
                dinp.containers(APP).stream()
                        .filter(now -> now.id().equals(before.get(1).id()))
                        .count());
        inOrderAndNothingFailed("sick one of two replaced in " + Figures.seconds(replaced));
    }

    @Test
    void bothSickAreReplacedOneAfterTheOther() throws IOException {
        List<Container> before = dinp.containers(APP);
        for (Container container : before) {
            fallSick(container);
        }
        Duration replaced = awaitGone(before);
        inOrderAndNothingFailed("two sick of two replaced in " + Figures.seconds(replaced));
    }

    /** Straight to the instance: through the router it would be anybody's guess which one falls sick. */
    private static void fallSick(Container container) throws IOException {
        String[] address = container.published().split(":");
        InetSocketAddress target = new InetSocketAddress(address[0], Integer.parseInt(address[1]));
        assertEquals(
                200, RawHttp.once(target, Call.get(address[0], "/sick"), 5000).status());
    }

    private Duration awaitGone(List<Container> sick) {
        List<String> ids = sick.stream().map(Container::id).toList();
        return Await.until(
                LIMIT,
                "the sick instances are gone",
                () -> dinp.containers(APP).stream().noneMatch(now -> ids.contains(now.id())),
                () -> dinp.explain(APP) + bed.daemon("hm").tail());
    }

    private void inOrderAndNothingFailed(String what) {
        dinp.awaitOrder();
        LoadReport report = load.cut();
        Figures.print("C7", what + "; " + report);
        assertEquals(0, report.failed(), report::toString);
    }
}
