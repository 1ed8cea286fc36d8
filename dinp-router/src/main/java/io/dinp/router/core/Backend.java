package io.dinp.router.core;

import io.dinp.common.model.HostPort;

/**
 * One endpoint as one event loop sees it: how many requests it has chosen it for, and whether it rests after a failure.
 *
 * <p>Confined to its loop. A request counts from the moment its endpoint is chosen, so that an endpoint that has left the table and has
 * nothing in flight will get nothing more.
 */
public class Backend {
    private static final long FIRST_REST = 1_000_000_000L;
    private static final long LONGEST_REST = 30 * FIRST_REST;

    private final HostPort address;
    private final int mostInFlight;
    private int inFlight;
    private boolean retired;
    private long rest;
    private long restUntil;

    /** @param mostInFlight how many requests it may hold on this loop, so that one slow app leaves room for the others */
    public Backend(HostPort address, int mostInFlight) {
        this.address = address;
        this.mostInFlight = mostInFlight;
    }

    public final HostPort address() {
        return address;
    }

    public final int inFlight() {
        return inFlight;
    }

    public final void enter() {
        inFlight++;
    }

    /** Ends one request; says whether that was the last one of an endpoint that no route leads to any more. */
    public final boolean leave() {
        inFlight--;
        return retired && inFlight == 0;
    }

    public final boolean isRetired() {
        return retired;
    }

    /** Tells whether the present table still leads here. */
    public final void retired(boolean gone) {
        retired = gone;
    }

    final boolean isFull() {
        return inFlight >= mostInFlight;
    }

    /** A connect failed, or a new connection ended without an answer: rest for 1 s, twice as long each time in a row, 30 s at most. */
    public void failed(long nowNanos) {
        rest = rest == 0 ? FIRST_REST : Math.min(rest * 2, LONGEST_REST);
        restUntil = nowNanos + rest;
    }

    /** It answers: the rest is over. */
    public final void answered() {
        rest = 0;
    }

    final boolean isResting(long nowNanos) {
        return rest > 0 && restUntil - nowNanos > 0;
    }

    /** When a rest has run out, one request tries; the others keep away until it has shown something. */
    final void chosen(long nowNanos) {
        if (rest > 0) {
            restUntil = nowNanos + rest;
        }
    }
}
