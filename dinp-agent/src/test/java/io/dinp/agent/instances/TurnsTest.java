package io.dinp.agent.instances;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.testing.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** So many at once, and the others later. */
class TurnsTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final Turns turns = new Turns(2);
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private final CountDownLatch release = new CountDownLatch(1);

    private Thread start(String name, AtomicBoolean wanted) {
        Thread thread = new Thread(
                () -> {
                    try {
                        if (turns.begin(wanted::get)) {
                            inside.incrementAndGet();
                            release.await();
                            turns.end();
                            done.incrementAndGet();
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                name);
        thread.start();
        return thread;
    }

    private static long waiting(List<Thread> threads) {
        return threads.stream()
                .filter(thread -> thread.getState() == Thread.State.TIMED_WAITING)
                .count();
    }

    @Test
    void theOthersWaitUntilATurnIsGivenBack() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            threads.add(start("starter-" + i, new AtomicBoolean(true)));
        }
        Await.until(SOON, "two are at it and three wait", () -> inside.get() == 2 && waiting(threads) == 3);
        release.countDown();
        for (Thread thread : threads) {
            thread.join(SOON.toMillis());
        }
        assertEquals(5, done.get());
        assertEquals(5, inside.get());
    }

    @Test
    void whoIsNotWantedAnyMoreGivesUp() throws InterruptedException {
        assertTrue(turns.begin(() -> true));
        assertTrue(turns.begin(() -> true));
        AtomicBoolean wanted = new AtomicBoolean(true);
        Thread waiting = start("starter", wanted);
        Await.until(SOON, "it waits", () -> waiting.getState() == Thread.State.TIMED_WAITING);
        wanted.set(false);
        waiting.join(SOON.toMillis());
        assertFalse(waiting.isAlive());
        assertEquals(0, inside.get());
    }
}
