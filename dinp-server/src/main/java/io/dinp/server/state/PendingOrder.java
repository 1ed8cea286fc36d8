package io.dinp.server.state;

import io.dinp.server.core.Action;
import io.dinp.server.core.Instance;

/**
 * An order that no report of its node has confirmed yet. A report may have been composed before the order arrived, so
 * only one that comes a while after the answer proves that the order is lost.
 */
final class PendingOrder {

    private static final long CROSSING_MS = 2_000;
    private static final long UNKNOWN_MS = 15_000;
    private static final long RETRY_MS = 1_000;
    private static final long FORGOTTEN_MS = 60_000;

    private final Action action;
    private final long sentAt;
    private OrderResult result;
    private long settledAt;

    PendingOrder(Action action, long sentAt) {
        this.action = action;
        this.sentAt = sentAt;
    }

    Action action() {
        return action;
    }

    boolean isStart() {
        return action instanceof Action.Start;
    }

    /** True when a report that lacks its effect may only be older than the order. */
    boolean brings() {
        return isStart() || action instanceof Action.Pull;
    }

    void settle(OrderResult how, long now) {
        result = how;
        settledAt = now;
    }

    /** True when the order must be taken as lost, if a report of now does not show its effect. */
    boolean lost(long now) {
        if (result instanceof OrderResult.Accepted) {
            return now - settledAt > (brings() ? CROSSING_MS : CROSSING_MS * 5);
        }
        if (!brings() && result != null) {
            return now - settledAt > RETRY_MS;
        }
        return now - sentAt > UNKNOWN_MS;
    }

    /**
     * True when nobody knows whether the start has arrived and its node has not been heard since: waiting for such a node's next
     * report would hold up what another node can bring at once. Should the instance appear after all, it is one too many and goes.
     *
     * @param lastSeen the node's last beat
     * @param patienceMs silence after which it is not waited for
     */
    boolean hopeless(long lastSeen, long patienceMs, long now) {
        return isStart() && result instanceof OrderResult.Unknown && lastSeen < sentAt && now - lastSeen > patienceMs;
    }

    /**
     * True when it may be given up although its node has said nothing since: a removal that was refused is tried again, and what
     * should bring something has been kept for long enough. A removal that may have been done waits for a beat, because until then
     * the last report shows an instance that may be gone, and a route would lead nowhere, or to who has its port next.
     */
    boolean expired(long now) {
        if (brings()) {
            return now - sentAt > FORGOTTEN_MS;
        }
        return result instanceof OrderResult.Refused && lost(now);
    }

    /** The instance that a start will bring. */
    Instance instance() {
        return Instance.ordered((Action.Start) action);
    }
}
