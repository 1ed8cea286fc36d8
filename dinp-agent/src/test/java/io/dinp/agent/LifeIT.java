package io.dinp.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.agent.core.Labels;
import io.dinp.common.model.ContainerReport;
import io.dinp.common.model.FailureStage;
import io.dinp.common.model.InstanceSpec;
import io.dinp.common.model.InstanceState;
import io.dinp.common.testing.Await;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of instances that run: death, stop, and an agent or a machine that goes away and comes back. */
class LifeIT {
    @TempDir
    Path stateDir;

    private Node node;

    @BeforeEach
    void start() throws Exception {
        node = new Node(stateDir);
        node.start("boot-1");
    }

    @AfterEach
    void stop() throws Exception {
        node.close();
    }

    @Test
    void aDeathIsToldAtOnce() throws Exception {
        InstanceSpec spec = node.ready(Map.of());
        node.engine.docker().killContainerCmd(id(spec)).exec();
        ContainerReport dead = node.until(Duration.ofSeconds(1), spec, "dead", one -> !one.ready());
        assertEquals(InstanceState.EXITED, dead.state());
        assertEquals(FailureStage.EXIT, dead.stage());
        assertEquals(137, dead.exitCode());
        assertEquals(List.of(), dead.ports());
    }

    @Test
    void aCrashSaysItsCodeAndLastWords() throws Exception {
        InstanceSpec spec = node.ready(Map.of());
        assertTrue(dies(spec, "/crash"));
        ContainerReport dead = node.until(spec, "explained", one -> one.reason().contains("last output"));
        assertEquals("exited with code 7; last output: crashing", dead.reason());
        assertEquals(7, dead.exitCode());
    }

    @Test
    void wantOfMemoryIsSaid() throws Exception {
        InstanceSpec spec = node.ready(Map.of());
        assertTrue(dies(spec, "/oom"));
        ContainerReport dead = node.until(spec, "killed for memory", ContainerReport::oomKilled);
        assertEquals(137, dead.exitCode());
        assertTrue(dead.reason().contains("out of memory, limit 96 MB"), dead.reason());
    }

    @Test
    void aStopLetsItDrainAndRestsItsPort() throws Exception {
        InstanceSpec spec = node.ready(Map.of("DRAIN", "1"));
        int port = port(spec);
        String id = id(spec);
        assertEquals(202, node.agent().delete(spec.instance(), 20).statusCode());
        node.until(spec, "stopping", one -> one.state() == InstanceState.STOPPING && !one.ready());
        assertTrue(
                node.engine.docker().inspectContainerCmd(id).exec().getState().getRunning(), "drains");
        node.untilGone(spec);
        assertEquals(List.of(), node.engine.containers());
        assertEquals(List.of(port), node.server.last().restingPorts());
        assertNotEquals(port, port(node.ready(Map.of())));
        node.server.release(List.of(port));
        Await.until(
                Node.SOON,
                "the port rests no more",
                () -> node.server.last().restingPorts().isEmpty());
        assertEquals(204, node.agent().delete(spec.instance(), 1).statusCode());
    }

    @Test
    void anOrderThatComesAfterItsTimeIsRefused() throws Exception {
        InstanceSpec spec = node.ready(Map.of());
        long clock = node.server.last().clock();
        assertTrue(clock > 0, "beats tell the clock");
        HttpResponse<String> late = node.agent().delete(spec.instance(), 1, clock - 1);
        assertEquals(409, late.statusCode());
        assertTrue(late.body().contains(spec.instance()) && late.body().contains("given up"), late.body());
        InstanceSpec other = node.spec(node.engine.image(), Map.of(), "", 60);
        assertEquals(409, node.agent().put(other, clock - 1).statusCode());
        assertEquals(400, node.agent().delete(spec.instance(), 1, -1).statusCode());
        ContainerReport still = node.until(spec, "untouched", ContainerReport::ready);
        assertEquals(InstanceState.RUNNING, still.state());
        assertEquals(1, node.engine.containers().size(), "nothing was started");
        assertEquals(
                202, node.agent().delete(spec.instance(), 1, clock + 60_000).statusCode());
        node.untilGone(spec);
        assertTrue(node.server.last().clock() > clock, "the clock goes on");
    }

    @Test
    void whoDoesNotEndInTimeIsKilled() throws Exception {
        InstanceSpec spec = node.ready(Map.of("DRAIN", "600"));
        node.agent().delete(spec.instance(), 1);
        node.untilGone(spec);
        assertEquals(List.of(), node.engine.containers());
    }

    @Test
    void aStopOvertakesAStart() throws Exception {
        InstanceSpec spec = node.spec(node.engine.image(), Map.of("MODE", "deaf"), "", 300);
        node.agent().put(spec);
        node.agent().delete(spec.instance(), 5);
        node.untilGone(spec);
        Await.until(
                Node.SOON,
                "no container is left",
                () -> node.engine.containers().isEmpty());
    }

    @Test
    void anAgentThatComesBackFindsWhatRuns() throws Exception {
        InstanceSpec lives = node.ready(Map.of());
        InstanceSpec dies = node.ready(Map.of());
        String id = id(lives);
        String doomed = id(dies);
        long readyAt = node.server.instance(lives.instance()).orElseThrow().readyAt();
        String identity = node.server.last().node();
        long seq = node.server.last().seq();
        node.stop();
        assertTrue(
                node.engine.docker().inspectContainerCmd(id).exec().getState().getRunning());
        node.engine.docker().killContainerCmd(doomed).exec();
        node.start("boot-1");
        node.until(dies, "seen as dead", one -> one.state() == InstanceState.EXITED && one.exitCode() == 137);
        ContainerReport same = node.until(lives, "ready", ContainerReport::ready);
        assertEquals(id, same.id());
        assertEquals(readyAt, same.readyAt());
        assertEquals(identity, node.server.last().node());
        assertTrue(node.server.last().seq() > seq);
    }

    @Test
    void afterAPowerCutTheInstancesAreBackWithoutAServer() throws Exception {
        InstanceSpec served = node.ready(Map.of());
        InstanceSpec orderly = node.ready(Map.of());
        int port = port(served);
        String id = id(served);
        node.engine.docker().stopContainerCmd(id(orderly)).exec();
        node.until(orderly, "exited", one -> one.state() == InstanceState.EXITED);
        node.stop();
        node.engine.docker().killContainerCmd(id).exec();
        node.start("boot-2");
        ContainerReport back = node.until(served, "ready again", ContainerReport::ready);
        assertEquals(port, back.ports().get(0).publicPort());
        assertEquals(id, back.id());
        node.until(orderly, "ready again", ContainerReport::ready);
        assertEquals(200, node.ask(node.address(served, "/health")).statusCode());
    }

    @Test
    void withoutItsJournalItAdoptsWhatCarriesItsLabels() throws Exception {
        InstanceSpec spec = node.ready(Map.of());
        int port = port(spec);
        node.stop();
        clear(stateDir.resolve("instances"));
        node.start("boot-1");
        ContainerReport adopted = node.until(spec, "adopted", ContainerReport::ready);
        assertEquals("demo", adopted.appName());
        assertEquals(spec.revision(), adopted.revision());
        assertEquals(spec.image(), adopted.image());
        assertEquals(96, adopted.memoryMb());
        assertEquals(port, adopted.ports().get(0).publicPort());
        assertEquals(202, node.agent().put(spec).statusCode());
        node.agent().delete(spec.instance(), 5);
        node.untilGone(spec);
        assertEquals(List.of(), node.engine.containers());
    }

    @Test
    void aGarbledJournalFileIsSetAside() throws Exception {
        InstanceSpec spec = node.ready(Map.of());
        node.stop();
        Path file = stateDir.resolve("instances").resolve(spec.instance() + ".json");
        Files.write(file, new byte[] {'{', '"', 's', 'p'});
        node.start("boot-1");
        node.until(spec, "adopted", ContainerReport::ready);
        assertTrue(Files.exists(Path.of(file + ".unreadable")));
    }

    @Test
    void whatAnEndedInstanceSaidLastStaysUntilItIsRemovedByOrder() throws Exception {
        InstanceSpec spec = node.spec(Map.of("MODE", "exit"));
        node.agent().put(spec);
        ContainerReport dead = node.until(spec, "explained", one -> one.reason().contains("last output"));
        node.stop();
        node.engine.docker().removeContainerCmd(dead.id()).exec();
        node.start("boot-1");
        node.until(spec, "told again", one -> one.state() == InstanceState.EXITED);
        assertEquals("cannot go on", node.agent().get(logsOf(spec)).body());
        node.agent().delete(spec.instance(), 0);
        node.untilGone(spec);
        assertEquals(404, node.agent().get(logsOf(spec)).statusCode());
    }

    @Test
    void orphansOfOurClusterAreToldAndRemovedByOrderThoseOfAnotherAreNotTouched() throws Exception {
        orphan(node.cluster, "orphan-runs", Map.of());
        orphan(node.cluster, "orphan-ended", Map.of("MODE", "exit"));
        String other = orphan("other-" + node.cluster, "orphan-other", Map.of());
        Await.until(
                Node.SOON,
                "the orphans are told",
                () -> told("orphan-runs", InstanceState.RUNNING) && told("orphan-ended", InstanceState.EXITED));
        assertEquals("gone", node.server.instance("orphan-runs").orElseThrow().appName());
        assertTrue(node.server.instance("orphan-other").isEmpty());
        assertEquals(202, node.agent().delete("orphan-runs", 5).statusCode());
        assertEquals(202, node.agent().delete("orphan-ended", 5).statusCode());
        Await.until(
                Node.SOON, "they are removed", () -> node.engine.containers().isEmpty());
        assertTrue(node.engine
                .docker()
                .inspectContainerCmd(other)
                .exec()
                .getState()
                .getRunning());
    }

    private boolean told(String instance, InstanceState state) {
        return node.server
                .instance(instance)
                .filter(one -> one.state() == state)
                .isPresent();
    }

    /** A container that some agent has made for an app that is gone, and that this agent's journal knows nothing of. */
    private String orphan(String cluster, String instance, Map<String, String> env) {
        String id = node.engine
                .docker()
                .createContainerCmd(node.engine.image())
                .withEnv(env.entrySet().stream()
                        .map(e -> e.getKey() + "=" + e.getValue())
                        .toList())
                .withLabels(Map.of(
                        "dinp.test",
                        node.cluster,
                        Labels.CLUSTER,
                        cluster,
                        Labels.APP,
                        "gone",
                        Labels.REVISION,
                        "rev-0",
                        Labels.INSTANCE,
                        instance,
                        Labels.IMAGE,
                        node.engine.image(),
                        Labels.PORT,
                        "18199"))
                .exec()
                .getId();
        node.engine.docker().startContainerCmd(id).exec();
        return id;
    }

    private static String logsOf(InstanceSpec spec) {
        return "/instances/" + spec.instance() + "/logs?lines=5";
    }

    @Test
    void aContainerOfTheOriginalIsToldOnceItListensAndNeverTouched() throws Exception {
        String listens = node.engine.run(Map.of("APP_NAME", "old"), 18301);
        String deaf = node.engine.run(Map.of("APP_NAME", "old", "MODE", "deaf"), 18302);
        String nameless = node.engine.run(Map.of(), 18303);
        Await.until(
                Node.SOON,
                "its port is told",
                () -> node.server
                        .legacy(listens)
                        .filter(one -> one.ready() && one.ports().get(0).publicPort() == 18301)
                        .isPresent());
        ContainerReport silent = node.server.legacy(deaf).orElseThrow();
        assertEquals("old", silent.appName());
        assertEquals(List.of(), silent.ports());
        assertTrue(node.server.legacy(nameless).isEmpty());
        node.engine.docker().killContainerCmd(listens).exec();
        Await.until(
                Node.SOON,
                "it is told no more",
                () -> node.server.legacy(listens).isEmpty());
        assertEquals(
                3,
                node.engine
                        .docker()
                        .listContainersCmd()
                        .withShowAll(true)
                        .withLabelFilter(Map.of("dinp.test", node.cluster))
                        .exec()
                        .size());
    }

    /** The app dies of the request, whose connection breaks. */
    private boolean dies(InstanceSpec spec, String path) throws InterruptedException {
        try {
            node.ask(node.address(spec, path));
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private String id(InstanceSpec spec) {
        return node.server.instance(spec.instance()).orElseThrow().id();
    }

    private int port(InstanceSpec spec) {
        return node.server
                .instance(spec.instance())
                .orElseThrow()
                .ports()
                .get(0)
                .publicPort();
    }

    private static void clear(Path directory) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }
}
