package io.dinp.dash.core;

import java.util.Locale;

/**
 * A row of the table {@code app}: what the user wants to run.
 *
 * @param name also the first label of the app's host name
 * @param creator user id of the owner
 * @param teamId 0 when no team shares it
 * @param image empty before the first deploy
 * @param memory MB an instance
 * @param instance how many to run
 * @param status 0, or why the last deploy failed (contract)
 * @param health path that must answer 2xx or 3xx, empty: a TCP connection is enough
 */
public record App(
        int id,
        String name,
        int creator,
        int teamId,
        String teamName,
        String image,
        int memory,
        int instance,
        int status,
        String health)
        implements Owned {

    /** Whether anything was ever deployed. */
    public boolean isDeployed() {
        return !image.isEmpty();
    }

    /** Where the app answers; rows of the original may have capitals. */
    public String host(String domain) {
        return name.toLowerCase(Locale.ROOT) + "." + domain;
    }
}
