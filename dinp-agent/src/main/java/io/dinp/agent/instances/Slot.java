package io.dinp.agent.instances;

import io.dinp.agent.core.Entry;
import io.dinp.agent.journal.Journal;
import io.dinp.common.model.InstanceState;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The current entry of one instance, on disk before anybody sees it, and the place where its worker waits for news. States in
 * between are not written: after a restart of the agent its container tells how far it had come.
 */
final class Slot {
    private static final Set<InstanceState> IN_BETWEEN =
            EnumSet.of(InstanceState.PULLING, InstanceState.CREATING, InstanceState.STARTING);

    private final Journal journal;
    private final Runnable changed;
    private Entry entry;
    private boolean busy;
    private boolean gone;
    private long news;

    /** Of an entry that is on disk. */
    Slot(Journal journal, Entry entry, Runnable changed) {
        this.journal = journal;
        this.entry = entry;
        this.changed = changed;
    }

    synchronized Entry entry() {
        return entry;
    }

    /** Puts the next entry in place of the expected one; false when something else has happened meanwhile. */
    synchronized boolean replace(Entry expected, Entry next) {
        return entry.equals(expected) && change(now -> next);
    }

    /** Applies the change; answers whether it made a difference. */
    synchronized boolean change(UnaryOperator<Entry> change) {
        Entry next = change.apply(entry);
        if (gone || next.equals(entry)) {
            return false;
        }
        if (!IN_BETWEEN.contains(next.state()) || next.port() != entry.port()) {
            journal.note(next);
        }
        show(next);
        return true;
    }

    /**
     * Applies a change that somebody has ordered and counts on.
     *
     * @throws java.io.UncheckedIOException when it cannot be put on disk; then nothing has changed
     */
    synchronized void order(UnaryOperator<Entry> change) {
        Entry next = change.apply(entry);
        if (!gone && !next.equals(entry)) {
            journal.write(next);
            show(next);
        }
    }

    private void show(Entry next) {
        Transitions.log(entry, next);
        entry = next;
        tell();
        changed.run();
    }

    /** Takes the instance out of the journal; it changes no more. */
    synchronized void forget() {
        journal.remove(entry.instance());
        gone = true;
        tell();
    }

    /** Whether it has been forgotten. */
    synchronized boolean gone() {
        return gone;
    }

    /** Says that a look at the container is due. */
    synchronized void tell() {
        news++;
        notifyAll();
    }

    /** A number that rises with all news. */
    synchronized long news() {
        return news;
    }

    /** Waits until there is newer news, at most for the limit; answers whether there is. */
    synchronized boolean awaitNews(long known, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (news == known) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    /** Becomes the caller's to work on; false when a worker is at it, who will notice the news. */
    synchronized boolean claim() {
        boolean free = !busy && !gone;
        busy |= free;
        return free;
    }

    /** Ends the work unless there was news since; answers whether it has ended. */
    synchronized boolean release(long known) {
        if (news != known && !gone) {
            return false;
        }
        busy = false;
        return true;
    }

    /** Ends the work whatever has happened. */
    synchronized void abandon() {
        busy = false;
    }
}
