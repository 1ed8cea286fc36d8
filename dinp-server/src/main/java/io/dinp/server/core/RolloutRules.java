package io.dinp.server.core;

/**
 * How an app's row wants its deploys to be rolled; what it leaves open is the server's default.
 *
 * @param surge instances above the wanted count during a change, null for the server's share
 * @param unavailable instances that may be missing during a change
 * @param bakeSeconds how long a new instance has to serve before an old one goes for it, null for the server's default
 */
public record RolloutRules(Integer surge, int unavailable, Integer bakeSeconds) {

    /** Of a row that says nothing. */
    public static final RolloutRules DEFAULT = new RolloutRules(null, 0, null);

    private static final int MAX_INSTANCES = 1000;
    private static final int MAX_BAKE_SECONDS = 3600;

    /** Instances above the wanted count; without any, and none missing, no deploy could go on, so then it is one. */
    int surge(int wanted, Policy policy) {
        if (surge == null) {
            return policy.surge(wanted);
        }
        return unavailable > 0 ? surge : Math.max(1, surge);
    }

    /** How many instances serve at least during a change. */
    int promised(int wanted) {
        return Math.max(0, wanted - unavailable);
    }

    /** The bake time in ms. */
    long bakeMs(Policy policy) {
        return bakeSeconds == null ? policy.bake().toMillis() : bakeSeconds * 1000L;
    }

    /** What is wrong with the columns, "" when nothing is. */
    String fault() {
        if (surge != null && (surge < 0 || surge > MAX_INSTANCES)) {
            return "surge is " + surge + ": give 0 to " + MAX_INSTANCES + ", or null for the server's default";
        }
        if (unavailable < 0 || unavailable > MAX_INSTANCES) {
            return "unavailable is " + unavailable + ": give 0 to " + MAX_INSTANCES;
        }
        if (bakeSeconds != null && (bakeSeconds < 0 || bakeSeconds > MAX_BAKE_SECONDS)) {
            return "bake_seconds is " + bakeSeconds + ": give 0 to " + MAX_BAKE_SECONDS
                    + ", or null for the server's default";
        }
        return "";
    }
}
