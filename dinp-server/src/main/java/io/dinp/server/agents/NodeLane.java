package io.dinp.server.agents;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

/** The orders for one node: a few at once, the rest wait in line. A node that hangs fills its own lane only. */
final class NodeLane {

    private final Executor threads;
    private final int atOnce;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int running;

    NodeLane(Executor threads, int atOnce) {
        this.threads = threads;
        this.atOnce = atOnce;
    }

    synchronized void add(Runnable order) {
        if (running < atOnce) {
            running++;
            threads.execute(() -> run(order));
        } else {
            waiting.add(order);
        }
    }

    private void run(Runnable order) {
        try {
            order.run();
        } finally {
            next();
        }
    }

    private synchronized void next() {
        Runnable order = waiting.poll();
        if (order == null) {
            running--;
        } else {
            threads.execute(() -> run(order));
        }
    }
}
