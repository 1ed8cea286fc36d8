package io.dinp.common.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.testing.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** How a daemon's parts live: lifecycle, health, retries and loops. */
class LifeTest {
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration HOUR = Duration.ofHours(1);

    private final List<String> done = new CopyOnWriteArrayList<>();

    @Test
    void partsStopInReverseAndAFailureStopsNoOther() {
        Lifecycle life = new Lifecycle();
        life.own("first", () -> done.add("first"));
        life.own("second", () -> {
            throw new IOException("second");
        });
        life.own("third", () -> done.add("third"));
        life.stop();
        life.stop();
        assertEquals(List.of("third", "first"), done);
    }

    @Test
    void aPartThatComesTooLateIsClosedAtOnce() {
        Lifecycle life = new Lifecycle();
        life.stop();
        life.own("late", () -> done.add("late"));
        assertEquals(List.of("late"), done);
    }

    @Test
    void aPartThatHangsDelaysNoLongerThanTheDeadline() {
        Lifecycle life = new Lifecycle();
        life.stopDeadline(Duration.ofMillis(50));
        CountDownLatch never = new CountDownLatch(1);
        life.own("hangs", never::await);
        long begin = System.nanoTime();
        life.stop();
        assertTrue(System.nanoTime() - begin < SOON.toNanos());
        never.countDown();
    }

    @Test
    void healthTellsEachPartsReason() {
        Health health = new Health();
        assertEquals("ok", health.text());
        health.problem("redis", "refused");
        health.problem("mysql", "refused");
        health.problem("mysql", "silent");
        assertFalse(health.isOk());
        assertEquals("mysql: silent\nredis: refused", health.text());
        health.ok("redis");
        health.ok("mysql");
        assertTrue(health.isOk());
    }

    @Test
    void aRetryEndsWithSuccessAndClearsTheProblem() throws InterruptedException {
        Health health = new Health();
        AtomicInteger attempts = new AtomicInteger();
        String result = Retry.until("mysql", health, Duration.ofMillis(1), () -> {
            if (attempts.incrementAndGet() < 3) {
                throw new IOException("refused");
            }
            assertEquals("mysql: refused", health.text());
            return "done";
        });
        assertEquals("done", result);
        assertEquals(3, attempts.get());
        assertTrue(health.isOk());
    }

    @Test
    void aRetryIsInterruptible() throws Exception {
        ExecutorService daemon = Executors.newSingleThreadExecutor();
        Health health = new Health();
        Future<String> waiting = daemon.submit(() -> Retry.until("mysql", health, HOUR, () -> {
            throw new IOException("refused");
        }));
        Await.until(SOON, "the first attempt failed", () -> !health.isOk());
        daemon.shutdownNow();
        ExecutionException end = assertThrows(ExecutionException.class, () -> waiting.get(5, TimeUnit.SECONDS));
        assertTrue(end.getCause() instanceof InterruptedException);
    }

    @Test
    void aLoopTicksAtOnceAndAtItsInterval() {
        AtomicInteger ticks = new AtomicInteger();
        try (Ticker ticker = new Ticker("loop", Duration.ofMillis(1), ticks::incrementAndGet)) {
            ticker.start();
            Await.until(SOON, "three ticks", () -> ticks.get() >= 3);
        }
    }

    @Test
    void aTickMayAskForTheNextOneSooner() throws InterruptedException {
        Semaphore ticks = new Semaphore(0);
        AtomicReference<Ticker> self = new AtomicReference<>();
        self.set(new Ticker("loop", HOUR, () -> {
            if (self.get() != null) {
                self.getAndSet(null).nextWithin(Duration.ofMillis(1));
            }
            ticks.release();
        }));
        try (Ticker ticker = self.get()) {
            ticker.start();
            assertTrue(ticks.tryAcquire(2, SOON.toSeconds(), TimeUnit.SECONDS), "the tick asked for");
            assertFalse(ticks.tryAcquire(100, TimeUnit.MILLISECONDS), "that was for one wait only");
        }
    }

    @Test
    void signalsDuringATickMakeOneMore() throws InterruptedException {
        AtomicInteger ticks = new AtomicInteger();
        Semaphore begun = new Semaphore(0);
        Semaphore go = new Semaphore(0);
        Ticker ticker = new Ticker("loop", HOUR, () -> {
            ticks.incrementAndGet();
            begun.release();
            go.acquireUninterruptibly();
        });
        try (ticker) {
            ticker.start();
            begun.acquire();
            ticker.signal();
            ticker.signal();
            ticker.signal();
            go.release();
            begun.acquire();
            go.release(2);
            assertFalse(begun.tryAcquire(100, TimeUnit.MILLISECONDS), "three signals are one tick");
        }
        assertEquals(2, ticks.get());
    }

    @Test
    void aTickThatThrowsEndsNothing() {
        AtomicInteger ticks = new AtomicInteger();
        Ticker ticker = new Ticker("loop", Duration.ofMillis(1), () -> {
            if (ticks.incrementAndGet() == 1) {
                throw new IllegalStateException("first");
            }
            if (ticks.get() == 2) {
                throw new StackOverflowError("second");
            }
        });
        try (ticker) {
            ticker.start();
            Await.until(SOON, "ticks behind the failures", () -> ticks.get() > 3);
        }
    }

    @Test
    void aTickThatLeavesItsThreadInterruptedEndsNothing() {
        AtomicInteger ticks = new AtomicInteger();
        Ticker ticker = new Ticker("loop", Duration.ofMillis(1), () -> {
            ticks.incrementAndGet();
            Thread.currentThread().interrupt();
        });
        try (ticker) {
            ticker.start();
            Await.until(SOON, "the loop goes on", () -> ticks.get() > 3);
        }
    }

    @Test
    void aClosedLoopTicksNoMore() {
        AtomicInteger ticks = new AtomicInteger();
        Ticker ticker = new Ticker("loop", Duration.ofMillis(1), ticks::incrementAndGet);
        ticker.start();
        Await.until(SOON, "a tick", () -> ticks.get() > 0);
        ticker.close();
        int after = ticks.get();
        ticker.signal();
        assertEquals(after, ticks.get());
    }
}
