package io.dinp.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Locale;

/** Prints each measured figure in one line that begins with its statement in the issue, and holds it against its limit. */
final class Figures {
    private Figures() {}

    static void print(String statement, String text) {
        System.out.println(statement + " " + text);
    }

    static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.2f s", time.toMillis() / 1000.0);
    }

    static void atMost(Duration limit, Duration time, String what) {
        assertTrue(time.compareTo(limit) <= 0, () -> what + " took " + seconds(time) + ", at most " + seconds(limit));
    }
}
