package io.dinp.server.core;

import java.time.Duration;

/**
 * The operator's choices that bear on decisions.
 *
 * @param interval of heartbeats
 * @param staleIntervals beats that must be missing before a node is lost
 * @param drain longest wait for routers and for requests under way before an instance stops
 * @param grace between SIGTERM and SIGKILL
 * @param minUnrouted shortest time between the end of a route and the stop
 * @param surgePercent instances above the wanted count during a change, of that count; at least one
 * @param bake how long a new instance has to serve before an old one goes for it
 * @param rolloutDeadline time without progress after which a target is given up
 * @param maxActions orders a plan may hold
 * @param spreadLabel label of nodes over which an app is spread first, "" for none
 */
public record Policy(
        Duration interval,
        int staleIntervals,
        Duration drain,
        Duration grace,
        Duration minUnrouted,
        int surgePercent,
        Duration bake,
        Duration rolloutDeadline,
        int startupSeconds,
        int maxActions,
        String spreadLabel,
        String healthSign,
        String scribeIp,
        int scribePort) {

    /** How long a sick instance may go on when nothing can take its place. */
    static final long SICK_LIMIT_MS = 30_000;

    long staleMs() {
        return interval.toMillis() * staleIntervals;
    }

    /** A beat and half another: one was missed. */
    long suspectMs() {
        return interval.toMillis() * 3 / 2;
    }

    int surge(int instances) {
        return Math.max(1, instances * surgePercent / 100);
    }
}
