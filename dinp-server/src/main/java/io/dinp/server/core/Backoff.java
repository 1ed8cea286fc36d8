package io.dinp.server.core;

/**
 * When a crashed instance may be replaced: three times at once, then after 30 s, doubling to 16 min, as Cloud Foundry
 * does; forgotten after ten stable minutes. The count is the app's, so it is weighed by the app's instances.
 */
final class Backoff {

    private static final int IMMEDIATE = 3;
    private static final long FIRST_MS = 30_000;
    private static final int DOUBLINGS = 5;
    /** The longest wait there is. */
    static final long LONGEST_MS = FIRST_MS << DOUBLINGS;

    private static final long STABLE_MS = 600_000;

    private Backoff() {}

    /** The rollout after further crashes of its good revision, which may be none: then its older ones may be forgotten. */
    static Rollout after(Rollout rollout, int crashes, int instances, long now) {
        boolean stable = now - rollout.nextStart() > STABLE_MS;
        int total = (stable ? 0 : rollout.crashes()) + crashes;
        if (crashes > 0) {
            return rollout.crashed(total, now + delayMs(total, instances));
        }
        return total < rollout.crashes() ? rollout.crashed(0, 0) : rollout;
    }

    /** When the crashes of a rollout are forgotten. */
    static long forgottenAt(Rollout rollout) {
        return rollout.nextStart() + STABLE_MS + 1;
    }

    /** How long the next start waits. */
    static long delayMs(int crashes, int instances) {
        int perInstance = (crashes + Math.max(1, instances) - 1) / Math.max(1, instances);
        if (perInstance <= IMMEDIATE) {
            return 0;
        }
        return FIRST_MS << Math.min(DOUBLINGS, perInstance - IMMEDIATE - 1);
    }
}
