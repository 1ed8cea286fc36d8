package io.dinp.router.core;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Which apps have numbers of their own: the first so many that get a request, so that metrics stay bounded. Thread-safe; asked rarely. */
public final class AppRoster {
    /** The app under which all others are counted. No host's first label has a dot. */
    public static final String OTHER = ".other";

    private final int limit;
    private final Set<String> hosts = ConcurrentHashMap.newKeySet();

    public AppRoster(int limit) {
        this.limit = limit;
    }

    /** The host itself, or {@link #OTHER} when there is no room for it. */
    public synchronized String admit(String host) {
        if (hosts.contains(host)) {
            return host;
        }
        return hosts.size() < limit && hosts.add(host) ? host : OTHER;
    }

    /** An app has left the table. */
    public synchronized void remove(String host) {
        hosts.remove(host);
    }
}
