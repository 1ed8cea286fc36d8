package io.dinp.dash.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.dash.core.App;
import io.dinp.dash.core.AppSettings;
import io.dinp.dash.core.NewApp;
import io.dinp.dash.core.RolloutWish;
import io.dinp.dash.core.Viewer;
import io.dinp.web.BadInput;
import io.dinp.web.Forms;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which apps the dashboard lets through. */
class AppValidatorTest {
    private final AppValidator validator = new AppValidator(10, "apps.io", Set.of("dash.apps.io"));
    private final Viewer viewer = new Viewer(7, false, () -> Map.of(3, "web"));

    @Test
    void takesAnApp() {
        NewApp app = validator.create(
                Forms.of(
                        "name",
                        "demo",
                        "image",
                        "127.0.0.1:5000/me/demo:1",
                        "memory",
                        "128",
                        "instance",
                        "10",
                        "health",
                        "/health?full=1",
                        "team_id",
                        "3"),
                viewer);
        assertEquals("demo", app.name().value());
        assertEquals(128, app.first().memory());
        assertEquals(10, app.first().instance());
        assertEquals(3, app.teamId());
    }

    @Test
    void anImageMayComeLater() {
        NewApp app = validator.create(Forms.of("name", "demo"), viewer);
        assertEquals("", app.first().image());
        assertEquals(1, app.first().instance());
        assertEquals(256, app.first().memory());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name     | Demo",
                "name     | a_b",
                "name     | -a",
                "name     | ''",
                "name     | dash",
                "image    | Bad Image",
                "image    | http://host/x",
                "memory   | 127",
                "memory   | 10241",
                "memory   | 1e3",
                "instance | -1",
                "instance | 11",
                "health   | health",
                "health   | /a b",
                "team_id  | 4",
            })
    void namesTheFieldThatIsWrong(String field, String value) {
        BadInput wrong =
                assertThrows(BadInput.class, () -> validator.create(Forms.of("name", "demo", field, value), viewer));
        assertEquals(Set.of(field), wrong.errors().keySet());
    }

    @Test
    void aDeployNeedsAnImageAndKeepsTheNumberOfInstances() {
        App app = new App(1, "demo", 7, 0, "", "demo:1", 256, 4, 0, "");
        assertEquals(4, validator.deploy(Forms.of("image", "demo:2"), app).instance());
        BadInput wrong = assertThrows(BadInput.class, () -> validator.deploy(Forms.of("image", ""), app));
        assertTrue(wrong.errors().containsKey("image"));
    }

    @Test
    void scalingNeedsANumber() {
        assertEquals(0, validator.scale(Forms.of("instance", "0")));
        assertThrows(BadInput.class, () -> validator.scale(Forms.of()));
        assertThrows(BadInput.class, () -> validator.scale(Forms.of("instance", "11")));
    }

    @Test
    void aTeamThatIsSetAlreadyMayStay() {
        App shared = new App(1, "demo", 7, 99, "others", "", 256, 0, 0, "");
        assertEquals(99, edit(shared, RolloutWish.DEFAULT, "team_id", "99").teamId());
        assertThrows(BadInput.class, () -> edit(shared, RolloutWish.DEFAULT, "team_id", "98"));
    }

    @Test
    void howDeploysAreRolledStaysUnlessItIsSentAndIsTheServersWhenEmpty() {
        App app = new App(1, "demo", 7, 0, "", "", 256, 0, 0, "");
        RolloutWish present = new RolloutWish(2, 1, 30, "zone=a");
        assertEquals(present, edit(app, present, "health", "/health").rollout());
        assertEquals(
                new RolloutWish(null, 1, 0, "zone=a"),
                edit(app, present, "surge", "", "bake_seconds", "0").rollout());
        String[] nothing = {"surge", "", "unavailable", "", "bake_seconds", "", "constraints", ""};
        assertEquals(RolloutWish.DEFAULT, edit(app, present, nothing).rollout());
        String[] all = {
            "surge", "0", "unavailable", "1000", "bake_seconds", "3600", "constraints", " disk!=slow, zone=b "
        };
        assertEquals(
                new RolloutWish(0, 1000, 3600, "disk!=slow, zone=b"),
                edit(app, present, all).rollout());
    }

    @ParameterizedTest
    @CsvSource({
        "surge,        -1",
        "surge,        1001",
        "surge,        some",
        "unavailable,  -1",
        "unavailable,  1001",
        "bake_seconds, -1",
        "bake_seconds, 3601",
        "surge,        0",
        "constraints,  zone",
        "constraints,  'zone=a, zone=b'",
    })
    void aDeployThatCouldNotBeRolledIsRefused(String field, String value) {
        App app = new App(1, "demo", 7, 0, "", "", 256, 0, 0, "");
        BadInput wrong = assertThrows(BadInput.class, () -> edit(app, RolloutWish.DEFAULT, field, value));
        assertEquals(Set.of(field), wrong.errors().keySet());
        assertTrue(wrong.getMessage().contains(value), wrong.getMessage());
    }

    private AppSettings edit(App app, RolloutWish present, String... namesAndValues) {
        return validator.edit(Forms.of(namesAndValues), app, present, viewer);
    }
}
