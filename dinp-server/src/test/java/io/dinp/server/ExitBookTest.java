package io.dinp.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.server.agents.Agents;
import io.dinp.server.core.Action;
import io.dinp.server.core.Event;
import io.dinp.server.core.Exit;
import io.dinp.server.core.Failure;
import io.dinp.server.core.KeptExit;
import io.dinp.server.core.KeptFailure;
import io.dinp.server.core.NodeView;
import io.dinp.server.core.Plan;
import io.dinp.server.core.Progress;
import io.dinp.server.core.RealState;
import io.dinp.server.state.OrderResult;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExitBookTest {
    private static final int NODES = 100;

    private final AtomicLong clock = new AtomicLong(1_000);
    private final Asked agents = new Asked();
    private final Kept kept = new Kept();
    private final FailureBook failures = new FailureBook(Map.of());
    private final ExitBook book = new ExitBook(agents, failures, clock::get);

    /** Agents that answer when the test says so. */
    private static final class Asked implements Agents {
        final Map<String, Consumer<List<String>>> outputs = new LinkedHashMap<>();

        @Override
        public void send(Action action, int agentPort, LongSupplier until, Consumer<OrderResult> done) {
            throw new AssertionError("no order is given here");
        }

        @Override
        public void logs(String node, int agentPort, String instance, Consumer<List<String>> done) {
            outputs.put(instance, done);
        }
    }

    private static final class Kept implements ExitBook.Keeper {
        final List<KeptExit> exits = new ArrayList<>();
        final List<KeptFailure> failures = new ArrayList<>();
        final List<Event> events = new ArrayList<>();
        boolean room = true;

        @Override
        public boolean keep(KeptExit exit) {
            return room && exits.add(exit);
        }

        @Override
        public void keep(KeptFailure failure, Event event) {
            failures.add(failure);
            events.add(event);
        }
    }

    private static String ip(int node) {
        return "10.0.0." + node;
    }

    private static Exit exit(String instance, int node) {
        return new Exit("demo", instance, ip(node), "r1", 1_000, "exit", "exited with code 3", 3, false);
    }

    private static Failure failure(String instance) {
        return new Failure("demo", "r1", 1_000, "exit", "exited with code 3", ip(1), instance, 3, false);
    }

    private void take(List<Failure> failed, List<Exit> exits) {
        TreeMap<String, NodeView> nodes = new TreeMap<>();
        IntStream.rangeClosed(1, NODES)
                .forEach(i -> nodes.put(
                        ip(i), new NodeView(ip(i), 1971, true, 0, 0, 1024, 0, 1024, Set.of(), Map.of(), 0, List.of())));
        Plan plan = new Plan(
                List.of(),
                Optional.empty(),
                Progress.start(new TreeMap<>()),
                List.of(),
                Map.of(),
                Set.of(),
                List.of(),
                failed,
                exits,
                List.of(),
                false,
                0,
                0);
        book.take(plan, new RealState(0, NODES, nodes), kept);
    }

    @Test
    void anEndIsKeptAtOnceAndOnceMoreWithItsOutput() {
        take(List.of(), List.of(exit("i1", 1)));
        assertEquals(List.of(new KeptExit(exit("i1", 1), List.of())), kept.exits);
        assertTrue(book.needs("i1"));

        agents.outputs.get("i1").accept(List.of("one", "two"));
        assertEquals(new KeptExit(exit("i1", 1), List.of("one", "two")), kept.exits.get(1));
        assertFalse(book.needs("i1"));
        assertEquals(List.of(), kept.failures, "no deploy failed");
    }

    @Test
    void aFailedDeployGetsTheOutputToo() {
        take(List.of(failure("i1")), List.of(exit("i1", 1)));
        assertTrue(failures.of("demo", "r1").orElseThrow().log().isEmpty());

        agents.outputs.get("i1").accept(List.of("one", "two"));
        KeptFailure told = new KeptFailure(failure("i1"), List.of("one", "two"));
        assertEquals(told, failures.of("demo", "r1").orElseThrow());
        assertEquals(List.of(told), kept.failures);
        assertEquals("one | two", kept.events.get(0).reason());
    }

    @Test
    void anInstanceWaitsForItsOutputTenSecondsAtMost() {
        List<String> orders = new ArrayList<>();
        take(List.of(), List.of(exit("i1", 1), exit("i2", 1)));
        book.then("i1", () -> orders.add("stop i1"));
        book.then("i2", () -> orders.add("stop i2"));
        book.then("i3", () -> orders.add("stop i3"));
        assertEquals(List.of("stop i3"), orders, "of i3 nothing is to come");

        agents.outputs.get("i2").accept(List.of());
        assertEquals(List.of("stop i3", "stop i2"), orders);
        clock.addAndGet(9_999);
        book.release();
        assertTrue(book.needs("i1"));
        clock.addAndGet(1);
        assertFalse(book.needs("i1"));
        book.release();
        assertEquals(List.of("stop i3", "stop i2", "stop i1"), orders);
        agents.outputs.get("i1").accept(List.of("late"));
        assertEquals(3, orders.size(), "given once");
    }

    @Test
    void nothingIsAskedOfANodeThatIsGone() {
        take(List.of(), List.of(exit("i1", NODES + 1)));
        assertEquals(1, kept.exits.size());
        assertFalse(book.needs("i1"));
    }

    @Test
    void aFloodIsBoundedInRowsAndInOutputs() {
        List<Exit> flood = IntStream.range(0, 5_000)
                .mapToObj(i -> exit("i" + i, 1 + i % NODES))
                .toList();
        take(List.of(), flood);
        assertEquals(500, kept.exits.size());
        assertEquals(256, agents.outputs.size());

        clock.addAndGet(1_000);
        take(List.of(), flood.subList(1_000, 2_000));
        assertEquals(550, kept.exits.size());
        take(List.of(failure("f1")), List.of(exit("f1", 1)));
        assertTrue(agents.outputs.containsKey("f1"), "what a deploy failed for is asked for all the same");
    }

    @Test
    void oneNodeIsNotAskedForEverything() {
        take(List.of(), IntStream.range(0, 50).mapToObj(i -> exit("i" + i, 1)).toList());
        assertEquals(16, agents.outputs.size());
        new HashSet<>(agents.outputs.keySet())
                .forEach(instance -> agents.outputs.get(instance).accept(List.of("x")));
        take(List.of(), List.of(exit("later", 1)));
        assertTrue(agents.outputs.containsKey("later"));
    }

    @Test
    void whatCannotBeStoredIsNotFetched() {
        kept.room = false;
        take(List.of(), List.of(exit("i1", 1)));
        assertTrue(agents.outputs.isEmpty());
    }

    @Test
    void nothingIsKeptOfAnAppThatIsGone() {
        take(List.of(failure("i1")), List.of());
        assertTrue(failures.of("demo", "r1").isPresent());
        assertTrue(failures.of("demo", "r2").isEmpty());
        failures.forget("demo");
        assertTrue(failures.of("demo", "r1").isEmpty());
    }
}
