package io.dinp.dash.core;

import java.time.Instant;
import java.util.SortedMap;

/**
 * A row of {@code history}: what was deployed, complete enough to go back to it.
 *
 * @param note what the user wrote about it
 * @param memory MB, 0 in rows of the original, which did not keep it
 * @param env the values of then; null in rows of the original
 * @param user empty in rows of the original
 */
public record Deployed(
        int id,
        int appId,
        String note,
        String image,
        int memory,
        SortedMap<String, String> env,
        String user,
        Instant at) {

    /** Whether going back can bring the environment back, too. */
    public boolean hasEnv() {
        return env != null;
    }
}
