package io.dinp.dash.core;

/**
 * How an app wants its deploys to be rolled and its instances to be placed.
 *
 * @param surge instances above the wanted count during a deploy, null for the server's share
 * @param unavailable instances that may be missing during a deploy
 * @param bakeSeconds how long a new instance has to serve before an old one goes for it, null for the server's default
 * @param constraints labels that its nodes must have or must not have, as {@link io.dinp.common.model.Constraints} reads them
 */
public record RolloutWish(Integer surge, int unavailable, Integer bakeSeconds, String constraints) {
    /** A row that leaves it all to the server. */
    public static final RolloutWish DEFAULT = new RolloutWish(null, 0, null, "");

    /** Whether no instance could ever be replaced: none may be added and none may be missing. */
    public boolean isStuck() {
        return surge != null && surge == 0 && unavailable == 0;
    }
}
