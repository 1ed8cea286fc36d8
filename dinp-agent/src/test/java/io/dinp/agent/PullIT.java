package io.dinp.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.model.ContainerReport;
import io.dinp.common.model.FailureStage;
import io.dinp.common.model.ImageRef;
import io.dinp.common.model.InstanceSpec;
import io.dinp.common.model.InstanceState;
import io.dinp.common.testing.Containers;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images from a real registry: by tag the first time, by content ever after, and without the registry once they are here. */
class PullIT {
    @TempDir
    Path stateDir;

    private Node node;
    private String image;

    @BeforeEach
    void start() throws Exception {
        node = new Node(stateDir);
        node.start("boot-1");
        String repository = Containers.registryAddress() + "/me/demo-" + node.cluster;
        image = repository + ":1";
        node.engine.docker().tagImageCmd(node.engine.image(), repository, "1").exec();
        node.engine.push(image);
        node.engine.docker().removeImageCmd(image).exec();
    }

    @AfterEach
    void stop() throws Exception {
        node.close();
    }

    @Test
    void byTagThenByContent() throws Exception {
        InstanceSpec byTag = order("");
        node.agent().put(byTag);
        String digest = node.until(byTag, "ready", ContainerReport::ready).digest();
        assertTrue(digest.matches("sha256:[0-9a-f]{64}"), digest);

        InstanceSpec byContent = order(digest);
        node.agent().put(byContent);
        ContainerReport ready = node.until(byContent, "ready", ContainerReport::ready);
        assertEquals(digest, ready.digest());
        assertEquals(image, ready.image(), "the text of the order, not what Docker shows");
        String made = node.engine
                .docker()
                .inspectContainerCmd(ready.id())
                .exec()
                .getConfig()
                .getImage();
        assertEquals(ImageRef.parse(image).byDigest(digest), made);
    }

    @Test
    void aDigestThatTheRegistryDoesNotHaveFails() throws Exception {
        InstanceSpec spec = order("sha256:" + "0".repeat(64));
        node.agent().put(spec);
        ContainerReport report = node.until(spec, "failed", one -> one.state() == InstanceState.FAILED);
        assertEquals(FailureStage.PULL, report.stage());
        assertTrue(report.reason().contains("not found") || report.reason().contains("unknown"), report.reason());
    }

    private InstanceSpec order(String digest) {
        InstanceSpec spec = node.spec(image, Map.of(), "/health", 20);
        return new InstanceSpec(
                spec.instance(),
                spec.app(),
                spec.revision(),
                image,
                digest,
                spec.memoryMb(),
                new TreeMap<>(),
                spec.health(),
                "",
                "",
                0,
                spec.startupSeconds());
    }
}
