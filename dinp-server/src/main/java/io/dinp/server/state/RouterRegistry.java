package io.dinp.server.state;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The routers that may still send requests somewhere: a used port is only leased again when each of them has applied
 * its removal. One that has been silent for a day is forgotten.
 */
public final class RouterRegistry {

    private static final long FORGOTTEN_MS = Duration.ofHours(24).toMillis();

    private final Map<String, Long> lastSeen = new HashMap<>();

    /** Takes over what MySQL knows. */
    public synchronized void restore(Map<String, Long> stored) {
        stored.forEach((id, at) -> lastSeen.merge(id, at, Math::max));
    }

    /** Notes that these routers hold a lease. */
    public synchronized void seen(Collection<String> ids, long now) {
        ids.forEach(id -> lastSeen.put(id, now));
    }

    /** Ids of the routers that count. */
    public synchronized Set<String> registered(long now) {
        lastSeen.replaceAll((id, at) -> Math.min(at, now)); // seen by a clock that was ahead: its day begins now
        lastSeen.values().removeIf(at -> now - at > FORGOTTEN_MS);
        return Set.copyOf(lastSeen.keySet());
    }

    /** When each was last seen, in epoch ms. */
    public synchronized Map<String, Long> all() {
        return new TreeMap<>(lastSeen);
    }
}
