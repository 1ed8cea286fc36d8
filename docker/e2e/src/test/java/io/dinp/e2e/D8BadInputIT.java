package io.dinp.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.e2e.bed.Await;
import io.dinp.e2e.bed.EchoImages;
import io.dinp.e2e.bed.TestBed;
import io.dinp.e2e.client.Builder;
import io.dinp.e2e.client.Dashboard;
import io.dinp.e2e.client.Page;
import io.dinp.e2e.client.Person;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** What people get wrong, and whether they are told so in words that help. */
@ExtendWith(TestBedExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class D8BadInputIT {
    private static final byte[] NO_ARCHIVE = "this is a text file".getBytes(StandardCharsets.UTF_8);

    private final TestBed bed;
    private final Platform dinp;
    private Dashboard dash;
    private Builder builder;

    D8BadInputIT(TestBed bed) {
        this.bed = bed;
        this.dinp = new Platform(bed);
    }

    @BeforeAll
    void signIn() {
        Person root = new Person();
        dash = Dashboard.signIn(root, bed.dash(), TestBed.ROOT, TestBed.ROOT_PASSWORD);
        builder = Builder.signIn(root, bed.builder(), TestBed.ROOT, TestBed.ROOT_PASSWORD);
    }

    @AfterAll
    void tidy() {
        dinp.deleteAll();
    }

    @Test
    void anArchiveThatIsNone() {
        Page answer = builder.submit("noarchive", "1.0", "binary", "noarchive.tar.gz", NO_ARCHIVE);
        String message = answer.status() == 302
                ? builder.build("noarchive", "1.1", "binary", NO_ARCHIVE).status()
                : answer.message();
        saysSo("an archive that is none", message, "gz");
        refused("a wrong ending", builder.submit("ending", "1.0", "binary", "app.zip", NO_ARCHIVE), ".tar.gz");
        refused(
                "an app that no image can be named after",
                builder.submit("1st", "1.0", "binary", "a.tar.gz", NO_ARCHIVE),
                "app");
        refused(
                "a version that is none",
                builder.submit("first", "latest", "binary", "a.tar.gz", NO_ARCHIVE),
                "version");
        refused("an unknown base", builder.submit("first", "1.0", "cobol", "a.tar.gz", NO_ARCHIVE), "base");
    }

    @Test
    void aNameThatIsNoHostLabel() {
        for (String name : List.of("under_score", "Capital", "-dash", "dash-", "two.labels", "x".repeat(64), "")) {
            refused("the name '" + name + "'", dash.change("/app/create", Map.of("name", name)), "name");
        }
    }

    @Test
    void memoryOutsideItsRange() {
        int app = dash.createApp("memory");
        for (String memory : List.of("127", "10241", "-1", "much")) {
            refused("memory " + memory, deploy(app, bed.echo().image(EchoImages.V1), memory), "memory");
        }
        assertEquals("", bed.mysql().value("select image from app where id = ?", app), "nothing was deployed");
    }

    @Test
    void anImageThatDoesNotExist() {
        int app = dash.createApp("noimage");
        refused("no image name at all", deploy(app, "not an image", "128"), "image");
        dash.deploy(app, bed.echo().image(EchoImages.MISSING), 1);
        Await.until(
                Duration.ofSeconds(30),
                "the pull has failed",
                () -> dinp.status("noimage") == 2,
                () -> dinp.explain("noimage"));
        String reason = dash.read("/api/status/" + app).json().path("reason").asText();
        saysSo("an image that does not exist", reason, EchoImages.MISSING);
        assertTrue(dash.open("/app/instance/" + app).body().contains(EchoImages.MISSING), "the page says so, too");
    }

    @Test
    void aDomainUnderThePlatformsOwn() {
        for (String domain : List.of(
                "evil." + bed.domain(), bed.domain(), "Evil." + bed.domain().toUpperCase(Locale.ROOT) + ".")) {
            refused("the domain " + domain, dash.change("/domain/create", Map.of("domain", domain)), bed.domain());
        }
        refused("an address", dash.change("/domain/create", Map.of("domain", "10.0.0.1")), "host name");
    }

    private Page deploy(int app, String image, String memory) {
        return dash.change("/app/deploy/" + app, Map.of("image", image, "memory", memory, "instance", "1"));
    }

    private static void refused(String what, Page answer, String word) {
        assertTrue(
                answer.status() == 400 || answer.status() == 422,
                () -> what + ": " + answer.status() + " " + answer.body());
        saysSo(what, answer.message(), word);
    }

    private static void saysSo(String what, String message, String word) {
        assertTrue(message.contains(word), () -> what + ": " + message);
        Figures.print("D8", what + ": " + message);
    }
}
