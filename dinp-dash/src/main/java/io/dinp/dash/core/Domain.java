package io.dinp.dash.core;

/**
 * A custom host name.
 *
 * @param appId 0 when not bound
 */
public record Domain(
        int id, String domain, int teamId, String teamName, int appId, String appName, int creator, String creatorName)
        implements Owned {

    public boolean isBound() {
        return appId != 0;
    }
}
