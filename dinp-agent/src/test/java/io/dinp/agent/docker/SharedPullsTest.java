package io.dinp.agent.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.testing.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SharedPullsTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();
    private final Set<String> abandoned = ConcurrentHashMap.newKeySet();
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    private final ExecutorService callers = Executors.newCachedThreadPool();
    private final SharedPulls<String, Integer> pulls = new SharedPulls<>(2, this::pull);

    /** Answers its number once its gate opens. */
    private Integer pull(String key, BooleanSupplier gone) throws DockerAway, DockerRefused {
        int number = begun.incrementAndGet();
        running.incrementAndGet();
        try {
            Await.until(SOON, key, () -> gate(key).getCount() == 0 || gone.getAsBoolean());
        } finally {
            running.decrementAndGet();
        }
        if (gone.getAsBoolean()) {
            abandoned.add(key);
        }
        if (key.startsWith("away")) {
            throw new DockerAway("no engine", null);
        }
        if (key.startsWith("bug")) {
            throw new IllegalStateException("a bug");
        }
        return number;
    }

    private CountDownLatch gate(String key) {
        return gates.computeIfAbsent(key, k -> new CountDownLatch(1));
    }

    private Future<Integer> ask(String key, BooleanSupplier cancelled) {
        return callers.submit(() -> pulls.get(key, cancelled));
    }

    private Future<Integer> ask(String key) {
        return ask(key, () -> false);
    }

    @AfterEach
    void close() {
        pulls.close();
        callers.shutdownNow();
    }

    @Test
    void allWhoAskTogetherShareOneAndWhoAsksLaterBeginsAnother() throws Exception {
        List<Future<Integer>> ten = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            ten.add(ask("a"));
        }
        Await.until(SOON, "all wait", () -> pulls.wanters("a") == 10);
        gate("a").countDown();
        for (Future<Integer> one : ten) {
            assertEquals(1, one.get());
        }
        assertEquals(2, pulls.get("a", () -> false));
    }

    @Test
    void whoGoesLeavesItToTheOthers() throws Exception {
        AtomicBoolean first = new AtomicBoolean();
        Future<Integer> goes = ask("a", first::get);
        Future<Integer> stays = ask("a");
        Await.until(SOON, "both wait", () -> pulls.wanters("a") == 2);
        first.set(true);
        ExecutionException gone = assertThrows(ExecutionException.class, goes::get);
        assertEquals("pull a: cancelled", gone.getCause().getMessage());
        gate("a").countDown();
        assertEquals(1, stays.get());
        assertTrue(abandoned.isEmpty());
    }

    @Test
    void whenTheLastOneGoesItIsGivenUpAndAskedAnewByTheNext() throws Exception {
        AtomicBoolean cancelled = new AtomicBoolean();
        Future<Integer> a = ask("a", cancelled::get);
        Future<Integer> b = ask("a", cancelled::get);
        Await.until(SOON, "both wait", () -> pulls.wanters("a") == 2);
        cancelled.set(true);
        assertThrows(ExecutionException.class, a::get);
        assertThrows(ExecutionException.class, b::get);
        Await.until(SOON, "given up", () -> abandoned.contains("a"));
        gate("a").countDown();
        assertEquals(2, pulls.get("a", () -> false));
    }

    @Test
    void differentOnesAreBoundedAndWaitInLine() throws Exception {
        Future<Integer> a = ask("a");
        Future<Integer> b = ask("b");
        Await.until(SOON, "two run", () -> running.get() == 2);
        AtomicBoolean cancelled = new AtomicBoolean();
        Future<Integer> dropped = ask("dropped", cancelled::get);
        Await.until(SOON, "in line", () -> pulls.wanters("dropped") == 1);
        Future<Integer> c = ask("c");
        Await.until(SOON, "in line", () -> pulls.wanters("c") == 1);
        cancelled.set(true);
        assertThrows(ExecutionException.class, dropped::get);
        assertEquals(2, begun.get());
        gate("c").countDown();
        gate("a").countDown();
        a.get();
        assertEquals(3, c.get(), "the one that was dropped never began");
        gate("b").countDown();
        b.get();
    }

    @Test
    void aFailureIsEverybodys() {
        Future<Integer> one = ask("away");
        Future<Integer> other = ask("away");
        Await.until(SOON, "both wait", () -> pulls.wanters("away") == 2);
        gate("away").countDown();
        for (Future<Integer> asked : List.of(one, other)) {
            Throwable cause = assertThrows(ExecutionException.class, asked::get).getCause();
            assertInstanceOf(DockerAway.class, cause);
        }
        gate("bug").countDown();
        DockerRefused bug = assertThrows(DockerRefused.class, () -> pulls.get("bug", () -> false));
        assertTrue(bug.getMessage().contains("a bug"), bug.getMessage());
        assertEquals(0, pulls.wanters("bug"));
    }

    @Test
    void afterItsEndNothingIsTaken() {
        pulls.close();
        assertFalse(assertThrows(DockerRefused.class, () -> pulls.get("a", () -> false))
                .getMessage()
                .isEmpty());
    }
}
