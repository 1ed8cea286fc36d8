package io.dinp.agent.core;

import java.time.Duration;
import java.util.Optional;

/** When to probe a starting instance again, and which answer counts as ready. */
public final class Readiness {
    private static final Duration EAGER = Duration.ofSeconds(5);

    private Readiness() {}

    /** The pause before the next probe: 100 ms during the first 5 s, then a second. */
    public static Duration pause(Duration sinceStart) {
        return sinceStart.compareTo(EAGER) < 0 ? Duration.ofMillis(100) : Duration.ofSeconds(1);
    }

    /**
     * Why an HTTP answer does not count, empty when it does: 2xx or 3xx, and the body contains the sign when one is set.
     */
    public static Optional<String> fault(int status, String body, String sign) {
        if (status < 200 || status > 399) {
            return Optional.of("HTTP " + status);
        }
        if (!sign.isEmpty() && !body.contains(sign)) {
            return Optional.of("HTTP " + status + " without \"" + sign + "\" in the body");
        }
        return Optional.empty();
    }
}
