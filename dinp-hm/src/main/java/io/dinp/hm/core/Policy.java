package io.dinp.hm.core;

import java.time.Duration;

/**
 * How patient the judge is.
 *
 * @param interval between two rounds
 * @param grace after an instance was first seen in which its failures do not count, unless it has answered once
 * @param failures in a row that make an instance sick
 * @param lastOnePatience how long the only instance that might still serve must have failed before it is replaced
 */
public record Policy(Duration interval, Duration grace, int failures, Duration lastOnePatience) {
    private static final int VERDICT_INTERVALS = 3;

    /** How long a finding is worth something; older ones are forgotten. */
    public Duration verdictLifetime() {
        return interval.multipliedBy(VERDICT_INTERVALS);
    }
}
