package io.dinp.e2e.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.e2e.client.RawHttp.Answer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VerdictTest {
    private static final Duration QUICK = Duration.ofMillis(60);

    @Test
    void whatTheAppAnswersIsGood() {
        assertEquals("", judge(200, "echo v1 c0ffee\n", "", QUICK));
        assertEquals("", judge(200, "echo v1 c0ffee\nposted", "posted", QUICK));
    }

    @Test
    void everythingElseHasAReason() {
        assertTrue(judge(502, "502 Bad Gateway", "", QUICK).contains("502"));
        assertTrue(judge(200, "other v1 c0ffee\n", "", QUICK).contains("another app"));
        assertTrue(judge(200, "echo v1 c0ffee\npost", "posted", QUICK).contains("whole"));
        assertTrue(judge(200, "echo v1 c0ffee\n", "", Duration.ofMillis(5001)).contains("5001 ms"));
    }

    @Test
    void anAppWhoseNameBeginsAlikeIsAnotherApp() {
        assertNotEquals("", judge(200, "echo2 v1 c0ffee\n", "", QUICK));
    }

    @Test
    void theVersionIsTheSecondWord() {
        assertEquals("v2", Verdict.version(new Answer(200, Map.of(), "echo v2 c0ffee\n")));
        assertEquals("?", Verdict.version(new Answer(200, Map.of(), "nonsense")));
    }

    private static String judge(int status, String answer, String body, Duration latency) {
        return Verdict.judge(new Answer(status, Map.of(), answer), "echo", body, latency);
    }
}
