package io.dinp.router.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.model.HostPort;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTableTest {
    private static final HostPort ONE = new HostPort("10.0.0.1", 80);
    private static final HostPort TWO = new HostPort("10.0.0.2", 80);
    private static final HostPort THREE = new HostPort("10.0.0.3", 80);

    private final RouteTable table = RouteTable.EMPTY
            .edit()
            .endpoints("a.apps.io", List.of(ONE, TWO))
            .endpoints("own.org", List.of(TWO))
            .cname("www.org", Optional.of("a.apps.io"))
            .cname("own.org", Optional.of("a.apps.io"))
            .cname("idle.org", Optional.of("idle.apps.io"))
            .cname("lost.org", Optional.of("lost.apps.io"))
            .apps(Set.of("a.apps.io", "idle.apps.io", "www.org", "idle.org"))
            .build();

    @ParameterizedTest
    @CsvSource({"a.apps.io,2", "www.org,2", "own.org,1", "idle.apps.io,0", "idle.org,0", "lost.org,-1", "x.org,-1"})
    void looksUpByOwnKeyThenByCustomDomain(String host, int endpoints) {
        assertEquals(
                endpoints,
                table.lookup(host).map(route -> route.endpoints().size()).orElse(-1));
    }

    @Test
    void editsACopyAndKeepsWhatDidNotChange() {
        RouteTable next = table.edit()
                .endpoints("own.org", List.of())
                .app("idle.apps.io", false)
                .build();
        assertSame(table.routes().get("a.apps.io"), next.routes().get("a.apps.io"));
        assertTrue(next.lookup("own.org").orElseThrow().endpoints().contains(ONE), "its custom domain shows now");
        assertTrue(next.lookup("idle.apps.io").isEmpty());
        assertEquals(1, table.lookup("own.org").orElseThrow().endpoints().size());
        assertTrue(table.leadsTo(TWO)
                && !next.edit().endpoints("a.apps.io", List.of(ONE)).build().leadsTo(TWO));
    }

    @Test
    void saysWhatHasChangedSinceAnotherTable() {
        RouteTable next = table.edit()
                .endpoints("a.apps.io", List.of(TWO))
                .endpoints("b.apps.io", List.of(THREE))
                .cname("www.org", Optional.empty())
                .build();
        assertEquals(
                new TableDiff(Set.of("a.apps.io", "b.apps.io"), Set.of("www.org"), Set.of(ONE), Set.of(THREE)),
                next.since(table));
        assertEquals(
                new TableDiff(Set.of("a.apps.io", "b.apps.io"), Set.of("www.org"), Set.of(THREE), Set.of(ONE)),
                table.since(next));
        assertEquals(new TableDiff(Set.of(), Set.of(), Set.of(), Set.of()), table.since(table));
    }

    @Test
    void staysTheSameTableWhenNothingChanges() {
        assertSame(
                table,
                table.edit()
                        .endpoints("a.apps.io", List.of(ONE, TWO))
                        .cname("www.org", Optional.of("a.apps.io"))
                        .app("idle.apps.io", true)
                        .retain(Set.of("a.apps.io", "own.org"), Set.of("www.org", "own.org", "idle.org", "lost.org"))
                        .build());
    }

    @Test
    void agreesWithAPlainMapAfterThousandsOfChanges() {
        for (long seed = 1; seed <= 20; seed++) {
            Random random = new Random(seed);
            Map<String, List<HostPort>> plain = new HashMap<>();
            RouteTable present = RouteTable.EMPTY;
            for (int step = 0; step < 200; step++) {
                Map<String, List<HostPort>> before = Map.copyOf(plain);
                RouteTable.Editor editor = present.edit();
                for (int i = random.nextInt(8); i >= 0; i--) {
                    changeOne(random, plain, editor);
                }
                RouteTable next = editor.build();
                agree("seed " + seed, plain, next);
                assertEquals(plainDiff(before, plain), next.since(present), "seed " + seed);
                present = next;
            }
        }
    }

    private static void changeOne(Random random, Map<String, List<HostPort>> plain, RouteTable.Editor editor) {
        String host = "app" + random.nextInt(50) + ".apps.io";
        List<HostPort> endpoints = random.ints(random.nextInt(4), 1, 40)
                .distinct()
                .mapToObj(port -> new HostPort("10.0.0.1", port))
                .toList();
        editor.endpoints(host, endpoints);
        if (endpoints.isEmpty()) {
            plain.remove(host);
        } else {
            plain.put(host, endpoints);
        }
    }

    private static void agree(String seed, Map<String, List<HostPort>> plain, RouteTable table) {
        Map<String, List<HostPort>> read = new HashMap<>();
        table.routes().forEach((host, route) -> read.put(host, route.endpoints()));
        assertEquals(plain, read, seed);
        assertEquals(plain.size(), table.routes().size(), seed);
        Set<HostPort> led = endpoints(plain);
        for (int port = 1; port < 40; port++) {
            HostPort endpoint = new HostPort("10.0.0.1", port);
            assertEquals(led.contains(endpoint), table.leadsTo(endpoint), seed);
        }
    }

    private static TableDiff plainDiff(Map<String, List<HostPort>> before, Map<String, List<HostPort>> after) {
        Set<String> hosts = new HashSet<>(before.keySet());
        hosts.addAll(after.keySet());
        hosts.removeIf(host -> Objects.equals(before.get(host), after.get(host)));
        Set<HostPort> gone = new HashSet<>(endpoints(before));
        gone.removeAll(endpoints(after));
        Set<HostPort> came = new HashSet<>(endpoints(after));
        came.removeAll(endpoints(before));
        return new TableDiff(hosts, Set.of(), gone, came);
    }

    private static Set<HostPort> endpoints(Map<String, List<HostPort>> routes) {
        return routes.values().stream().flatMap(List::stream).collect(Collectors.toSet());
    }

    @ParameterizedTest
    @CsvSource({
        // known epoch, known version, epoch, version, full due, plan
        "'',  0, ,   0, false, EVERYTHING",
        "'',  0, e1, 0, false, HOLD",
        "'',  0, e1, 4, false, EVERYTHING",
        "e1,  5, ,   0, true,  HOLD",
        "e1,  5, e1, 5, false, NOTHING",
        "e1,  5, e1, 5, true,  EVERYTHING",
        "e1,  5, e1, 6, false, CHANGES",
        "e1,  5, e1, 4, false, HOLD",
        "e1,  5, e1, 4, true,  HOLD",
        "e1,  5, e2, 4, false, EVERYTHING",
        "e1,  5, e2, 0, false, HOLD",
        "e1,  5, e2, 1, false, EVERYTHING",
    })
    void plansWhatToRead(String known, long version, String epoch, long now, boolean due, ReadPlan plan) {
        TableState state = new TableState(known, version, table);
        assertEquals(plan, ReadPlan.of(state, Optional.ofNullable(epoch), now, due));
    }

    @ParameterizedTest
    @CsvSource({
        // epoch and version before the keys were read, and behind them
        "'',  0, ,   0, true",
        "e1,  5, e1, 5, true",
        "e1,  5, e1, 6, true",
        "e1,  5, e1, 4, false",
        "e1,  5, ,   0, false",
        "e1,  5, e2, 6, false",
        "'',  0, e1, 1, false",
    })
    void believesKeysOnlyOfARedisThatIsStillTheSame(
            String epoch, long version, String epochThen, long versionThen, boolean believed) {
        TableState read = new TableState(epoch, version, table);
        assertEquals(believed, ReadPlan.isBelieved(read, Optional.ofNullable(epochThen), versionThen));
    }

    @Test
    void believesWellFormedEntriesOnly() {
        EntryRules rules = new EntryRules("Apps.io", Set.of("dash.example.org"));
        List<String> problems = new ArrayList<>();
        assertEquals(
                List.of(ONE, TWO),
                rules.endpoints(
                        List.of(
                                "10.0.0.1:80",
                                "x",
                                "10.0.0.256:80",
                                "10.0.0.1:0",
                                "::1:80",
                                "10.0.0.2:80",
                                "10.0.0.1:80"),
                        problems::add));
        assertEquals(4, problems.size(), problems.toString());
        assertEquals(Optional.of("demo_1.apps.io"), rules.host("Demo_1.Apps.io."));
        assertEquals(Optional.empty(), rules.host("a b"));
        assertFalse(rules.isForeign("apps.io") || rules.isForeign("x.apps.io") || rules.isForeign("dash.example.org"));
        assertTrue(rules.isForeign("xapps.io"));
    }
}
