package io.dinp.builder.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.dockerjava.api.DockerClient;
import io.dinp.builder.core.BuildFailed;
import io.dinp.builder.docker.ImageBuilder.Registry;
import io.dinp.common.config.Secret;
import io.dinp.common.model.ImageRef;
import io.dinp.common.testing.Await;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine's and the registry's answers, as they really come. */
class ImageBuilderIT {
    @TempDir
    private static Path directory;

    private static TestRegistry registry;
    private static Path archive;

    private final StringWriter log = new StringWriter();

    @BeforeAll
    static void start() throws Exception {
        registry = TestRegistry.startWithPassword();
        archive = Files.writeString(directory.resolve("app.tar"), "x");
    }

    @AfterAll
    static void stop() throws Exception {
        if (registry != null) {
            registry.close();
        }
    }

    @Test
    void usesTheRegistrysAccountForBaseAndPush() throws Exception {
        try (ImageBuilder builder = builder(TestRegistry.PASSWORD)) {
            builder.build(dockerfile("RUN true"), archive, image("good"), Map.of("io.dinp.build", "1"), log::write);
            builder.push(image("good"), log::write);
        }
        assertTrue(registry.has("u/demo", "good"));
    }

    @Test
    void aWrongPasswordIsToldAtTheBase() throws Exception {
        try (ImageBuilder builder = builder("wrong")) {
            String failure = failure(() -> builder.build(dockerfile(""), archive, image("x"), Map.of(), log::write));
            assertTrue(failure.startsWith("the build failed: ") && failure.contains("unauthorized"), failure);
        }
    }

    @Test
    void aWrongPasswordIsToldAtThePush() throws Exception {
        try (ImageBuilder good = builder(TestRegistry.PASSWORD);
                ImageBuilder wrong = builder("wrong")) {
            good.build(dockerfile(""), archive, image("refused"), Map.of(), log::write);
            String failure = failure(() -> wrong.push(image("refused"), log::write));
            assertTrue(failure.startsWith("the push to " + registry.address() + " failed: "), failure);
            assertTrue(failure.contains("unauthorized") || failure.contains("no basic auth"), failure);
        }
    }

    @Test
    void aDockerfileThatIsNoneIsTold() throws Exception {
        try (ImageBuilder builder = builder(TestRegistry.PASSWORD)) {
            String failure = failure(() -> builder.build("FROMM x", archive, image("x"), Map.of(), log::write));
            assertTrue(failure.contains("the Docker engine refused: ") && failure.contains("FROMM"), failure);
        }
    }

    @Test
    void anEngineThatIsAwayIsTold() throws Exception {
        Registry target = new Registry(registry.address(), "", Secret.NONE);
        try (ImageBuilder builder = new ImageBuilder("unix:///nowhere/docker.sock", target, 64)) {
            assertThrows(RuntimeException.class, builder::ping);
            String failure = failure(() -> builder.build("FROM x", archive, image("x"), Map.of(), log::write));
            assertTrue(failure.startsWith("the build failed, the Docker engine does not answer: "), failure);
        }
    }

    @Test
    void stepsAreBoundedInMemory() throws Exception {
        try (ImageBuilder builder = new ImageBuilder(
                TestRegistry.ENGINE,
                new Registry(registry.address(), TestRegistry.USER, new Secret(TestRegistry.PASSWORD)),
                64)) {
            String eatsAGigabyte = "RUN head -c 1000000000 /dev/zero | tail";
            String failure =
                    failure(() -> builder.build(dockerfile(eatsAGigabyte), archive, image("x"), Map.of(), log::write));
            assertTrue(failure.contains("returned a non-zero code"), failure);
        }
    }

    @Test
    void onlyTheNewestImagesStayOnTheEngine() throws Exception {
        try (DockerClient docker = TestRegistry.engine();
                ImageBuilder builder = builder(TestRegistry.PASSWORD)) {
            for (String build : List.of("1", "2", "3", "4")) {
                Map<String, String> labels = Map.of(ImageBuilder.LABEL, build);
                builder.build(dockerfile("LABEL run=" + UUID.randomUUID()), archive, image(build), labels, log::write);
            }
            builder.build(dockerfile("LABEL run=other"), archive, image("unlabelled"), Map.of(), log::write);
            String user = docker.createContainerCmd(image("2").value())
                    .withCmd("true")
                    .exec()
                    .getId();
            try {
                ImageBuilder.Hold unpushed = builder.hold(image("3"));
                builder.forgetOld(1);
                Await.until(Duration.ofSeconds(10), "the oldest is gone", () -> !isHere(docker, "1"));
                assertTrue(isHere(docker, "3"), "its push may go on still");
                unpushed.close();
                builder.forgetOld(1);
                Await.until(Duration.ofSeconds(10), "the next one too", () -> !isHere(docker, "3"));
                for (String build : List.of("2", "4", "unlabelled")) {
                    assertTrue(isHere(docker, build), build);
                }
            } finally {
                docker.removeContainerCmd(user).exec();
            }
        }
    }

    private static boolean isHere(DockerClient docker, String tag) {
        return docker.listImagesCmd().exec().stream()
                .filter(image -> image.getRepoTags() != null)
                .anyMatch(image ->
                        List.of(image.getRepoTags()).contains(image(tag).value()));
    }

    @Test
    void anInterruptedBuildEndsAtOnce() throws Exception {
        try (ImageBuilder builder = builder(TestRegistry.PASSWORD)) {
            FutureTask<Object> build = new FutureTask<>(() -> assertThrows(
                    InterruptedException.class,
                    () -> builder.build(dockerfile("RUN sleep 300"), archive, image("x"), Map.of(), log::write)));
            Thread thread = new Thread(build, "build");
            thread.start();
            Await.until(
                    Duration.ofSeconds(30),
                    "the step runs",
                    () -> log.toString().indexOf("Running in") >= 0);
            thread.interrupt();
            build.get(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void coloursAreTakenOutOfTheLog() throws Exception {
        UUID complaint = UUID.randomUUID(); // a step that the engine knows already prints nothing
        try (ImageBuilder builder = builder(TestRegistry.PASSWORD)) {
            String step = "RUN echo complaint " + complaint + " >&2";
            builder.build(dockerfile(step), archive, image("x"), Map.of(), log::write);
        }
        assertEquals(-1, log.toString().indexOf("\u001B"));
        assertTrue(log.toString().indexOf("\ncomplaint " + complaint + "\n") >= 0, log.toString());
    }

    private static ImageBuilder builder(String password) {
        return new ImageBuilder(
                TestRegistry.ENGINE, new Registry(registry.address(), TestRegistry.USER, new Secret(password)), 256);
    }

    private static String dockerfile(String step) {
        return "FROM " + registry.address() + "/dinp/binary:1\n" + step + "\n";
    }

    private static ImageRef image(String tag) {
        return ImageRef.parse(registry.address() + "/u/demo:" + tag);
    }

    private interface Step {
        void run() throws BuildFailed, InterruptedException;
    }

    private static String failure(Step step) {
        return assertThrows(BuildFailed.class, step::run).getMessage();
    }
}
