package io.dinp.router.core;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Round robin over the endpoints of one route, for one event loop.
 *
 * @param <B> the loop's view of an endpoint
 */
public final class BackendPicker<B extends Backend> {
    private final List<B> backends;
    private int next;

    /** @param start where to begin, chosen at random by the caller so that not all routers and loops begin with the same endpoint */
    public BackendPicker(List<B> backends, int start) {
        this.backends = List.copyOf(backends);
        this.next = backends.isEmpty() ? 0 : Math.floorMod(start, backends.size());
    }

    /**
     * The next endpoint that was not tried yet and has room. Resting ones come only when nothing else is left, since a chance is better
     * than a refusal.
     *
     * @return empty when all were tried or are full
     */
    public Optional<B> pick(long nowNanos, Collection<B> tried) {
        B resting = null;
        for (int i = 0, n = backends.size(); i < n; i++) {
            int index = next + i < n ? next + i : next + i - n;
            B backend = backends.get(index);
            if (tried.contains(backend) || backend.isFull()) {
                continue;
            }
            if (!backend.isResting(nowNanos)) {
                next = index + 1 == n ? 0 : index + 1;
                backend.chosen(nowNanos);
                return Optional.of(backend);
            }
            resting = resting == null ? backend : resting;
        }
        return Optional.ofNullable(resting);
    }
}
