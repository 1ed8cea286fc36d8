package io.dinp.router;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.testing.TestList;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.platform.suite.api.SelectClasses;

/** The list of what the router promises names tests that exist, and all of those of its data plane, which run against the started daemon too. */
class ConformanceListTest {
    private static final String DATA_PLANE = "io.dinp.router.netty";

    /** An event loop's turns and books that only the process itself can see; routers that are changed, replaced and attacked within one process; and the daemon's own. */
    private static final Set<String> NOT_TWICE =
            Set.of("AcceptTest", "AppNumbersTest", "ChurnTest", "FuzzTest", "StartedDaemonIT", "TakeoverTest");

    private final TestList list = new TestList(Path.of("..", "docs", "router-conformance.md"), "");

    ConformanceListTest() throws IOException {}

    @Test
    void eachPromiseHasTestsThatExist() {
        assertTrue(list.rows().size() > 40, "promises: " + list.rows().size());
        assertEquals(List.of(), list.faults());
    }

    @Test
    void everyTestOfTheDataPlaneIsInTheList() {
        assertEquals(Set.of(), list.unlisted(DATA_PLANE));
    }

    @Test
    void everyClassOfThemIsRunAgainstTheStartedDaemon() throws ClassNotFoundException {
        Class<?> suite = Class.forName(DATA_PLANE + ".ConformanceIT");
        NavigableSet<String> missed = list.classes(DATA_PLANE);
        Arrays.stream(suite.getAnnotation(SelectClasses.class).value())
                .map(Class::getSimpleName)
                .forEach(missed::remove);
        assertEquals(NOT_TWICE, missed);
    }
}
