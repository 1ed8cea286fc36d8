package io.dinp.router.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.model.HostPort;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableTextTest {
    private static final long HOUR = 3_600_000;
    private static final HostPort ONE = new HostPort("10.0.0.1", 80);
    private static final HostPort TWO = new HostPort("10.0.0.2", 81);
    private static final StoredTable STORED = new StoredTable(
            "r1",
            1_700_000_000_000L,
            new TableState(
                    "e1",
                    42,
                    RouteTable.EMPTY
                            .edit()
                            .endpoints("a.apps.io", List.of(ONE, TWO))
                            .endpoints("b.apps.io", List.of(TWO))
                            .cname("www.org", Optional.of("a.apps.io"))
                            .app("idle.apps.io", true)
                            .build()));

    private static String text(StoredTable table) {
        StringBuilder out = new StringBuilder();
        try {
            TableText.write(table, out);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toString();
    }

    private static StoredTable read(String text, String... changes) {
        return TableText.read(text.lines().iterator(), List.of(changes));
    }

    private static String[] changes(RouteTable.Editor edited) {
        RouteTable next = edited.build();
        TableDiff diff = next.since(STORED.state().table());
        return TableText.changes(new TableState("e2", 43, next), diff).toArray(String[]::new);
    }

    private static String mark(StoredTable stored) {
        return stored.state().epoch() + " " + stored.state().version();
    }

    @Test
    void comesBackAsItWas() {
        StoredTable back = read(text(STORED));
        assertEquals(STORED.router() + STORED.atMillis(), back.router() + back.atMillis());
        assertEquals("e1 42", mark(back));
        RouteTable table = back.state().table();
        assertEquals(
                new TableDiff(Set.of(), Set.of(), Set.of(), Set.of()),
                table.since(STORED.state().table()));
        assertEquals(List.of(ONE, TWO), table.lookup("www.org").orElseThrow().endpoints());
        assertTrue(table.lookup("idle.apps.io").orElseThrow().endpoints().isEmpty());
        assertTrue(read(text(new StoredTable("r1", 1, TableState.NOTHING)))
                .state()
                .table()
                .isEmpty());
    }

    @Test
    void isAsItWasAfterTheChanges() {
        RouteTable next = STORED.state()
                .table()
                .edit()
                .endpoints("a.apps.io", List.of(ONE))
                .endpoints("b.apps.io", List.of())
                .endpoints("c.apps.io", List.of(TWO))
                .app("c.apps.io", true)
                .app("idle.apps.io", false)
                .cname("www.org", Optional.empty())
                .cname("c.org", Optional.of("c.apps.io"))
                .build();
        RouteTable back = read(text(STORED), changes(next.edit())).state().table();
        assertEquals(new TableDiff(Set.of(), Set.of(), Set.of(), Set.of()), back.since(next));
        assertEquals(List.of(ONE), back.lookup("a.apps.io").orElseThrow().endpoints());
        assertTrue(back.lookup("b.apps.io").isEmpty()
                && back.lookup("idle.apps.io").isEmpty());
        assertTrue(back.lookup("www.org").isEmpty());
        assertEquals(List.of(TWO), back.lookup("c.org").orElseThrow().endpoints());
    }

    @Test
    void doesNotCountALastChangeThatIsCutOffAndIsRefusedWhenAnotherOneIs() {
        String[] changes = changes(STORED.state().table().edit().endpoints("b.apps.io", List.of(ONE)));
        String route = changes[0];
        for (int length = 0; length < route.length(); length++) {
            String cut = route.substring(0, length);
            RouteTable table = read(text(STORED), cut).state().table();
            assertEquals(List.of(TWO), table.lookup("b.apps.io").orElseThrow().endpoints(), cut);
            assertThrows(IllegalArgumentException.class, () -> read(text(STORED), cut, route), cut);
        }
        RouteTable whole = read(text(STORED), route).state().table();
        assertEquals(List.of(ONE), whole.lookup("b.apps.io").orElseThrow().endpoints());
    }

    @Test
    void isOfTheVersionOfItsLastChangeAndOfTheEarlierOneWhenThatIsCutOff() {
        String[] changes = changes(STORED.state().table().edit().endpoints("b.apps.io", List.of(ONE)));
        assertEquals("e2 43", mark(read(text(STORED), changes)));
        String last = changes[changes.length - 1];
        for (int length = 0; length < last.length(); length++) {
            changes[changes.length - 1] = last.substring(0, length);
            StoredTable back = read(text(STORED), changes);
            assertEquals("e1 42", mark(back), last.substring(0, length));
            assertEquals(
                    List.of(ONE),
                    back.state().table().lookup("b.apps.io").orElseThrow().endpoints());
        }
        assertEquals(
                "e2 43", mark(read(text(STORED), changes(STORED.state().table().edit()))));
    }

    @Test
    void isNeverTakenForTheWholeWhenItIsCutOffAnywhere() {
        String text = text(STORED);
        for (int length = 0; length < text.length() - 1; length++) {
            String cut = text.substring(0, length);
            assertThrows(IllegalArgumentException.class, () -> read(cut), cut);
        }
    }

    @Test
    void isRefusedWhenAnyByteIsAnother() {
        String text = text(STORED);
        Random random = new Random(7);
        for (int i = 0; i < text.length() - 1; i++) {
            StringBuilder changed = new StringBuilder(text);
            changed.setCharAt(i, (char) (text.charAt(i) ^ (1 + random.nextInt(15))));
            assertThrows(RuntimeException.class, () -> read(changed.toString()), changed.toString());
        }
        assertThrows(IllegalArgumentException.class, () -> read(text + text));
    }

    @ParameterizedTest
    @CsvSource({
        "r1, 0, ''",
        "r1, 24, ''",
        "r1, 25, it is 25 h old",
        "r2, 0, it is the table of router r1",
        "r1, -1, it is from the future"
    })
    void isNotServedByWhenItsPortsMayBelongToOthers(String self, long hoursLater, String objection) {
        Optional<String> said = STORED.objection(self, STORED.atMillis() + hoursLater * HOUR);
        assertEquals(objection.isEmpty(), said.isEmpty());
        assertTrue(said.orElse("").startsWith(objection), said.orElse(""));
    }
}
