package io.dinp.e2e.load;

import io.dinp.e2e.client.RawHttp.Answer;
import java.time.Duration;

/** Whether an answer is the one that the app must give: the rule by which requests count as failed. */
final class Verdict {
    static final Duration LIMIT = Duration.ofSeconds(5);

    /** How the reason begins when the answer came from another app. */
    static final String ANOTHER_APP = "answer of another app";

    private Verdict() {}

    /**
     * The reason why a request failed, or an empty text.
     *
     * @param app whose name the answer must begin with: a request that reached another app has failed
     * @param body what was posted and must come back; empty for a GET
     */
    static String judge(Answer answer, String app, String body, Duration latency) {
        if (answer.status() != 200) {
            return "status " + answer.status() + " " + answer.body().strip();
        }
        if (!answer.body().startsWith(app + " ")) {
            return ANOTHER_APP + ": " + firstLine(answer.body());
        }
        if (!answer.body().substring(answer.body().indexOf('\n') + 1).equals(body)) {
            return "the body did not come back whole";
        }
        return latency.compareTo(LIMIT) > 0 ? "took " + latency.toMillis() + " ms" : "";
    }

    /** The version in the first line, {@code <app> <version> <host>}. */
    static String version(Answer answer) {
        String[] words = firstLine(answer.body()).split(" ");
        return words.length > 1 ? words[1] : "?";
    }

    private static String firstLine(String body) {
        return body.substring(0, Math.max(0, body.indexOf('\n')));
    }
}
