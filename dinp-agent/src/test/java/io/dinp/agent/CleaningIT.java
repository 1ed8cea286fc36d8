package io.dinp.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.agent.core.Entry;
import io.dinp.agent.core.ImageChoice;
import io.dinp.agent.docker.DockerCalls;
import io.dinp.agent.docker.LocalImages;
import io.dinp.agent.images.ImageBook;
import io.dinp.agent.images.ImageCleaning;
import io.dinp.agent.images.ImageSupply;
import io.dinp.agent.journal.ImageFile;
import io.dinp.common.metrics.Metrics;
import io.dinp.common.model.ImageRef;
import io.dinp.common.model.InstanceSpec;
import io.dinp.common.testing.Containers;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real engine has left after the look at its images; the clock is the test's. */
class CleaningIT {
    private static final long MINUTE = 60_000;
    private static final ImageChoice.Rules KEEP_ONE = new ImageChoice.Rules(1, 10 * MINUTE, 100, 100);
    private static final ImageChoice.Rules FULL_DISK = new ImageChoice.Rules(1, 10 * MINUTE, 1, 100);

    @TempDir
    Path stateDir;

    private final String cluster = "it-" + UUID.randomUUID().toString().substring(0, 8);
    private final DockerCalls calls = new DockerCalls(URI.create(TestEngine.SOCKET));
    private final LocalImages images = new LocalImages(calls, Map.of(), 3);
    private final List<Entry> journal = new ArrayList<>();
    private TestEngine engine;
    private ImageBook book;
    private long now = 1_000_000_000;

    @BeforeEach
    void start() throws Exception {
        engine = new TestEngine(cluster);
        book = new ImageBook(new ImageFile(stateDir));
    }

    @AfterEach
    void stop() throws Exception {
        images.close();
        calls.close();
        engine.close();
    }

    private String name(String tag) {
        return Containers.registryAddress() + "/me/demo-" + cluster + ":" + tag;
    }

    /** Puts an image into the registry and has it fetched as an instance's worker does; answers its id. */
    private String fetched(String tag) throws Exception {
        String id = engine.publish(name(tag));
        assertFalse(engine.has(id));
        supply(tag);
        assertTrue(engine.has(id));
        return id;
    }

    private void supply(String tag) throws Exception {
        now += MINUTE;
        new ImageSupply(images, book, () -> now)
                .supply("demo", "rev-" + tag, ImageRef.parse(name(tag)), "", () -> false);
    }

    private void look(ImageChoice.Rules rules) {
        new ImageCleaning(images, book, () -> journal, rules, () -> now).look();
    }

    @Test
    void theCurrentAndTheKeptStayOlderOnesGoOnceTheyHaveRested() throws Exception {
        String first = fetched("1");
        String second = fetched("2");
        String third = fetched("3");
        look(KEEP_ONE);
        assertTrue(engine.has(first), "wanted two minutes ago");
        now += 10 * MINUTE;
        look(KEEP_ONE);
        assertFalse(engine.has(first));
        assertFalse(engine.has(name("1")));
        assertTrue(engine.has(second) && engine.has(third));
        assertEquals(2, new ImageBook(new ImageFile(stateDir)).all().size());
        assertTrue(Metrics.text().contains("dinp_agent_images_removed_total{why=\"old\"}"), Metrics.text());
        assertTrue(Metrics.text().contains("dinp_agent_disk_used_percent{of=\"bytes\"}"), Metrics.text());
    }

    @Test
    void aFullDiskTakesAllThatNobodyUsesAndNothingElse() throws Exception {
        String foreign = engine.publish(name("foreign"));
        images.ensure(ImageRef.parse(name("foreign")), "", () -> false);
        supply("foreign");
        String runs = fetched("1");
        String adopted = fetched("2");
        String retagged = fetched("3");
        String about = fetched("4");
        String idle = fetched("5");
        String container = engine.docker().createContainerCmd(name("1")).exec().getId();
        engine.docker()
                .tagImageCmd(adopted, "127.0.0.1:1/mine-" + cluster, "keep")
                .exec();
        engine.docker()
                .tagImageCmd(engine.image(), Containers.registryAddress() + "/me/demo-" + cluster, "3")
                .exec();
        journal.add(Entry.accepted(
                new InstanceSpec("i1", "demo", "rev-4", name("4"), "", 96, new TreeMap<>(), "", "", "", 0, 5), 20000));
        try {
            now += 10 * MINUTE;
            look(FULL_DISK);
            assertTrue(engine.has(foreign), "it was here before");
            assertTrue(engine.has(runs), "a container has it, though it does not run");
            assertTrue(engine.has(adopted), "a person has given it a name");
            assertTrue(engine.has(name("3")), "what a person has put under the name");
            assertFalse(engine.has(retagged), "it lost its name to that, and goes by its own id");
            assertTrue(engine.has(about), "its instance is about to start");
            assertFalse(engine.has(idle));
        } finally {
            engine.docker().removeContainerCmd(container).exec();
        }
    }
}
