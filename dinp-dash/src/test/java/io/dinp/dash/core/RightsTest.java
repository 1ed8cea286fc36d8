package io.dinp.dash.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dinp.common.model.AppReport;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may use what, and what the lists say of it. */
class RightsTest {
    @ParameterizedTest
    @CsvSource({
        "7, false, 7, 0, true",
        "7, false, 8, 0, false",
        "7, false, 8, 3, true",
        "7, false, 8, 4, false",
        "7, true,  8, 4, true",
    })
    void isForItsCreatorItsTeamAndAdministrators(int id, boolean admin, int creator, int team, boolean allowed) {
        Viewer viewer = new Viewer(id, admin, () -> Map.of(3, "web"));
        assertEquals(allowed, viewer.mayUse(new App(1, "demo", creator, team, "", "", 256, 0, 0, "")));
    }

    @ParameterizedTest
    @CsvSource({
        "'',     2, 0, '',      '',               false, false, new,      ''",
        "demo:1, 2, 0, '',      '',               false, false, waiting,  ''",
        "demo:1, 2, 0, rolling, '',               false, false, rolling,  ''",
        "demo:1, 2, 0, rolling, no room,          false, false, waiting,  no room",
        "demo:1, 2, 0, rolling, baking: 10 s,     false, false, baking,   10 s",
        "demo:1, 2, 0, rolling, paused by,        true,  false, paused,   paused by",
        "demo:1, 2, 0, done,    '',               false, false, running,  ''",
        "demo:1, 2, 0, done,    no room,          false, false, running,  no room",
        "demo:1, 2, 0, done,    crashed,          false, true,  crashing, crashed",
        "demo:1, 0, 0, done,    '',               false, false, stopped,  ''",
        "demo:1, 2, 2, failed,  manifest unknown, false, true,  failed,   manifest unknown",
        "demo:1, 2, 3, '',      '',               false, false, failed,   the app did not start",
    })
    void tellsStateAndReason(
            String image,
            int instances,
            int status,
            String rollout,
            String reason,
            boolean paused,
            boolean crashing,
            String state,
            String why) {
        App app = new App(1, "demo", 7, 0, "", image, 256, instances, status, "");
        AppSummary summary = new AppSummary(app, rollout, reason, paused, crashing);
        assertEquals(state, summary.state());
        assertEquals(why, summary.why());
        assertEquals(state.equals("failed") || state.equals("crashing"), summary.isBad());
    }

    @Test
    void whatTheServerSaysNowGoesOverWhatItWroteAndSilenceDoesNot() {
        App app = new App(1, "demo", 7, 0, "", "demo:1", 256, 2, 0, "");
        AppSummary stored = new AppSummary(app, "done", "", false, false);
        assertEquals(stored, stored.now(AppReport.unknown("demo"), false));
        AppReport paused =
                new AppReport("demo", 2, "rolling", "paused by command", 0, "", "", true, null, 0, 0, List.of());
        assertEquals("paused", stored.now(paused, false).state());
        assertEquals("crashing", stored.now(paused, true).state());
    }
}
