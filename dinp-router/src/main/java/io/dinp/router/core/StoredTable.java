package io.dinp.router.core;

import java.time.Duration;
import java.util.Optional;

/**
 * A table as it is kept on disk.
 *
 * @param router the router that it is of: another one was never asked before a port in it was leased to another app
 * @param atMillis when the server could last see that this router lives, in epoch ms
 */
public record StoredTable(String router, long atMillis, TableState state) {
    /** The server forgets a silent router after a day, and from then on leases its endpoints' ports to other apps. */
    static final Duration LONGEST = Duration.ofHours(24);

    /** So much may clocks be set back; a table from the future has an age that nobody knows. */
    static final Duration CLOCK_STEP = Duration.ofMinutes(5);

    /** Why it must not be served by, if so. */
    public Optional<String> objection(String self, long nowMillis) {
        if (!router.equals(self)) {
            return Optional.of("it is the table of router " + router + ", this one is " + self);
        }
        long age = nowMillis - atMillis;
        if (age > LONGEST.toMillis()) {
            return Optional.of("it is " + Duration.ofMillis(age).toHours()
                    + " h old, and after 24 h its ports may belong to other apps");
        }
        return age < -CLOCK_STEP.toMillis()
                ? Optional.of("it is from the future, so its age is not known")
                : Optional.empty();
    }
}
