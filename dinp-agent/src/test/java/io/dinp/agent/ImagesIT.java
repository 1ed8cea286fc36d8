package io.dinp.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.json.Json;
import io.dinp.common.model.ContainerReport;
import io.dinp.common.model.ImageOrder;
import io.dinp.common.model.ImagePull;
import io.dinp.common.model.InstanceSpec;
import io.dinp.common.model.InstanceState;
import io.dinp.common.model.PullState;
import io.dinp.common.testing.Await;
import io.dinp.common.testing.Containers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How often a real registry is asked, and images that are ordered ahead of their instances. */
class ImagesIT {
    @TempDir
    Path stateDir;

    private Node node;
    private RegistryDoor door;
    private String repository;

    @BeforeEach
    void start() throws Exception {
        node = new Node(stateDir);
        door = new RegistryDoor(Containers.registryAddress());
        repository = "me/demo-" + node.cluster;
        node.start("boot-1");
    }

    @AfterEach
    void stop() throws Exception {
        door.close();
        node.close();
    }

    private String publish(String tag) throws Exception {
        node.engine.publish(Containers.registryAddress() + "/" + repository + ":" + tag);
        return door.address() + "/" + repository + ":" + tag;
    }

    private InstanceSpec order(String image, String digest) {
        InstanceSpec spec = node.spec(image, Map.of(), "/health", 30);
        return new InstanceSpec(
                spec.instance(), "demo", "rev-1", image, digest, 96, new TreeMap<>(), "/health", "", "", 0, 30);
    }

    /** While the registry is held: a pull that is quicker than a beat is never seen. */
    private List<InstanceSpec> begin(String image, int count) throws IOException, InterruptedException {
        List<InstanceSpec> specs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            InstanceSpec spec = order(image, "");
            specs.add(spec);
            assertEquals(202, node.agent().put(spec).statusCode());
        }
        for (InstanceSpec spec : specs) {
            node.until(spec, "pulling", one -> one.state() == InstanceState.PULLING);
        }
        return specs;
    }

    @Test
    void tenInstancesOfAFreshImageAskOnce() throws Exception {
        String alone = publish("1");
        InstanceSpec first = order(alone, "");
        node.agent().put(first);
        node.until(first, "ready", ContainerReport::ready);
        long once = door.asked(repository, "1");
        assertTrue(once > 0);

        String image = publish("2");
        door.hold(true);
        List<InstanceSpec> ten = begin(image, 10);
        Await.until(Node.SOON, "the registry is asked", () -> door.waiting() > 0);
        node.agent().delete(ten.get(0).instance(), 0);
        node.untilGone(ten.get(0));
        door.hold(false);
        ten.subList(1, 10).forEach(spec -> node.until(spec, "ready", ContainerReport::ready));
        assertEquals(once, door.asked(repository, "2"), "one that went took the pull from nobody");

        InstanceSpec later = order(image, "");
        node.agent().put(later);
        node.until(later, "ready", ContainerReport::ready);
        assertTrue(door.asked(repository, "2") > once, "a tag is asked for anew");
    }

    @Test
    void anImageOrderedAheadNeedsNoRegistryAtTheStart() throws Exception {
        String image = publish("1");
        ImageOrder order = new ImageOrder(image, "", "demo", "rev-1", "demo/1");
        door.hold(true);
        assertEquals(202, put(order));
        assertEquals(PullState.PULLING, told(order, PullState.PULLING).state());
        assertEquals(202, put(order), "the same again is the same");
        door.hold(false);
        String digest = told(order, PullState.READY).digest();
        assertTrue(digest.matches("sha256:[0-9a-f]{64}"), digest);
        long asked = door.asked(repository, "1");
        door.close();
        InstanceSpec spec = order(image, digest);
        node.agent().put(spec);
        node.until(spec, "ready", ContainerReport::ready);
        ImageOrder again = new ImageOrder(image, digest, "demo", "rev-2", "demo/2");
        assertEquals(202, put(again));
        told(again, PullState.READY);
        assertEquals(asked, door.asked(repository, "1"));
    }

    @Test
    void anImageThatCannotBeHadSaysWhyUntilAnotherWishTriesAgain() throws Exception {
        ImageOrder order = new ImageOrder(door.address() + "/" + repository + ":1", "", "demo", "rev-1", "demo/1");
        put(order);
        ImagePull failed = told(order, PullState.FAILED);
        assertTrue(failed.reason().contains("not found") || failed.reason().contains("unknown"), failed.reason());
        publish("1");
        put(order);
        assertEquals(failed, told(order, PullState.FAILED));
        ImageOrder again = new ImageOrder(order.image(), "", "demo", "rev-1", "demo/2");
        put(again);
        told(again, PullState.READY);
    }

    @Test
    void whatIsNoImageOrderIsRefused() throws Exception {
        for (ImageOrder bad : List.of(
                new ImageOrder("No Image", "", "demo", "r", "w"),
                new ImageOrder("demo:1", "sha256:12", "demo", "r", "w"),
                new ImageOrder("demo:1", "", "de mo", "r", "w"),
                new ImageOrder("demo:1", "", "demo", "r", "w".repeat(256)))) {
            assertEquals(400, put(bad), bad.toString());
        }
        assertEquals(
                400, node.agent().send("PUT", "/images", "{", TestAgent.TOKEN).statusCode());
        assertEquals(401, node.agent().send("PUT", "/images", "{}", "").statusCode());
        Await.until(Node.SOON, "a beat", () -> node.server.last() != null);
        assertEquals(List.of(), node.server.last().pulls());
    }

    private int put(ImageOrder order) throws IOException, InterruptedException {
        return node.agent()
                .send("PUT", "/images", Json.write(order), TestAgent.TOKEN)
                .statusCode();
    }

    private ImagePull told(ImageOrder order, PullState state) {
        Await.until(
                Node.SOON,
                order.image() + " " + state,
                () -> pull(order).filter(one -> one.state() == state).isPresent());
        return pull(order).orElseThrow();
    }

    private Optional<ImagePull> pull(ImageOrder order) {
        return node.server.last() == null
                ? Optional.empty()
                : node.server.last().pulls().stream()
                        .filter(one ->
                                one.image().equals(order.image()) && one.wish().equals(order.wish()))
                        .findFirst();
    }
}
