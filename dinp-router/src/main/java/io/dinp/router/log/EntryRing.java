package io.dinp.router.log;

import io.dinp.router.core.AccessLog;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** A bounded queue from the event loops to one writer, without a lock: when the writer is behind, entries are refused, never waited for. */
final class EntryRing {
    private final AtomicReferenceArray<AccessLog.Entry> slots;
    private final int mask;
    private final AtomicLong tail = new AtomicLong();
    private final AtomicLong head = new AtomicLong();

    /** @param capacity a power of two */
    EntryRing(int capacity) {
        slots = new AtomicReferenceArray<>(capacity);
        mask = capacity - 1;
    }

    /** Adds an entry from any thread; false when the ring is full. */
    boolean offer(AccessLog.Entry entry) {
        long at;
        do {
            at = tail.get();
            if (at - head.get() > mask) {
                return false;
            }
        } while (!tail.compareAndSet(at, at + 1));
        slots.setRelease((int) at & mask, entry);
        return true;
    }

    /** Takes the oldest entry, for one thread; null when there is none. */
    AccessLog.Entry poll() {
        long at = head.get();
        int slot = (int) at & mask;
        AccessLog.Entry entry = slots.getAcquire(slot);
        if (entry != null) {
            slots.setRelease(slot, null);
            head.lazySet(at + 1);
        }
        return entry;
    }
}
