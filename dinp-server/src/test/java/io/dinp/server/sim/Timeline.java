package io.dinp.server.sim;

import java.util.PriorityQueue;

/**
 * Time that only moves from one event to the next, and the queue of those events. A caller that waits in the middle of its
 * work lets the others go on meanwhile, so that one thread shows what many would.
 */
final class Timeline {

    private final PriorityQueue<Due> queue = new PriorityQueue<>();
    private final Runnable afterEach;
    private long now;
    private long number;
    private long events;

    private record Due(long at, long number, Runnable work) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            return at == other.at ? Long.compare(number, other.number) : Long.compare(at, other.at);
        }
    }

    /**
     * Time that begins at a moment.
     *
     * @param afterEach run after each event
     */
    Timeline(long start, Runnable afterEach) {
        this.now = start;
        this.afterEach = afterEach;
    }

    /** Epoch ms. */
    long now() {
        return now;
    }

    /** How many events there have been. */
    long events() {
        return events;
    }

    /** Has work done some ms from now; what is due at the same time is done in the order of the calls. */
    void after(long ms, Runnable work) {
        queue.add(new Due(now + Math.max(0, ms), number++, work));
    }

    /** Does all that is due within some ms; may be called by work that is being done. */
    void pass(long ms) {
        long end = now + ms;
        while (!queue.isEmpty() && queue.peek().at <= end) {
            Due due = queue.poll();
            now = Math.max(now, due.at);
            events++;
            due.work.run();
            afterEach.run();
        }
        now = Math.max(now, end);
    }
}
