package io.dinp.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.e2e.bed.EchoImages;
import io.dinp.e2e.bed.TestBed;
import io.dinp.e2e.client.Builder;
import io.dinp.e2e.client.Dashboard;
import io.dinp.e2e.client.Page;
import io.dinp.e2e.client.Person;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Somebody with an account of her own, and somebody without: neither sees nor changes what belongs to another user. */
@ExtendWith(TestBedExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class D7OthersIT {
    private static final String PASSWORD = "Mallory-has-8-plus";

    private final TestBed bed;
    private final Platform dinp;
    private final Person root = new Person();
    private final Person mallory = new Person();
    private Dashboard owner;
    private Dashboard other;
    private Builder otherBuilder;
    private int app;
    private String env;
    private int domain;
    private int build;

    D7OthersIT(TestBed bed) {
        this.bed = bed;
        this.dinp = new Platform(bed);
    }

    @BeforeAll
    void twoUsers() {
        owner = Dashboard.signIn(root, bed.dash(), TestBed.ROOT, TestBed.ROOT_PASSWORD);
        app = owner.createApp("mine");
        owner.deploy(app, bed.echo().image(EchoImages.V1), 0);
        owner.changed("/env/add", Map.of("app_id", String.valueOf(app), "k", "SECRET", "v", "of-root"));
        env = bed.mysql().value("select id from env where app_name = 'mine'");
        domain = owner.changed("/domain/create", Map.of("domain", "mine.example.test"))
                .json()
                .path("id")
                .asInt();
        owner.changed("/domain/bind/" + domain, Map.of("app_id", String.valueOf(app)));
        build = Builder.signIn(root, bed.builder(), TestBed.ROOT, TestBed.ROOT_PASSWORD)
                .build("mine", "1.0", "binary", Samples.binary("1.0"))
                .id();
        register();
    }

    @AfterAll
    void tidy() {
        dinp.deleteAll();
    }

    private void register() {
        Page form = mallory.open(bed.uic() + "/auth/register");
        mallory.submit(
                form, "/auth/register", Map.of("name", "mallory", "password", PASSWORD, "email", "m@example.test"));
        other = Dashboard.signIn(mallory, bed.dash(), "mallory", PASSWORD);
        otherBuilder = Builder.signIn(mallory, bed.builder(), "mallory", PASSWORD);
    }

    @Test
    void nothingOfAnotherUserIsShown() {
        for (String path : reads()) {
            assertEquals(404, other.read(path).status(), path);
        }
        assertEquals(404, otherBuilder.read("/progress/" + build).status());
        assertEquals(404, otherBuilder.read("/log/" + build).status());
        for (String list : List.of("/app", "/domain")) {
            assertFalse(other.open(list).body().contains("mine"), list);
        }
        assertFalse(otherBuilder.read("/history").body().contains("mine"));
    }

    @Test
    void nothingOfAnotherUserIsChanged() {
        String before = everything();
        Map<String, String> fields = Map.of(
                "app_id",
                String.valueOf(app),
                "id",
                env,
                "instance",
                "1",
                "memory",
                "256",
                "image",
                "stolen:1",
                "k",
                "STOLEN",
                "v",
                "x",
                "team_id",
                "0");
        for (String path : changes()) {
            assertEquals(404, other.change(path, fields).status(), path);
        }
        assertEquals(
                404,
                otherBuilder
                        .change("/history", Map.of("id", String.valueOf(build)))
                        .status());
        assertEquals(before, everything());
        Figures.print(
                "D7",
                "another user's app, env, domain, build: refused on %d routes"
                        .formatted(reads().size() + changes().size() + 3));
    }

    @Test
    void ownThingsDoNotReachIntoAnothers() {
        int own = other.createApp("hers");
        int ownDomain = other.changed("/domain/create", Map.of("domain", "hers.example.test"))
                .json()
                .path("id")
                .asInt();
        assertEquals(
                404,
                other.change("/domain/bind/" + ownDomain, Map.of("app_id", String.valueOf(app)))
                        .status());
        String row = bed.mysql().value("select max(id) from history where app_name = 'mine'");
        Page stolen = other.change(
                "/app/deploy/" + own,
                Map.of("history", row, "restore_env", "on", "image", "x:1", "memory", "128", "instance", "0"));
        assertEquals(404, stolen.status(), stolen.body());
        other.deleteApp(own);
    }

    @Test
    void whoeverIsNotSignedInIsRefusedEverywhere() {
        Person stranger = new Person();
        for (String path : reads()) {
            assertEquals(401, stranger.read(bed.dash() + path).status(), path);
        }
        for (String path : changes()) {
            int status = stranger.forge(bed.dash() + path, Map.of("app_id", String.valueOf(app), "id", env))
                    .status();
            assertTrue(status == 401 || status == 403, () -> path + " answers " + status);
        }
        for (String path : List.of("/", "/history", "/log/" + build)) {
            Page answer = stranger.read(bed.builder() + path);
            assertTrue(answer.status() == 401 || answer.status() / 100 == 3, () -> path + " answers " + answer);
        }
    }

    /** Root's own browser, made to post by another site's page, or to follow a link. */
    @Test
    void aChangeNeedsItsTokenAndIsNeverALink() {
        String before = everything();
        for (String path : changes()) {
            assertEquals(
                    403,
                    root.forge(bed.dash() + path, Map.of("app_id", String.valueOf(app), "id", env))
                            .status(),
                    path);
        }
        for (String path :
                List.of("/env/add", "/env/delete?id=" + env, "/domain/unbind/" + domain, "/domain/delete/" + domain)) {
            assertEquals(405, root.read(bed.dash() + path).status(), path);
        }
        assertEquals(
                403,
                root.forge(bed.builder() + "/history", Map.of("id", String.valueOf(build)))
                        .status());
        assertEquals(before, everything());
    }

    /** A stranger sends a signed-in user a sign-on link with the stranger's own sig, and hopes to be signed on as that user. */
    @Test
    void theSessionFixationAttackFails() {
        for (String service : List.of(bed.dash(), bed.builder())) {
            Person attacker = new Person();
            String link = attacker.hop(service + "/").location();
            assertTrue(link.contains("sig="), link);
            Page end = root.open(link);
            assertEquals(403, end.status(), () -> "the victim ends at " + end.uri());
            assertTrue(attacker.hop(service + "/").location().contains("/auth/login"), "the attacker is still nobody");
            assertEquals(
                    403,
                    attacker.open(service + "/sso/callback?ticket=guessed&next=/")
                            .status());
            String sig = link.replaceAll(".*[?&]sig=([^&]*).*", "$1");
            Page user = attacker.read(bed.uic() + "/sso/user/" + sig + "?token=" + bed.uicToken());
            assertEquals(404, user.status(), "an unattached sig is nobody's");
            Page elsewhere = root.hop(bed.uic() + "/auth/login?sig=" + sig + "&callback=http%3A%2F%2Fevil.test%2F");
            assertFalse(elsewhere.location().contains("evil.test"), "callbacks go only to configured origins");
        }
        assertEquals(200, owner.open("/app").status(), "the victim's own session goes on");
        Figures.print("D7", "session fixation against dashboard and builder fails");
    }

    private List<String> reads() {
        return List.of(
                "/app/edit/" + app,
                "/app/deploy/" + app,
                "/app/scale/" + app,
                "/app/env/" + app,
                "/app/history/" + app,
                "/app/instance/" + app,
                "/app/domain/" + app,
                "/app/delete/" + app,
                "/api/instances/" + app,
                "/api/status/" + app,
                "/domain/edit/" + domain,
                "/domain/bind/" + domain);
    }

    private List<String> changes() {
        return List.of(
                "/app/edit/" + app,
                "/app/deploy/" + app,
                "/app/scale/" + app,
                "/app/delete/" + app,
                "/env/add",
                "/env/delete",
                "/domain/edit/" + domain,
                "/domain/bind/" + domain,
                "/domain/unbind/" + domain,
                "/domain/delete/" + domain);
    }

    private String everything() {
        return bed.mysql()
                        .column("select concat_ws(' ', id, name, image, memory, instance, health, team_id) from app")
                        .toString()
                + bed.mysql().column("select concat_ws(' ', id, k, v, app_id) from env")
                + bed.mysql()
                        .column(
                                "select concat_ws(' ', id, domain, app_id, team_id) from domain where creator_name = 'root'")
                + bed.mysql().column("select concat_ws(' ', id, app, status) from build");
    }
}
