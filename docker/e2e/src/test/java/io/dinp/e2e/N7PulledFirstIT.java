package io.dinp.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.dinp.e2e.bed.Await;
import io.dinp.e2e.bed.EchoImages;
import io.dinp.e2e.bed.Engine;
import io.dinp.e2e.bed.Engine.Container;
import io.dinp.e2e.bed.TestBed;
import io.dinp.e2e.load.Load;
import io.dinp.e2e.load.LoadReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/** A new image is on every node that will need it before anything moves, by its content, and where it is already is preferred. */
@Order(3)
@Isolated("images are made and pushed under load on the machine's two cores")
@Machines
@ExtendWith(TestBedExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class N7PulledFirstIT {
    private static final String APP = "fetched";
    private static final String NEAR = "near";
    private static final int LARGE_MB = 40;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** A few beats. */
    private static final Duration HEARD = Duration.ofSeconds(4);

    private final TestBed bed;
    private final Platform dinp;
    private final FreshImages fresh;
    private String tag;
    private Load load;

    N7PulledFirstIT(TestBed bed) {
        this.bed = bed;
        this.dinp = new Platform(bed);
        this.fresh = new FreshImages(bed);
    }

    @BeforeAll
    void oneInstanceOnEachNodeUnderLoad() {
        load = dinp.underLoad(APP, EchoImages.V1, 3);
        tag = fresh.publish(EchoImages.V2, LARGE_MB);
    }

    @AfterAll
    void end() {
        load.stop();
        dinp.deleteAll();
    }

    @Test
    @Order(1)
    void everyNodeHasTheImageBeforeAnythingMoves() {
        Instant begin = Instant.now();
        dinp.deploy(APP, tag);
        Duration done = awaitVersions(Collections.nCopies(3, "v2"));
        Instant end = Instant.now();

        List<Long> pulled = bed.engines().stream()
                .map(engine -> first(engine, begin, end, "type=image", "event=pull"))
                .toList();
        List<Long> moved = bed.engines().stream()
                .flatMap(engine -> List.of("event=create", "event=kill").stream()
                        .flatMap(what ->
                                moments(engine, begin, end, "type=container", what, "label=io.dinp.app=" + APP)
                                        .stream()))
                .toList();
        assertTrue(moved.size() >= 6, "three came and three went: " + moved);
        assertTrue(
                Collections.max(pulled) < Collections.min(moved),
                () -> "pulled at " + pulled + ", moved at " + moved + dinp.explain(APP));
        ordersAreParallel(pulled);
        nothingFailed("a new image of " + LARGE_MB + " MB pulled on three nodes before anything moved, deployed in "
                + Figures.seconds(done));
    }

    /** One node asks for the tag and learns its content; the others are told to get that at once, not one after the other. */
    private void ordersAreParallel(List<Long> pulled) {
        List<Long> ordered =
                bed
                        .mysql()
                        .column("select at from event where app_name = ? and kind = 'pull' order by at", APP)
                        .stream()
                        .map(Long::parseLong)
                        .toList();
        assertEquals(3, ordered.size(), () -> "an order for each node: " + ordered);
        List<Long> ended =
                pulled.stream().map(nanos -> nanos / 1_000_000).sorted().toList();
        assertTrue(
                ordered.get(2) < ended.get(1),
                () -> "both others were ordered before either had ended: " + ordered + ", " + ended);
    }

    @Test
    @Order(2)
    void itIsTheSameContentWhateverTheTagNamesMeanwhile() {
        String digest = digest();
        assertTrue(digest.matches("sha256:[0-9a-f]{64}"), digest);
        for (Engine engine : bed.engines()) {
            String image = engine.docker(
                            "inspect", "-f", "{{.Image}}", container(engine).id())
                    .strip();
            String known = engine.docker("image", "inspect", "-f", "{{.RepoDigests}}", image);
            assertTrue(known.contains(digest), () -> engine.name() + " runs " + known + ", not " + digest);
        }
        fresh.publishAs(tag, EchoImages.V1, 0);
        dinp.scale(APP, 4);
        awaitVersions(Collections.nCopies(4, "v2"));
        assertEquals(digest, digest());
        nothingFailed("the tag moved in the registry, then scaled from three to four");
    }

    @Test
    @Order(3)
    void aNodeThatHasTheImageIsPreferred() {
        String other = fresh.publish(EchoImages.V2, 0);
        Engine last = bed.engines().get(bed.engines().size() - 1);
        last.docker("pull", "-q", bed.echo().image(other));
        // An agent lists its images at its start, and then every 20 s only.
        bed.agent(last).kill();
        bed.agent(last).startAndWait();
        load.runFor(HEARD);
        dinp.insert(NEAR, other, 1);
        Await.until(LIMIT, "it runs", () -> dinp.versions(NEAR).equals(List.of("v2")), () -> dinp.explain(NEAR));
        Set<String> nodes =
                dinp.containers(NEAR).stream().map(c -> c.engine().name()).collect(Collectors.toSet());
        assertEquals(Set.of(last.name()), nodes, () -> dinp.explain(NEAR));
    }

    private Container container(Engine engine) {
        return dinp.containers(APP).stream()
                .filter(container -> container.engine() == engine)
                .findFirst()
                .orElseThrow();
    }

    /** The content of the revision that is wanted, as the server knows it. */
    private String digest() {
        for (JsonNode revision : dinp.server("/app/" + APP + "/revisions")) {
            if (revision.path("target").asBoolean()) {
                return revision.path("digest").asText();
            }
        }
        throw new AssertionError("no revision is wanted: " + dinp.explain(APP));
    }

    private Duration awaitVersions(List<String> versions) {
        return Await.until(
                LIMIT,
                "in order with " + versions,
                () -> dinp.versions(APP).equals(versions) && dinp.disorder().isEmpty(),
                () -> dinp.disorder() + dinp.explain(APP));
    }

    private static long first(Engine engine, Instant from, Instant to, String... filters) {
        List<Long> moments = moments(engine, from, to, filters);
        assertTrue(!moments.isEmpty(), () -> engine.name() + " has no event " + List.of(filters));
        return moments.get(0);
    }

    /** When the engine says that it did such a thing, in epoch ns. */
    private static List<Long> moments(Engine engine, Instant from, Instant to, String... filters) {
        List<String> words = new ArrayList<>(
                List.of("events", "--since", from.toString(), "--until", to.toString(), "--format", "{{.TimeNano}}"));
        for (String filter : filters) {
            words.addAll(List.of("--filter", filter));
        }
        return engine.docker(words.toArray(String[]::new))
                .lines()
                .map(Long::parseLong)
                .toList();
    }

    private void nothingFailed(String what) {
        LoadReport report = load.cut();
        Figures.print("N7", what + "; " + report);
        assertEquals(0, report.failed(), report::toString);
    }
}
